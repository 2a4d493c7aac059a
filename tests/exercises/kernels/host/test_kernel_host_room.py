"""Which kernel makes room at a full host: one of somebody who has several before anybody's only one."""

import time

import pytest

from exercises.kernels import end_messages, waiting_queue
from exercises.kernels.host.kernel_host import KernelHost
from exercises.kernels.session import HeldSession

LONG, JUST_NOW = 1000.0, 1.0


class SessionThread:
    """What a host sees of a kernel."""

    def __init__(self, key, seconds, *, is_idle=True):
        self.session = HeldSession(key=key, id="1", host="h", version=1, seed=1)
        self.is_idle, self.last_used = is_idle, time.monotonic() - seconds
        self.is_closing, self.reason = False, None

    def close(self, reason):
        self.is_closing, self.reason = True, reason


@pytest.fixture
def make_room(monkeypatch):
    """Make room at a host with these threads; return what ended, by key, and why."""

    def make(threads, held, waiting="kernel:9:z"):
        counts = {
            session_thread.session.key: held.get(session_thread.session.key.split(":")[1], 1)
            for session_thread in threads
        }
        counts[waiting] = held.get(waiting.split(":")[1], 0)
        monkeypatch.setattr(waiting_queue, "count_held", lambda keys: {key: counts[key] for key in keys})
        host = KernelHost(slots=len(threads), time_limits=None, zygote_addresses=dict)
        host._sessions = dict.fromkeys(threads)
        host._make_room(waiting)
        return {
            session_thread.session.key: session_thread.reason for session_thread in threads if session_thread.reason
        }

    return make


def test_a_second_kernel_makes_room_at_once_for_somebody_who_has_none(make_room):
    threads = [
        SessionThread("kernel:1:a", JUST_NOW),
        SessionThread("kernel:1:b", 2 * JUST_NOW),
        SessionThread("kernel:2:a", JUST_NOW),
    ]
    assert make_room(threads, {"1": 2}) == {"kernel:1:b": "made_room"}
    assert "made room for somebody" in end_messages.message("made_room")


def test_a_third_goes_before_a_second_and_a_second_before_an_only_one(make_room):
    threads = [
        SessionThread("kernel:1:a", LONG),
        SessionThread("kernel:2:a", JUST_NOW),
        SessionThread("kernel:3:a", 2 * JUST_NOW),
    ]
    assert make_room(threads, {"2": 3, "3": 2}) == {"kernel:2:a": "made_room"}
    threads[1].is_idle, threads[1].is_closing, threads[1].reason = False, False, None
    assert make_room(threads, {"2": 3, "3": 2}) == {"kernel:3:a": "made_room"}


def test_an_only_kernel_is_spared_while_it_is_used(make_room):
    assert make_room([SessionThread("kernel:1:a", JUST_NOW), SessionThread("kernel:2:a", JUST_NOW)], {}) == {}
    assert make_room([SessionThread("kernel:1:a", LONG), SessionThread("kernel:2:a", JUST_NOW)], {}) == {
        "kernel:1:a": "idle"
    }


def test_somebody_s_second_takes_nobody_s_second(make_room):
    assert make_room([SessionThread("kernel:1:a", JUST_NOW)], {"1": 2, "9": 1}) == {}
    assert make_room([SessionThread("kernel:1:a", JUST_NOW)], {"1": 3, "9": 1}) == {"kernel:1:a": "made_room"}


def test_what_works_is_left_alone_and_one_ends_at_a_time(make_room):
    assert make_room([SessionThread("kernel:1:a", LONG, is_idle=False)], {"1": 3}) == {}
    ending = SessionThread("kernel:2:a", LONG)
    ending.is_closing = True
    assert make_room([SessionThread("kernel:1:a", LONG), ending], {"1": 3}) == {}
