"""What the settings make of the environment: the same code is a site on one's own machine and one in production."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

NAMES = (
    "EMBEDDED",
    "IS_HTTPS",
    "SESSION_COOKIE_SECURE",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
    "CSRF_TRUSTED_ORIGINS",
    "STATIC_ROOT",
    "CELERY_BROKER_URL",
)
PRODUCTION = {
    "LEARNPATHS_MODE": "production",
    "LEARNPATHS_SECRET_KEY": "".join(chr(33 + number % 90) for number in range(0, 700, 11)),
    "LEARNPATHS_ALLOWED_HOSTS": "learn.example",
    "LEARNPATHS_SIGNING_KEY_FILE": "/nowhere/keys.json",
    "EMAIL_URL": "smtp://mail:25",
    "LEARNPATHS_BASE_URL": "https://learn.example",
    "DATABASE_URL": "postgres://learn@db/learn",
    "REDIS_URL": "redis://broker:6379/0",
}


def read(tmp_path, **environment):
    """Return settings as a fresh process has them."""
    code = f"import json; from learnpaths import settings; print(json.dumps({{n: str(getattr(settings, n, None)) for n in {NAMES!r}}}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "LEARNPATHS_STATE_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_on_ones_own_machine(tmp_path):
    values = read(tmp_path)
    assert (values["EMBEDDED"], values["IS_HTTPS"], values["STATIC_ROOT"]) == ("True", "False", "None")
    assert values["ACCOUNT_EMAIL_VERIFICATION"] == "optional"
    assert values["CELERY_BROKER_URL"].startswith("redis+socket:///")


def test_in_production(tmp_path):
    values = read(tmp_path, **PRODUCTION)
    assert (values["EMBEDDED"], values["IS_HTTPS"], values["SESSION_COOKIE_SECURE"]) == ("False", "True", "True")
    assert values["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert values["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"
    assert values["CSRF_TRUSTED_ORIGINS"] == "['https://learn.example']"
    assert values["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]


@pytest.mark.parametrize("app", ["learnpaths.core", "learnpaths.accounts", "learnpaths.catalog", "learnpaths.progress"])
def test_every_app_of_ours_is_installed(app):
    from django.apps import apps

    assert app in {config.name for config in apps.get_app_configs()}
