"""A zygote that cannot start says why, and holds nobody back."""

import threading

import pytest

from exercises.grading import zygotes
from exercises.sandbox import zygote_process
from exercises.sandbox.errors import CannotConfine, RuntimeMissing, ZygoteFailed
from exercises.sandbox.zygote_process import Zygote


@pytest.fixture
def runtime(tmp_path):
    """A runtime whose interpreter is a shell script of the test's."""
    python = tmp_path / "runtime" / "bin" / "python"
    python.parent.mkdir(parents=True)
    (python.parents[1] / "pyvenv.cfg").write_text("home = /usr/bin\n")
    python.touch()
    return python.parents[1]


@pytest.fixture
def start(runtime, monkeypatch):
    """Start a zygote whose process is a shell script, and end it after the test."""
    zygote = Zygote(runtime)

    def start(script):
        monkeypatch.setattr(Zygote, "_command", lambda self, fd: ["/bin/sh", "-c", script])
        zygote.start()
        return zygote

    yield start
    zygote.stop()


def test_it_works(start):
    zygote = start(
        """echo noise; echo '{"event": "ready", "python": "3", "tensorflow": "2", "keras": "1"}'; read forever"""
    )
    assert zygote.is_alive and zygote.pid
    assert zygote.versions == {"python": "3", "tensorflow": "2", "keras": "1"}
    zygote.stop()
    assert not zygote.is_alive and not zygote.folder.exists()


def test_one_that_ends_while_it_starts_is_named_with_its_errors(start):
    with pytest.raises(ZygoteFailed, match="it said nothing"):
        start("exit 1")


def test_a_host_that_cannot_build_the_jail_is_told_how(start, monkeypatch):
    monkeypatch.setattr(Zygote, "last_errors", "bwrap: setting up uid map: Permission denied")
    with pytest.raises(CannotConfine, match="unprivileged user namespaces"):
        start("exit 1")


def test_a_runtime_that_is_missing_is_named(tmp_path):
    zygote = Zygote(tmp_path / "tf-9")
    with pytest.raises(RuntimeMissing, match="tf-9"):
        zygote.start()
    zygote.stop()


def test_nobody_answers_at_an_address_that_is_gone(tmp_path):
    with pytest.raises(ZygoteFailed, match="does not answer"):
        zygote_process.connect(str(tmp_path / "zygote"), {}, [])


def test_masked_files_of_the_runtime_are_replaced_by_nothing(runtime):
    secret = runtime / "lib" / "python3.11" / "site-packages" / "sklearn" / "digits.csv"
    secret.parent.mkdir(parents=True)
    secret.touch()
    zygote = Zygote(runtime, masks=("sklearn/digits.csv",))
    mounts = zygote._mounts()
    at = mounts.index("/runtime/lib/python3.11/site-packages/sklearn/digits.csv")
    assert mounts[at - 2 : at] == ["--ro-bind", "/dev/null"]
    zygote.stop()


def test_a_zygote_interrupted_while_it_starts_holds_nobody_back(monkeypatch):
    """A signal can come while the thread that watches over the start begins: at its end, the process would wait for it."""

    def interrupted(timer):
        threading.Thread.start(timer)
        raise SystemExit

    monkeypatch.setattr(threading.Timer, "start", interrupted)
    zygote = zygotes.new_zygote()
    with pytest.raises(SystemExit):
        zygote.start()
    zygote.stop()
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(30)
    assert not any(timer.is_alive() for timer in timers)
