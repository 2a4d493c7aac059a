"""Workers are alive as long as they announce themselves; each says what it serves."""

import os

import pytest
import redis

from exercises.grading import heartbeats


@pytest.fixture(autouse=True)
def _empty(broker):
    """Nobody is alive at the beginning."""


def test_it_works():
    heartbeats.announce("cpu", "ready", slots=3, runtimes=["tf-2.21"])
    [worker] = heartbeats.workers("cpu")
    assert (worker.queue, worker.pid, worker.state, worker.slots) == ("cpu", os.getpid(), "ready", 3)
    assert worker.serves("tf-2.21") and not worker.serves("tf-1.15")
    assert heartbeats.workers("gpu") == []


def test_the_last_word_counts():
    heartbeats.announce("cpu", "warming")
    heartbeats.announce("cpu", "ready")
    assert [worker.state for worker in heartbeats.workers("cpu")] == ["ready"]


def test_one_that_names_no_runtime_serves_any():
    heartbeats.announce("cpu", "ready")
    assert heartbeats.workers("cpu")[0].serves("tf-1.15")


def test_who_retires_is_gone():
    heartbeats.announce("cpu", "ready")
    heartbeats.retire("cpu")
    assert heartbeats.workers("cpu") == []


def test_an_announcement_expires(broker):
    heartbeats.announce("cpu", "ready")
    [key] = broker.scan_iter("worker:cpu:*")
    assert 0 < broker.ttl(key) <= heartbeats.LIFE_SECONDS


def test_without_a_broker_nobody_is_known(monkeypatch):
    def refuse():
        raise redis.ConnectionError("away")

    monkeypatch.setattr(heartbeats, "connection", refuse)
    assert heartbeats.workers("cpu") == []
