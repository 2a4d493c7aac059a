"""Reads: where a waiting submission stands and how long its turn takes to come; what came of it; whose is the best."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from structlog.testing import capture_logs

from exercises import selectors, services
from exercises.grading import events, heartbeats, job_runner
from exercises.models import Exercise, Priority, State, Submission
from exercises.selectors import Place
from tests.exercises.graders import changed, no_points, passing
from tests.exercises.samples import write_exercise


@pytest.fixture
def submit(measured, answers, charlie):
    def submit(user=charlie, **fields):
        submission = services.submit(user=user, exercise=measured, sources=answers)
        Submission.objects.filter(id=submission.id).update(**fields)
        submission.refresh_from_db()
        return submission

    return submit


def test_it_works(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    submit()
    assert selectors.queue_place(submit(alice)) == Place(position=2, seconds=20)


def test_several_slots_share_the_work(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=2)
    submit(bob)
    submit()
    assert selectors.queue_place(submit(alice)) == Place(position=2, seconds=10)


def test_a_free_slot_is_no_wait(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=2)
    submit(bob)
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=0)


def test_a_learners_own_come_one_after_the_other(submit, alice):
    heartbeats.announce("cpu", "ready", slots=8)
    submit(alice)
    submit(alice)
    assert selectors.queue_place(submit(alice)) == Place(position=2, seconds=20)


def test_what_runs_has_less_left(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob, state=State.RUNNING, started_at=timezone.now() - timedelta(seconds=7))
    place = selectors.queue_place(submit(alice))
    assert place.position == 1 and place.seconds is not None and place.seconds <= 3


def test_what_takes_longer_than_usual_is_not_owed_time(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob, state=State.RUNNING, started_at=timezone.now() - timedelta(seconds=70))
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=0)


def test_regrades_hold_nobody_up(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob, priority=Priority.REGRADE)
    assert selectors.queue_place(submit(alice)) == Place(position=0, seconds=0)


def test_nobody_knows_without_a_worker(submit, alice, bob):
    submit(bob)
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=None)


def test_nobody_knows_what_was_never_graded(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    Exercise.objects.update(service_seconds=None)
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=None)


def test_the_place_is_told_as_an_event(alice, bob, submit, measured, answers, django_capture_on_commit_callbacks):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    with django_capture_on_commit_callbacks(execute=True):
        mine = services.submit(user=alice, exercise=measured, sources=answers)
    assert [event.data for event in events.read(mine.id)] == [{"position": 1, "seconds": 10}]


def test_the_page_and_the_api_say_it(submit, alice, bob, as_alice, api, django_assert_num_queries):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    submit()
    mine = submit(alice)
    assert "Your turn comes in about 20 seconds" in as_alice.get(f"/submissions/{mine.id}/status/").text
    assert api.get(f"/api/v1/submissions/{mine.id}/").json()["wait_seconds"] == 20
    with django_assert_num_queries(4):
        selectors.queue_place(mine)


def test_a_learner_sees_that_it_is_tried_again(submission, as_alice):
    def broken(*args, **options):
        raise RuntimeError

    job_runner.run(submission.id, grade_notebook=broken)
    assert "it is being tried again" in as_alice.get(f"/submissions/{submission.id}/").text


def test_the_best_submission_is_the_one_with_most_points(submission, alice, exercise, answers):
    job_runner.run(submission.id, grade_notebook=passing)
    worse = services.submit(user=alice, exercise=exercise, sources=answers)
    job_runner.run(worse.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(worse)))
    assert selectors.best_submission(alice, "add") == submission


def test_a_definition_comes_from_the_first_root_that_has_it(definition, tmp_path):
    folder = write_exercise(tmp_path / "own")
    assert folder.exists()
    assert selectors.definition_from_files("add", [tmp_path / "none", tmp_path / "own"]).id == "add"
    assert selectors.definition_from_files("../add", [tmp_path / "own"]) is None
    assert selectors.definition_from_files("no-such", [tmp_path / "own"]) is None


def test_a_retired_exercise_is_not_found(exercise):
    assert selectors.find_exercise("add") == exercise and selectors.definition("add").id == "add"
    Exercise.objects.update(is_listed=False)
    assert selectors.find_exercise("add") is None and selectors.definition("add") is None


def test_visitors_have_neither_history_nor_draft_nor_best(exercise):
    visitor = AnonymousUser()
    assert not selectors.history(visitor, exercise)
    assert selectors.find_draft(visitor, exercise) is None and selectors.best_points(visitor) == {}


@pytest.mark.parametrize("stored", [{"points": 4}, ["a list"], "a text"])
def test_a_report_that_cannot_be_read_is_none_and_logged(submission, stored):
    submission.report = stored
    with capture_logs() as lines:
        assert selectors.find_report(submission) is None
    assert [(line["event"], line["log_level"]) for line in lines] == [("malformed_report", "error")]
    assert selectors.report(submission).points == 0 and selectors.report_json(submission)["points"] == 0


def test_the_cost_of_a_run_is_what_was_measured(submission):
    job_runner.run(submission.id, grade_notebook=passing)
    submission.refresh_from_db()
    assert selectors.run_cost(submission) == selectors.Cost(seconds=0.1, cpu_seconds=None)
    submission.report |= {"usage": {"cpu_seconds": 1.5}, "phases": {"queued": 9, "start": 1, "run": 2, "check": 3}}
    assert selectors.run_cost(submission) == selectors.Cost(seconds=6.0, cpu_seconds=1.5)


@pytest.mark.parametrize(
    ("new", "old", "result"),
    [
        ({"points": 3}, {"points": 2}, "better"),
        ({"points": 2}, {"points": 2}, "same"),
        ({"points": 1}, {"points": 2}, "worse"),
        ({"points": 5, "max_points": 10}, {"points": 2, "max_points": 4}, "same"),
        ({"points": 3}, {"points": None}, "new"),
        ({"points": 3}, None, "new"),
        ({"points": 0, "verdict": "system_error"}, {"points": 2}, "system_error"),
    ],
)
def test_results_are_compared_by_their_share_of_the_points(new, old, result):
    before = Submission(**{"max_points": 4} | old) if old else None
    assert selectors.compare_results(Submission(**{"max_points": 4, "regrade_of": before} | new)) == result
