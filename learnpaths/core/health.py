"""Is this process alive, and can it do its work?

Upper apps add what they need with `register`; a check returns nothing when all is well and raises otherwise.
"""

from collections.abc import Callable, Collection

import structlog
from django.db import connection

from learnpaths.core import redis

Check = Callable[[], None]
_checks: dict[str, Check] = {}
log = structlog.get_logger(__name__)


def register(name: str, check: Check) -> None:
    """Make readiness depend on `check`, shown as `name`."""
    _checks[name] = check


def run(*, exclude: Collection[str] = ()) -> dict[str, str]:
    """Return "ok" or "failed" for each check; the reason of a failure goes to the log, not to strangers."""
    return {name: _outcome(name, check) for name, check in _checks.items() if name not in exclude}


def _outcome(name: str, check: Check) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong means "not ready"
        log.warning("readiness check failed", check=name, error=str(error))
        return "failed"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    redis.connection().ping()


register("database", _database)
register("broker", _broker)
