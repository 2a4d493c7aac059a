"""Network: there is none, and saying so takes no time."""

import threading
import time

import pytest

from tests.exercises.attacks.conftest import assert_ended, message
from tests.exercises.attacks.exercise import HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(120)]

TARGETS = {
    "by name": "socket.create_connection(('example.org', 80), 5)",
    "by address": "socket.create_connection(('1.1.1.1', 443), 5)",
    "by IPv6": "socket.create_connection(('2606:4700:4700::1111', 443), 5)",
    "the metadata address": "socket.create_connection(('169.254.169.254', 80), 5)",
    "Redis on the host": "socket.create_connection(('127.0.0.1', 6379), 5)",
    "PostgreSQL on the host": "socket.create_connection(('127.0.0.1', 5432), 5)",
    "the site on the host": "socket.create_connection(('127.0.0.1', 8000), 5)",
    "UDP": "socket.socket(2, 2).sendto(b'x', ('1.1.1.1', 53))",
    "multicast": "socket.socket(2, 2).sendto(b'x', ('224.0.0.1', 5353))",
    "a lookup": "socket.getaddrinfo('example.org', 80)",
    "an abstract socket": "socket.socket(1).connect('\\0docker')",
    "D-Bus": "socket.socket(1).connect('\\0/tmp/dbus-x')",
    "urllib": "__import__('urllib.request').request.urlopen('http://example.org', timeout=5)",
}


@pytest.fixture(scope="module")
def tried(arena):
    return arena.attempts(TARGETS)


@pytest.mark.parametrize("case", TARGETS)
def test_nothing_answers(attack, tried, case):
    assert tried[case] == "refused"


def test_there_is_no_interface_but_a_silent_loopback(attack):
    source = "import json\nseen = [line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]]"
    assert set(attack.look(source)) <= {"lo"}


def test_it_learns_no_socket_of_others(attack):
    seen = attack.look("import json\nseen = [line.split()[-1] for line in open('/proc/net/unix').readlines()[1:]]")
    assert [name for name in seen if "learnpaths" in name or "valkey" in name or "postgres" in name] == []


def test_a_listener_hears_nothing_of_the_next_job(attack):
    source = """
import json, socket, time
listeners = []
for family, address in ((1, "\\0letter-box"), (1, "/tmp/letter-box")):
    listeners.append(socket.socket(family))
    listeners[-1].bind(address)
    listeners[-1].listen()
    listeners[-1].settimeout(1.5)
seen = "heard"
try:
    listeners[0].accept()
except TimeoutError:
    seen = "silence"
"""
    heard: list[str] = []
    thread = threading.Thread(target=lambda: heard.append(attack.look(source)))
    thread.start()
    try:
        for _ in range(2):
            assert attack.attempts({"a call": "socket.socket(1).connect('\\0letter-box')"}) == {"a call": "refused"}
    finally:
        thread.join()
    assert heard == ["silence"]


DOWNLOADS = {
    "a Keras data set": "import keras\nkeras.datasets.mnist.load_data()",
    "pretrained weights": "import keras\nkeras.applications.MobileNetV2()",
    "a scikit-learn data set": "from sklearn.datasets import fetch_openml\nfetch_openml('iris', n_retries=1, delay=0.1)",
    "a file by pandas": "import pandas as pd\npd.read_csv('https://example.org/a.csv')",
}


@pytest.mark.parametrize("source", DOWNLOADS.values(), ids=DOWNLOADS.keys())
def test_a_download_fails_at_once_and_says_that_there_is_no_network(attack, source):
    began = time.monotonic()
    report = attack.submit(source, memory_bytes=1 << 30)
    assert_ended(report, "learner_error")
    assert time.monotonic() - began < 25
    error = next(cell["error"] for cell in report["cells"] if "error" in cell)
    text = f"{error['name']} {error['message']} {error['traceback']}".lower()
    assert any(
        words in text for words in ("no network", "name resolution", "name or service", "unreachable", "urlopen")
    )


def test_a_package_cannot_be_installed(attack):
    source = "import subprocess, sys, json\nseen = subprocess.run([sys.executable, '-m', 'pip', 'install', '--retries', '0', 'six'], capture_output=True).returncode"
    assert attack.look(source) != 0


def test_a_check_that_finds_a_downloading_function_fails(attack):
    source = "import socket\ndef square(x):\n    socket.create_connection(('1.1.1.1', 80), 5)"
    report = attack.submit(source)
    assert_ended(report, "failed")
    assert "unreachable" in message(report, "small").lower()
    assert HONEST
