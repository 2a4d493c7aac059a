"""Which process of a worker's is the zygote; the processes here only have its command line."""

import os
import subprocess
import sys

import pytest

from exercises.sandbox import process_tree


@pytest.fixture
def start(tmp_path):
    """Start a shell that runs one command below it, both named as a test says."""
    (tmp_path / "python").symlink_to(sys.executable)
    started = []

    def start(*arguments):
        command = [str(tmp_path / "python"), "-c", "print(1, flush=True); input()", *arguments]
        shell = ["sh", "-c", '"$@"; true', "sh", *command]
        process = subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        process.stdout.readline()
        return process

    yield start
    for process in started:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def test_the_zygote_is_the_interpreter_and_not_who_names_it_among_its_arguments(start):
    shell = start("exercises.runner.zygote")
    assert process_tree.find_zygote(os.getpid()) == process_tree.list_children(shell.pid)[0]


def test_other_processes_are_none(start):
    shell = start("exercises.runner.other")
    assert process_tree.find_zygote(shell.pid) is None


def test_a_zygote_is_idle_while_it_has_no_more_than_its_spares(start):
    shell = start()
    assert process_tree.is_idle(shell.pid, 1) and not process_tree.is_idle(shell.pid, 0)


def test_memory_of_its_own_is_counted_while_it_lives(start):
    shell = start()
    (child,) = process_tree.list_children(shell.pid)
    assert process_tree.own_bytes(child) > 2**20 and process_tree.exists(child)
    shell.stdin.close()
    shell.wait()
    assert process_tree.own_bytes(child) == 0
