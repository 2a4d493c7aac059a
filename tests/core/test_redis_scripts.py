"""Scripts from files, in a broker that may have forgotten them and in processes that forked."""

import asyncio
import os

import pytest

from learnpaths.core.redis import connection
from learnpaths.core.redis_scripts import read_script

KEY = "learnpaths:test"


@pytest.fixture
def script(tmp_path):
    (tmp_path / "shared.lua").write_text("local function plus(a, b) return a + b end")
    (tmp_path / "add.lua").write_text("return redis.call('INCRBY', KEYS[1], plus(ARGV[1], ARGV[2]))")
    return read_script(tmp_path, "shared", "add")


def test_it_works(script):
    assert script.run([KEY], 1, 2) == 3
    assert script.run([KEY], 1, 2) == 6
    assert asyncio.run(script.run_async([KEY], 1, 2)) == 9


def test_a_broker_that_has_forgotten_it_is_sent_it_again(script, broker):
    assert script.run([KEY], 1, 2) == 3
    broker.script_flush()
    assert script.run([KEY], 1, 2) == 6
    broker.script_flush()
    assert asyncio.run(script.run_async([KEY], 1, 2)) == 9


def test_it_is_called_by_its_digest(script, monkeypatch):
    script.run([KEY], 1, 2)
    monkeypatch.setattr(connection(), "script_load", None)
    assert script.run([KEY], 1, 2) == 6


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # other tests may leave threads
def test_a_forked_process_uses_it_too(script, broker):
    script.run([KEY], 1, 2)
    child = os.fork()
    if child == 0:
        os._exit(0 if script.run([KEY], 1, 2) == 6 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert script.run([KEY], 1, 2) == 9
