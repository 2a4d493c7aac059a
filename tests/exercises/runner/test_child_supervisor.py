"""What a jail uses, seen from outside through /proc; the supervisor's whole life is tried in tests/exercises/sandbox and attacks."""

import subprocess
import sys

import pytest

from exercises.runner import child_supervisor

LIMITS = {"processes": 50, "memory_bytes": 2**40, "cpu_seconds": 1000, "disk_bytes": 2**30}
PARENT = "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'input()']); print(child.pid, flush=True); input()"


@pytest.fixture
def family():
    """A process and the id of its child, both waiting for input."""
    process = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    yield process.pid, int(process.stdout.readline())
    process.stdin.close()
    process.stdout.close()
    process.wait()


def test_all_descendants_belong_to_a_jail(family):
    watch = child_supervisor._Watch(family[0])
    assert watch.broken_limit(LIMITS) == ""
    assert watch.peak_tasks == 2 and watch.peak_bytes > 0


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ({"processes": -10_000}, "process_limit"),
        ({"memory_bytes": 1}, "memory_limit"),
        ({"cpu_seconds": -1}, "cpu_limit"),
    ],
)
def test_a_limit_that_is_crossed_has_a_name(family, limit, reason):
    assert child_supervisor._Watch(family[0]).broken_limit({**LIMITS, **limit}) == reason


def test_a_descendant_that_outlives_the_first_process_is_a_survivor(family):
    watch = child_supervisor._Watch(family[0])
    watch.broken_limit(LIMITS)
    assert watch.survivors() == [family[1]]


def test_descriptors_count_as_what_they_could_hold():
    assert child_supervisor._descriptor_bytes(0) == 0
    assert child_supervisor._descriptor_bytes(64) == 64 * 8192 + 32**2 * 512
