"""What the kernel says of processes, also of those that are gone or have strange names."""

import os
import subprocess
import sys

import pytest

from exercises.runner import processes


@pytest.fixture
def family():
    """A process that has one child, which says when it runs."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.stdin.close()


@pytest.fixture
def gone():
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_tree_is_a_process_and_what_descends_from_it(family):
    tree = processes.list_tree(family.pid)
    assert len(tree) == 2 and tree[0] == family.pid
    assert processes.list_children()[family.pid] == tree[1:]
    assert set(tree) < set(processes.list_tree(os.getpid()))


def test_names_of_processes_may_be_any_bytes():
    code = "open('/proc/self/comm', 'wb').write(b') R 1 \\n('); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert int(processes.stat_fields(process.pid)[1]) == os.getpid()
        assert process.pid in processes.list_children()[os.getpid()]
        process.stdin.close()


def test_its_number_and_its_birth_tell_a_process_from_every_other():
    assert processes.birth(os.getpid()) == processes.birth(os.getpid()) != b""


def test_one_that_only_waits_to_be_reaped_is_not_alive():
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert processes.stat_fields(process.pid)[0] == b"Z" and processes.birth(process.pid) == b""
    process.wait()


def test_what_is_gone_has_nothing(gone):
    assert processes.stat_fields(gone) == [] and processes.birth(gone) == b"" and processes.cpu_seconds(gone) == 0
    assert processes.list_tree(gone) == [gone]
    assert processes.read_numbers(f"/proc/{gone}/status", (b"Threads",)) == {}


def test_numbers_are_read_by_their_names(tmp_path):
    (tmp_path / "status").write_bytes(b"Name:\t\xff: 1\nThreads:\t7\nRssAnon:\t 12 kB\nEmpty:\nsockets: used 9\n")
    path = str(tmp_path / "status")
    assert processes.read_numbers(path, (b"Threads", b"RssAnon", b"Empty", b"Missing")) == {
        b"Threads": 7,
        b"RssAnon": 12,
    }
    assert processes.read_numbers(path, (b"sockets",), word=1) == {b"sockets": 9}


def test_cpu_time_grows_with_work():
    before = processes.cpu_seconds(os.getpid())
    while processes.cpu_seconds(os.getpid()) == before:
        sum(range(10_000))
