"""A host of kernels is announced as warming until a zygote lives, and no more once it has gone."""

import threading

from exercises.grading import heartbeats
from exercises.workers import kernel_worker
from tests.exercises.worker_processes import wait_until


class Host:
    """What is announced of a host."""

    is_ready = False
    slots = 3


def states():
    return [(worker.state, worker.slots) for worker in heartbeats.workers(heartbeats.INTERACTIVE)]


def test_it_works(monkeypatch):
    monkeypatch.setattr(kernel_worker, "ANNOUNCE_SECONDS", 0.01)
    host, done = Host(), threading.Event()
    announcer = threading.Thread(target=kernel_worker._announce, args=(host, done))
    announcer.start()
    wait_until(lambda: states() == [("warming", 3)])
    host.is_ready = True
    wait_until(lambda: states() == [("ready", 3)])
    done.set()
    announcer.join(10)
    assert states() == []
