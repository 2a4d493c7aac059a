"""Strangers' work is done elsewhere, ends by itself, and leaves no process."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from certification.openbadges import fork_server, hashing, signing
from certification.openbadges.errors import Malformed, TooCostly
from certification.openbadges.hashing import Busy, Hasher, Lane
from tests.certification.openbadges.test_limits import TOO_LARGE


def lane(**changes) -> Lane:
    return Lane(**({"places": 2, "per_visitor": 2, "waiting": 20, "patience": 60.0, "nice": 0} | changes))


@pytest.fixture
def hasher():
    hasher = Hasher()
    yield hasher
    hasher.close()


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_it_hashes_as_we_do(hasher, signer) -> None:
    badge = signer.badge()
    assert hasher.hash_document(badge, lane=lane()) == signing.hash_document(badge)


def test_its_errors_are_ours(hasher, signer) -> None:
    with pytest.raises(Malformed, match="No context defines: undefinedTerm"):
        hasher.hash_document(signer.badge() | {"undefinedTerm": 1}, lane=lane())
    with pytest.raises(TooCostly, match="“tag” has 500 entries"):
        hasher.hash_document(TOO_LARGE["tags"]() | {"proof": signer.badge()["proof"]}, lane=lane())


def test_it_knows_no_secret(hasher, signer, monkeypatch) -> None:
    monkeypatch.setenv("LEARNPATHS_SECRET_KEY", "do-not-tell")
    monkeypatch.setenv("DATABASE_URL", "postgres://do-not-tell")
    hasher.hash_document(signer.badge(), lane=lane())
    environment = Path(f"/proc/{hasher._process.pid}/environ").read_bytes()
    assert b"do-not-tell" not in environment
    descriptors = [link.readlink() for link in Path(f"/proc/{hasher._process.pid}/fd").iterdir()]
    assert sum("socket" in str(link) for link in descriptors) == 1


def test_costly_work_is_ended_by_its_processor_time(monkeypatch) -> None:
    """In a child of this process, with the limits that a child of the fork server has."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        monkeypatch.setattr(fork_server, "CPU_SECONDS", 1)
        fork_server.limit()
        try:
            while True:
                try:
                    sum(range(1000))
                except Exception:  # noqa: BLE001 - nothing of this kind may catch the end
                    os._exit(2)
        except fork_server.OutOfTime:
            os.write(writer, b"ended")
        os._exit(0)
    os.close(writer)
    assert os.waitpid(pid, 0)[1] == 0
    assert os.read(reader, 10) == b"ended"
    os.close(reader)


def test_a_child_that_is_deaf_is_ended_all_the_same(monkeypatch) -> None:
    pid = os.fork()
    if pid == 0:
        monkeypatch.setattr(fork_server, "CPU_SECONDS", 1)
        fork_server.limit()
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL


def test_no_zombie_is_left(hasher, signer) -> None:
    for _ in range(5):
        hasher.hash_document(signer.badge(), lane=lane())
    assert hasher._process is not None
    pid = hasher._process.pid
    deadline = time.monotonic() + 30
    while children(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert children(pid) == []
    hasher.close()
    assert not Path(f"/proc/{pid}").exists()


def test_a_fork_server_that_was_lost_is_replaced(hasher, signer) -> None:
    badge = signer.badge()
    hasher.hash_document(badge, lane=lane())
    assert hasher._process is not None
    first = hasher._process.pid
    os.kill(first, signal.SIGKILL)
    try:
        hasher.hash_document(badge, lane=lane())
    except Busy:  # it was handed over just before the process was gone
        hasher.hash_document(badge, lane=lane())
    assert hasher._process.pid != first
    assert not Path(f"/proc/{first}").exists()


def test_a_child_that_dies_without_a_word_says_nothing_about_the_badge(hasher, signer, monkeypatch) -> None:
    monkeypatch.setattr(hashing, "_exchange", lambda *_: b"")
    with pytest.raises(Busy):
        hasher.hash_document(signer.badge(), lane=lane())


def test_a_forked_process_starts_a_fork_server_of_its_own(hasher, signer) -> None:
    badge = signer.badge()
    hasher.hash_document(badge, lane=lane())
    assert hasher._process is not None
    first = hasher._process.pid
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            hasher.hash_document(badge, lane=lane())
            status = int(hasher._process.pid == first)
            hasher.close()
        finally:
            os._exit(status)
    assert os.waitpid(pid, 0)[1] == 0
    hasher.hash_document(badge, lane=lane())
    assert hasher._process.pid == first


def hold(lane: Lane, visitor: str) -> tuple[threading.Thread, threading.Event, threading.Event]:
    """Take a place until the second event."""
    has_it, may_go = threading.Event(), threading.Event()

    def run() -> None:
        with lane.place(visitor):
            has_it.set()
            may_go.wait(60)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, has_it, may_go


def test_one_visitor_never_holds_all_places() -> None:
    narrow = lane(per_visitor=1, patience=0.05)
    thread, has_it, may_go = hold(narrow, "mallory")
    has_it.wait(60)
    with pytest.raises(Busy), narrow.place("mallory"):
        pass
    with narrow.place("ada"):
        pass
    may_go.set()
    thread.join()
    with narrow.place("mallory"):
        pass


def test_a_full_lane_says_so_and_no_longer_than_it_must() -> None:
    full = lane(places=1, waiting=0)
    with pytest.raises(Busy), full.place("ada"):
        pass


def test_a_place_is_given_back_after_an_error() -> None:
    one = lane(places=1, patience=0.05)
    with pytest.raises(KeyError), one.place("ada"):
        raise KeyError
    with one.place("ada"):
        pass
