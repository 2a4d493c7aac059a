"""Whose turn it is: what matters more first, every share in between, nobody starved."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from exercises import selectors, services
from exercises.grading import claims, heartbeats, job_runner, reports, scheduling
from exercises.models import Priority, State, Submission
from tests.exercises.graders import passing

START = datetime(2026, 1, 1, tzinfo=UTC)


def waiting(number, share, priority=3):
    return scheduling.Waiting(
        UUID(int=number), number, share, priority, START + timedelta(seconds=number), None, "", None
    )


def order(rows, running=None, served=None):
    return [row.id.int for row in scheduling.sort_by_turn(rows, running=running or {}, served=served or {})]


def test_it_works():
    assert order([waiting(2, "b"), waiting(1, "a"), waiting(3, "c")]) == [1, 2, 3]


def test_a_large_class_does_not_hold_up_a_small_one():
    rows = [waiting(number, "large") for number in range(1, 7)] + [waiting(7, "small"), waiting(8, "small")]
    assert order(rows) == [1, 7, 2, 8, 3, 4, 5, 6]


def test_what_runs_counts_for_its_share():
    rows = [waiting(1, "large"), waiting(2, "small"), waiting(3, "large")]
    assert order(rows, running={"large": 1}) == [2, 1, 3]


def test_of_two_shares_the_one_served_longest_ago_goes_first():
    rows = [waiting(1, "a"), waiting(2, "b"), waiting(3, "new")]
    served = {"a": START + timedelta(minutes=2), "b": START + timedelta(minutes=1)}
    assert order(rows, served=served) == [3, 2, 1]


def test_what_matters_more_goes_first_whatever_the_share():
    rows = [waiting(1, "a", priority=6), waiting(2, "b", priority=6), waiting(3, "a"), waiting(4, "a", priority=0)]
    assert order(rows, running={"a": 5}) == [4, 3, 2, 1]


@pytest.fixture
def submit(exercise, answers):
    def submit(user, **fields):
        row = services.submit(user=user, exercise=exercise, sources=answers)
        Submission.objects.filter(id=row.id).update(**fields)
        row.refresh_from_db()
        return row

    return submit


def test_a_message_takes_whose_turn_it_is(submit, alice, bob):
    first, second, of_bob = submit(alice), submit(alice), submit(bob)
    assert (first.share, of_bob.share) == (f"learner:{alice.pk}", f"learner:{bob.pk}")
    assert [claims.claim_next("cpu").id for _ in range(2)] == [first.id, of_bob.id]
    assert claims.claim_next("cpu") is None, "alice has one running"
    assert claims.claim_next("gpu") is None
    claims.finish(Submission.objects.get(id=first.id), reports.empty_report(first, "failed"))
    assert claims.claim_next("cpu").id == second.id


def test_one_learner_with_many_does_not_hold_up_another_on_one_slot(submit, alice, bob):
    of_alice = [submit(alice) for _ in range(3)]
    of_bob = submit(bob)
    graded = []
    while claimed := claims.claim_next("cpu"):
        graded.append(claimed.id)
        claims.finish(claimed, reports.empty_report(claimed, "failed"))
    assert graded == [of_alice[0].id, of_bob.id, of_alice[1].id, of_alice[2].id]


def test_a_worker_takes_only_what_it_has_the_runtime_for(submit, alice, bob):
    old, new = submit(alice, runtime="tf-1.15"), submit(bob)
    assert new.runtime == "tf-2.21"
    assert claims.claim_next("cpu", runtimes=["tf-2.21"]).id == new.id
    assert claims.claim_next("cpu", runtimes=["tf-2.21"]) is None
    assert claims.claim_next("cpu", runtimes=["tf-2.21", "tf-1.15"]).id == old.id


def test_what_is_not_due_waits(submit, alice):
    row = submit(alice, due_at=timezone.now() + timedelta(hours=1))
    assert claims.claim_next("cpu") is None
    Submission.objects.update(due_at=timezone.now())
    assert claims.claim_next("cpu").id == row.id


def test_the_place_says_the_same_as_the_turns(submit, alice, bob, charlie):
    heartbeats.announce("cpu", "ready", slots=1)
    rows = [submit(alice), submit(alice), submit(alice), submit(bob), submit(charlie, priority=Priority.REGRADE)]
    places = {row.id: selectors.queue_place(row).position for row in rows}
    taken = []
    while claimed := claims.claim_next("cpu"):
        taken.append(claimed.id)
        Submission.objects.filter(id=claimed.id).update(state=State.FINISHED, verdict="failed")
    assert [places[each] for each in taken] == [0, 1, 2, 3, 4]


def test_a_message_for_one_may_grade_another(submit, alice, bob, monkeypatch):
    from exercises import tasks

    monkeypatch.setattr(job_runner, "_engine", lambda: passing)
    monkeypatch.setattr(job_runner, "served_runtimes", lambda: None)
    late, early = submit(alice), submit(bob, created_at=timezone.now() - timedelta(hours=1))
    tasks.grade_submission(str(late.id))
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == (State.FINISHED, State.QUEUED)
    tasks.grade_submission(str(early.id))
    late.refresh_from_db()
    assert late.state == State.FINISHED
