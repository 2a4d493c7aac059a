"""Fixtures of the whole suite: the database, the broker, the fixed cast. `tests.isolation` ran before the settings."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connections

from learnpaths.accounts.models import EDUCATORS
from learnpaths.catalog import selectors as catalog
from learnpaths.core import visitors
from tests.isolation import HAS_OWN_BROKER, STATE_DIR

pytest_plugins = ["tests.browser"]

PASSWORD = "correct-horse-battery-staple"
# Names that the site and its queues give to keys; a broker that is not ours is emptied of these only.
OUR_KEYS = (
    "submission:*",
    "worker:*",
    "kernel:*",
    "kernels:*",
    "cpu*",
    "gpu*",
    "tpu*",
    "default*",
    "_kombu*",
    "unacked*",
    ":1:*",
    "learnpaths:*",
)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A file instead of SQLite's memory: threads and a site in another process see it too."""
    configuration = connections["default"].settings_dict
    if configuration["ENGINE"].endswith("sqlite3"):
        configuration["TEST"]["NAME"] = str(STATE_DIR / "tests.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PASSWORD_HASHERS", ["tests.isolation.QuickHasher", *settings.PASSWORD_HASHERS])
        yield


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Each test begins as a new process does: no path and no page of an earlier test's rows in memory."""
    catalog.forget()
    visitors.forget()
    yield


@pytest.fixture(scope="session")
def broker() -> Iterator[redis.Redis]:
    """A client of the session's real broker."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def empty_broker(broker: redis.Redis) -> Iterator[None]:
    """Each test begins with an empty broker."""
    if HAS_OWN_BROKER:
        broker.flushdb()
    elif stale := [key for pattern in OUR_KEYS for key in broker.scan_iter(pattern, count=1000)]:
        broker.delete(*stale)
    yield


@pytest.fixture
def password() -> str:
    """The password of everyone in the cast."""
    return PASSWORD


@pytest.fixture
def alice(db):
    """A learner."""
    return get_user_model().objects.create_user(email="alice@example.org", password=PASSWORD)


@pytest.fixture
def bob(db):
    """An educator."""
    bob = get_user_model().objects.create_user(email="bob@example.org", password=PASSWORD)
    bob.groups.add(Group.objects.get_or_create(name=EDUCATORS)[0])
    return bob


@pytest.fixture
def charlie(db):
    """An admin."""
    return get_user_model().objects.create_superuser(email="charlie@example.org", password=PASSWORD)
