"""One supervised program: its output, its end, and that nothing of it stays."""

import os
import signal
import subprocess
import sys

import pytest

from learnpaths.serving.process import LONGEST_LINE, Process, Program, list_children


@pytest.fixture
def start():
    """Start shell scripts; none of them is left running."""
    started = []

    def start(script, **values):
        started.append(Process(Program(name="test", command=["/bin/sh", "-c", script], **values)))
        return started[-1]

    yield start
    for process in started:
        process.signal_group(signal.SIGKILL)
        process._popen.wait(10)
        process.output.close()


def ended(process):
    """Return the status of a process and all the lines that it wrote."""
    status = process._popen.wait(30)
    return status, process.read_lines()


def test_it_works(start):
    process = start("echo one; echo two >&2; printf three; exit 3", environment={"A": "b"})
    assert ended(process) == (3, ["one", "two", "three"])
    assert process.exit_status() == 3


def test_it_gets_what_it_is_given_and_our_environment(start, monkeypatch):
    monkeypatch.setenv("OURS", "x")
    assert ended(start('echo "$OURS$THEIRS"', environment={"THEIRS": "y"})) == (0, ["xy"])


def test_a_line_comes_when_it_is_whole(start, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    process = start(f"printf part; read line < {gate}; echo ial; echo end")
    lines = []
    while not process._partial:
        lines += process.read_lines()
    assert (lines, process._partial) == ([], b"part")
    gate.write_text("on\n")
    assert ended(process)[1] == ["partial", "end"]


def test_a_line_without_an_end_is_cut(start):
    process = start(f"head -c {3 * LONGEST_LINE} /dev/zero | tr '\\0' x; sleep 60")
    text = ""
    while len(text) < 2 * LONGEST_LINE:
        text += "".join(process.read_lines())
    assert set(text) == {"x"}


def test_its_group_is_its_own_and_ends_with_it(start):
    process = start("sleep 60 & sleep 60")
    assert os.getpgid(process.pid) == process.pid != os.getpgid(0)
    process.signal_group(signal.SIGTERM)
    assert process._popen.wait(10) == -signal.SIGTERM
    process.signal_group(signal.SIGTERM)  # nobody is left, which is no error


def test_children_are_listed():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in list_children()
        child.communicate(b"\n")
    assert child.pid not in list_children()
