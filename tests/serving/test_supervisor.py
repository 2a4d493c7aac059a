"""The supervisor, run as a program of its own: it adopts and kills whatever is below it, which must not be pytest's."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import sys
from learnpaths.serving import supervisor as module
from learnpaths.serving.process import Program
module.FIRST_PAUSE = 0.01
with module.Supervisor(lambda name, line: print(f"{name}: {line}", flush=True)) as supervisor:
    for number, code in enumerate(sys.argv[1:]):
        supervisor.start(Program(name=f"p{number}", command=[sys.executable, "-u", "-c", code]))
    try:
        supervisor.run()
    except module.ProgramFailed as error:
        sys.exit(f"FAILED {error}")
print("clean end")
"""
WAIT = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(600)"
RUNAWAY = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("runaway", os.getpid(), flush=True)
        time.sleep(600)
    os._exit(0)
time.sleep(600)
"""


@pytest.fixture
def supervise():
    """Start the script over programs given as Python source."""
    started = []

    def supervise(*codes):
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", SCRIPT, *codes], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield supervise
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def read_until(process, text):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(f"{text!r} never came:\n{''.join(lines)}")


def is_alive(pid):
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until_gone(pid):
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(supervise, number):
    process = supervise("print('hello'); " + WAIT, WAIT)
    read_until(process, "p0: hello")
    process.send_signal(number)
    assert process.wait(20) == 0
    assert "clean end" in process.stdout.read()


def test_a_program_that_ends_is_started_again(supervise, tmp_path):
    first = (
        f"import pathlib, sys; p = pathlib.Path({str(tmp_path / 'ran')!r})\nif not p.exists(): p.touch(); sys.exit(3)\n"
    )
    process = supervise(first + "print('second life'); " + WAIT)
    lines = read_until(process, "second life")
    assert any("p0 ended with status 3; starting it again" in line for line in lines)


def test_a_program_that_cannot_run_stops_everything_with_its_reason(supervise):
    process = supervise(f"import os; print('other', os.getpid()); {WAIT}", "import sys; sys.exit('no such hardware')")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "FAILED p1 ended with status 1 6 times in a row" in output
    assert "Its last words: no such hardware" in output
    other = int(next(line for line in output.splitlines() if "other" in line).split()[-1])
    assert not is_alive(other)


def test_a_program_that_ignores_sigterm_is_ended(supervise):
    process = supervise(STUBBORN)
    read_until(process, "up")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_what_left_its_group_is_ended_too(supervise):
    process = supervise(RUNAWAY)
    runaway = int(read_until(process, "runaway")[-1].split()[-1])
    assert is_alive(runaway)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not is_alive(runaway)


def test_programs_die_with_a_killed_supervisor(supervise):
    process = supervise(f"import os; print('child', os.getpid()); {WAIT}")
    child = int(read_until(process, "child")[-1].split()[-1])
    process.kill()
    assert wait_until_gone(child)


def test_output_without_an_end_of_line_is_not_lost(supervise):
    process = supervise("import os; os.write(1, b'half a line'); os.write(1, b'x' * 20000); os._exit(0)")
    assert any("half a line" in line for line in read_until(process, "half a line"))


def test_ctrl_c_in_a_terminal_reaches_the_supervisor_alone(supervise):
    process = supervise(f"import os; print('group', os.getpgid(0)); {WAIT}")
    group = int(read_until(process, "group")[-1].split()[-1])
    assert group != os.getpgid(process.pid)
