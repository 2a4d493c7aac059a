"""A worker's zygotes are replaced when they grow, between two submissions; meanwhile the worker is announced as warming."""

import pytest

from exercises.grading import heartbeats, zygotes
from exercises.sandbox import process_tree, selftest
from exercises.sandbox.budget import RunBudget
from exercises.sandbox.kernel import Kernel
from exercises.workers import zygote_pool
from tests.exercises.worker_processes import wait_until


def test_a_worker_is_announced_as_warming_until_it_takes_work(tmp_path):
    pool = zygote_pool.ZygotePool("cpu", slots=2, zygotes=[], folder=tmp_path)
    pool.announce()
    wait_until(lambda: [worker.state for worker in heartbeats.workers("cpu")] == ["warming"])
    pool.begin()
    wait_until(lambda: [worker.state for worker in heartbeats.workers("cpu")] == ["ready"])
    pool.close()
    assert heartbeats.workers("cpu") == []


@pytest.mark.jail
def test_a_zygote_that_grows_is_replaced_while_work_goes_on(tmp_path, monkeypatch):
    zygote = zygotes.zygote_of("tf-2.21")
    first = process_tree.find_zygote(zygote.pid)
    monkeypatch.setattr(zygote_pool, "MAX_GROWTH", -(2**40))
    keeper = zygote_pool.ZygotePool("cpu", slots=1, zygotes=[zygote], folder=tmp_path)
    keeper.begin()
    keeper.watch()
    assert keeper.state == "ready"
    with Kernel(zygote.address, limits=selftest._LIMITS, seed=1, budget=RunBudget(selftest._LIMITS)) as kernel:
        keeper._tidy()
        assert kernel.execute("print(40 + 2)").output == "42\n", "never while it serves somebody"
    wait_until(lambda: process_tree.is_idle(first, zygote.spares))
    keeper._tidy()
    wait_until(lambda: keeper.state == "warming", 20)
    wait_until(lambda: keeper.state == "ready")
    keeper.retire()
    assert process_tree.find_zygote(zygote.pid) not in (None, first)
    with Kernel(zygote.address, limits=selftest._LIMITS, seed=1, budget=RunBudget(selftest._LIMITS)) as kernel:
        assert kernel.execute("print(40 + 2)").output == "42\n"
