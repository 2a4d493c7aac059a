"""What processes used, read from /proc."""

import os
import subprocess
import sys

from bench import accounting


def test_a_tree_is_a_process_and_all_below_it():
    code = "import subprocess, sys; child = subprocess.Popen(['cat'], stdin=subprocess.PIPE); print(child.pid, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        child = int(process.stdout.readline())
        assert accounting._tree(process.pid) == [process.pid, child]
        process.communicate(b"\n")


def test_a_process_that_is_gone_has_used_nothing():
    process = subprocess.Popen(["true"])
    process.wait()
    assert accounting._stat(process.pid, 11, 15) == 0 == accounting._private(process.pid)


def test_this_process_has_memory_of_its_own():
    assert accounting._private(os.getpid()) > 0


def test_the_machine_is_described_in_general_words():
    assert accounting.machine().keys() == {"cores", "python", "kernel", "load"}
