"""What processes used, read from /proc."""

import os
import subprocess

from bench import accounting


def test_a_process_that_is_gone_has_used_nothing():
    process = subprocess.Popen(["true"])
    process.wait()
    assert accounting._private(process.pid) == 0


def test_this_process_has_memory_of_its_own():
    assert accounting._private(os.getpid()) > 0


def test_the_machine_is_described_in_general_words():
    assert accounting.machine().keys() == {"cores", "python", "kernel", "load"}
