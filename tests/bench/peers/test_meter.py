"""The meter counts everything that a command started, also what its parent left behind."""

import os
import sys

import pytest

from bench.peers import meter

BUSY = "import time; end = time.process_time() + {seconds}\nwhile time.process_time() < end: pass"


def measure(code, tmp_path):
    return meter.measure([sys.executable, "-c", code], folder=tmp_path, environ=dict(os.environ))


def test_it_works(tmp_path):
    usage = measure(BUSY.format(seconds=0.3), tmp_path)
    assert usage.cpu_seconds >= 0.3
    assert usage.wall_seconds >= 0.3


def test_an_orphan_is_waited_for_and_counted(tmp_path):
    orphan = f"import os\nif os.fork() == 0:\n    exec({BUSY.format(seconds=0.5)!r})"
    assert measure(orphan, tmp_path).cpu_seconds >= 0.5


def test_a_failure_is_told_with_its_last_words(tmp_path):
    with pytest.raises(meter.CommandFailed, match="no such lesson"):
        measure("raise SystemExit('no such lesson')", tmp_path)
