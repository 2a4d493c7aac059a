"""What a jail uses, seen from outside through /proc; the supervisor's whole life is tried in tests/exercises/sandbox and attacks."""

import os
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
    assert watch._members() == list(family)
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


def test_a_process_that_has_ended_is_none():
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert child_supervisor._birth(process.pid) == b"", "it only waits to be reaped"
    process.wait()
    status = child_supervisor._Status(process.pid)
    assert (status.threads, status.mapped_bytes) == (0, 0) and child_supervisor._parent(process.pid) == 0


def test_this_process_has_an_identity_and_a_parent():
    assert child_supervisor._birth(os.getpid()).isdigit()
    assert child_supervisor._parent(os.getpid()) == os.getppid()
    assert child_supervisor._cpu_seconds(os.getpid()) > 0


def test_descriptors_count_as_what_they_could_hold():
    assert child_supervisor._descriptor_bytes(0) == 0
    assert child_supervisor._descriptor_bytes(64) == 64 * 8192 + 32**2 * 512


def test_a_file_of_proc_that_makes_no_sense_has_no_numbers(tmp_path):
    (tmp_path / "status").write_bytes(b"Name:\t\xff\xfe: odd\nThreads:\t3\nVmSwap:\t\n")
    read = child_supervisor._numbers
    assert read(str(tmp_path / "status"), b"Threads", b"VmSwap") == {b"Threads": 3}
    assert read(str(tmp_path / "nothing"), b"Threads") == {}
