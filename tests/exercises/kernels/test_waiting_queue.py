"""Whose turn it is: everybody's first kernel goes before anybody's second, over all queues of a host."""

import time

from exercises.kernels import sessions, waiting_queue
from tests.exercises.kernels.test_sessions import RUNTIME, host, opening, run, take

__all__ = ["host"]


def open_all(*pairs):
    for user, exercise in pairs:
        sessions.send(opening(user, exercise), run("a"))
        time.sleep(0.002)


def keys(*pairs):
    return [f"kernel:{user}:{exercise}" for user, exercise in pairs]


def test_everybody_s_first_kernel_goes_before_anybody_s_second(host):
    open_all((1, "a"), (1, "b"), (1, "c"), (2, "a"), (2, "b"), (3, "a"))
    turns = keys((1, "a"), (2, "a"), (3, "a"), (1, "b"), (2, "b"), (1, "c"))
    assert sessions.list_waiting([RUNTIME]) == turns
    assert [sessions.state(key).position for key in turns] == [1, 2, 3, 4, 5, 6]
    assert [take(host).key for _ in turns] == turns


def test_a_kernel_that_runs_counts_for_its_person(host):
    open_all((1, "a"))
    session = take(host)
    open_all((1, "b"), (2, "a"))
    assert [sessions.state(key).position for key in keys((2, "a"), (1, "b"))] == [1, 2]
    sessions.end(session.key, session.id, "idle")
    assert sessions.list_waiting([RUNTIME]) == keys((1, "b"), (2, "a"))  # now it is their first again
    assert waiting_queue.count_held(keys((1, "b"))) == {"kernel:1:b": 0}


def test_turns_go_across_the_lines_of_a_host(host):
    for user, name, runtime in ((1, "a", "tf-8"), (1, "b", "tf-8"), (2, "a", RUNTIME)):
        given = sessions.Opening(user=user, exercise=name, version=7, runtime=runtime, seed=5)
        sessions.send(given, run("a"))
        time.sleep(0.002)
    taken = [sessions.take(host, ["tf-8", RUNTIME], seconds=0.1).key for _ in range(3)]
    assert taken == keys((1, "a"), (2, "a"), (1, "b"))
