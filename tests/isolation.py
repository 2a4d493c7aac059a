"""Loaded before Django's settings (`-p tests.isolation`): the session gets a state folder and a broker of its own.

Only DATABASE_URL and REDIS_URL of the caller's environment are honoured, so that the suite can run once more against
PostgreSQL and Redis; everything else starts from the defaults. Under `pytest -n` every process is a session in this sense,
and tests of one group (`pytest_collection_modifyitems`) stay in one of them, in their order.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from learnpaths.serving import broker

KEPT = {"LEARNPATHS_RUNTIME_DIR"}
STATE_DIR = Path(tempfile.mkdtemp(prefix="learnpaths-tests-"))
if "PYTEST_XDIST_WORKER" in os.environ and "learnpaths-tests-" in os.environ.get("REDIS_URL", ""):
    del os.environ["REDIS_URL"]  # inherited from the process that hands the tests out, which tests nothing
HAS_OWN_BROKER = not os.environ.get("REDIS_URL")
# Modules whose tests take seconds each and share no more than a zygote or a worker: under `-n` any process takes any of them
SPREAD = ("attacks", "test_code_blocks", "test_engine", "faults")
# The longest groups, minutes each
LONG = ("test_rebuild.py", "test_browser.py", "_browser.py", "tests/journey", "test_pages_everywhere", "test_serve.py")
_processes: list[subprocess.Popen[bytes]] = []

for _name in [name for name in os.environ if name.startswith("LEARNPATHS_") and name not in KEPT]:
    del os.environ[_name]
os.environ["LEARNPATHS_STATE_DIR"] = str(STATE_DIR)
if HAS_OWN_BROKER:
    os.environ["REDIS_URL"] = f"unix://{STATE_DIR}/broker/valkey.sock"


class QuickHasher(PBKDF2PasswordHasher):
    """One round: its passwords are still read by the hasher of a site in another process."""

    iterations = 1


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    if HAS_OWN_BROKER:
        start_broker()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """For `-n`: each module is a group, and so are the tests of pages of one folder. Marked before xdist reads the marks."""
    for item in items:
        module = item.nodeid.partition("::")[0]
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(f"browser in {item.path.parent.name}"))
        elif not any(name in module for name in SPREAD):
            item.add_marker(pytest.mark.xdist_group(module))
    # What takes minutes begins first: a long group taken up last would run alone, with the other processes idle
    items.sort(key=_begins)
    yield


def _begins(item: pytest.Item) -> int:
    """Whether a test belongs to the longest groups (0), to those that start jails or browsers (1), or to the rest (2)."""
    if any(name in item.nodeid for name in LONG):
        return 0
    return 1 if item.get_closest_marker("browser") or item.get_closest_marker("jail") else 2


def start_broker() -> None:
    folder = STATE_DIR / "broker"
    broker.make_private(folder)
    command = broker.command(folder / "valkey.sock", folder, keep=False)
    _processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
    for _ in range(200):
        if broker.is_answering(os.environ["REDIS_URL"]):
            return
        time.sleep(0.02)
    raise pytest.UsageError(f"The bundled broker did not start: {' '.join(command)}")


def pytest_unconfigure() -> None:
    while _processes:
        process = _processes.pop()
        process.terminate()
        process.wait(10)
    shutil.rmtree(STATE_DIR, ignore_errors=True)
