"""What the operator can set: refusals by name in production, things made and kept in the embedded mode."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from learnpaths.environment import BASE_DIR, SOCKET_PATH_BYTES, parse_database, parse_email, read

PRODUCTION = {
    "LEARNPATHS_MODE": "production",
    "LEARNPATHS_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST",
    "LEARNPATHS_BASE_URL": "https://learn.example.org",
    "LEARNPATHS_ALLOWED_HOSTS": "learn.example.org",
    "LEARNPATHS_SIGNING_KEY_FILE": "/run/secrets/signing-keys.json",
    "DATABASE_URL": "postgres://learn@db/learn",
    "REDIS_URL": "redis://broker/0",
    "EMAIL_URL": "smtp://mail:25",
}
REQUIRED = sorted(set(PRODUCTION) - {"LEARNPATHS_MODE"})


def test_a_complete_production_is_read(tmp_path):
    environment = read(PRODUCTION | {"LEARNPATHS_STATE_DIR": str(tmp_path / "state")})
    assert environment.base_url == "https://learn.example.org"
    assert environment.allowed_hosts == ["learn.example.org"]
    assert not environment.embedded_broker
    assert not (tmp_path / "state").exists()  # production makes nothing up


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_without(name):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set"):
        read({key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_an_empty(name):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set"):
        read(PRODUCTION | {name: ""})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LEARNPATHS_SECRET_KEY", "short", "LEARNPATHS_SECRET_KEY is weak"),
        ("LEARNPATHS_SECRET_KEY", "ab" * 40, "LEARNPATHS_SECRET_KEY is weak"),
        ("LEARNPATHS_SECRET_KEY_FALLBACKS", f"{PRODUCTION['LEARNPATHS_SECRET_KEY']},short", "FALLBACKS is weak"),
        ("LEARNPATHS_METRICS_TOKEN", "short", "LEARNPATHS_METRICS_TOKEN is weak"),
        ("LEARNPATHS_CONTACT", "javascript:alert(1)", "LEARNPATHS_CONTACT is neither"),
        ("LEARNPATHS_CONTACT", "Example Academy", "LEARNPATHS_CONTACT is neither"),
        ("LEARNPATHS_DEBUG", "1", "LEARNPATHS_DEBUG is on"),
        ("LEARNPATHS_ALLOWED_HOSTS", "learn.example.org,*", "name the hosts"),
        ("LEARNPATHS_BASE_URL", "http://learn.example.org", "must begin with https://"),
        ("LEARNPATHS_MODE", "prod", "must be 'embedded' or 'production'"),
    ],
)
def test_production_refuses_a_weak(name, value, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        read(PRODUCTION | {name: value})


def test_every_problem_is_told_at_once():
    with pytest.raises(ImproperlyConfigured) as refusal:
        read({"LEARNPATHS_MODE": "production"})
    assert all(f"{name} is not set." in str(refusal.value) for name in REQUIRED)


def test_no_refusal_shows_a_secret():
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(PRODUCTION | {"LEARNPATHS_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refusal.value)


def test_the_embedded_mode_makes_its_secret_once(tmp_path):
    values = {"LEARNPATHS_STATE_DIR": str(tmp_path / "new" / "state")}
    first, second = read(values), read(values)
    assert len(first.secret_key) > 50
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "new" / "state" / "secret-key").stat().st_mode) == 0o600


def test_two_state_folders_have_two_secrets(tmp_path):
    one, other = (read({"LEARNPATHS_STATE_DIR": str(tmp_path / name)}) for name in ("one", "other"))
    assert one.secret_key != other.secret_key


def test_a_given_broker_is_used(tmp_path):
    environment = read({"LEARNPATHS_STATE_DIR": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:6379/3"})
    assert environment.redis_url == "redis://127.0.0.1:6379/3"
    assert not environment.embedded_broker


def test_the_embedded_broker_listens_in_the_state_folder():
    environment = read({"LEARNPATHS_STATE_DIR": "/srv/learn here", "LEARNPATHS_SECRET_KEY": "x"})
    assert environment.redis_url == "unix:///srv/learn%20here/broker/valkey.sock"
    assert environment.embedded_broker


def test_a_path_too_long_for_a_socket_gets_a_short_one():
    folders = [f"/srv/{'long' * 30}/{name}" for name in ("one", "other")]
    sockets = {
        read({"LEARNPATHS_STATE_DIR": folder, "LEARNPATHS_SECRET_KEY": "x"}).redis_url.removeprefix("unix://")
        for folder in folders
    }
    assert len(sockets) == 2  # two state folders never share a broker
    assert all(len(os.fsencode(socket)) <= SOCKET_PATH_BYTES for socket in sockets)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match=r"file/state cannot be written .*LEARNPATHS_STATE_DIR"):
        read({"LEARNPATHS_STATE_DIR": str(tmp_path / "file" / "state")})


def test_a_read_only_folder_is_named():
    with pytest.raises(ImproperlyConfigured, match=r"/proc/learnpaths cannot be written"):
        read({"LEARNPATHS_STATE_DIR": "/proc/learnpaths"})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LEARNPATHS_KERNELS", "many", "LEARNPATHS_KERNELS is 'many'; it must be a whole number"),
        ("LEARNPATHS_KERNELS", "-1", "must be a whole number"),
        ("LEARNPATHS_KERNEL_IDLE_MINUTES", "1.5", "must be a whole number"),
        ("LEARNPATHS_STREAMS", "-3", "must be a whole number"),
        ("LEARNPATHS_WAITING", "0", "nobody could submit"),
        ("LEARNPATHS_REQUIRE_STAFF_MFA", "onn", "it must be 'on' or 'off'"),
        ("LEARNPATHS_TRUST_PROXY", "maybe", "it must be 'on' or 'off'"),
    ],
)
def test_what_cannot_be_read_is_named(name, value, message, tmp_path):
    with pytest.raises(ImproperlyConfigured, match=message):
        read({"LEARNPATHS_STATE_DIR": str(tmp_path), name: value})


@pytest.mark.parametrize("url", ["nonsense:hunter2", "carrier-pigeon://hunter2", "hunter2", ""])
@pytest.mark.parametrize(("parse", "name"), [(parse_database, "DATABASE_URL"), (parse_email, "EMAIL_URL")])
def test_an_address_that_cannot_be_read_is_named_without_its_password(parse, name, url):
    with pytest.raises(ImproperlyConfigured, match=f"{name} cannot be read") as refused:
        parse(url)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "learnpaths.serving.web", "127.0.0.1:0"],
        ["-m", "celery", "-A", "learnpaths.celery", "beat"],
        ["-m", "celery", "-A", "learnpaths.celery", "worker"],
    ],
)
def test_a_wrong_setting_ends_with_a_sentence(command, tmp_path):
    environment = os.environ | {"LEARNPATHS_STATE_DIR": str(tmp_path), "LEARNPATHS_KERNELS": "many"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "LEARNPATHS_KERNELS is 'many'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_factor_is_asked_for_in_production_only(tmp_path):
    state = {"LEARNPATHS_STATE_DIR": str(tmp_path)}
    assert read(PRODUCTION | state).require_staff_mfa
    assert not read(PRODUCTION | state | {"LEARNPATHS_REQUIRE_STAFF_MFA": "off"}).require_staff_mfa
    assert not read(state).require_staff_mfa
