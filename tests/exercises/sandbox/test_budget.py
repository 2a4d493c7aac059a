"""What ends the wait for a kernel: the clock of a run, too much traffic, a cancellation; in a page only traffic and its owner."""

import time

import pytest

from exercises.assignment.definition import Limits
from exercises.sandbox.budget import CellBudget, RunBudget
from exercises.sandbox.errors import Cancelled, LimitReached

FAR_TOO_MUCH = 2**30


class Closing(Exception):
    """What the owner of a kernel raises."""


def test_a_run_within_its_limits_goes_on():
    RunBudget(Limits()).check()


def test_a_run_ends_by_its_clock():
    with pytest.raises(LimitReached) as end:
        RunBudget(Limits(wall_seconds=10), started=time.monotonic() - 11).check()
    assert (end.value.limit, end.value.ending) == ("wall_seconds", "time_limit")


def test_a_run_ends_by_the_traffic_of_all_its_cells():
    budget = RunBudget(Limits())
    budget.traffic_bytes = FAR_TOO_MUCH
    with pytest.raises(LimitReached) as end:
        budget.check()
    assert end.value.limit == "output_bytes" and budget.output_bytes == FAR_TOO_MUCH


def test_a_run_can_be_cancelled():
    with pytest.raises(Cancelled):
        RunBudget(Limits(), is_cancelled=lambda: True).check()


def test_whether_it_was_cancelled_is_not_asked_at_every_look():
    asked = []
    budget = RunBudget(Limits(), is_cancelled=lambda: asked.append(1))
    for _ in range(100):
        budget.check()
    assert len(asked) < 100


def test_a_cell_in_a_page_ends_by_its_own_traffic_and_by_no_clock():
    budget = CellBudget()
    budget.traffic_bytes = FAR_TOO_MUCH
    with pytest.raises(LimitReached):
        budget.check()
    budget.begin(lambda: None)
    budget.check()


def test_the_owner_of_a_page_s_kernel_looks_at_every_check():
    def close():
        raise Closing

    budget = CellBudget()
    budget.begin(close)
    with pytest.raises(Closing):
        budget.check()
