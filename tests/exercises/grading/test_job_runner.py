"""The life of a row: claimed once, kept alive, written once, taken back when its worker is gone."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from exercises import selectors, services, tasks
from exercises.assignment.report import Report
from exercises.grading import claims, events, job_runner
from exercises.models import State, Submission
from learnpaths.progress.models import StepProgress
from tests.exercises.graders import broken, passing, passing_json

HOUR = timedelta(hours=1)


def kinds(submission):
    return [event.kind for event in events.read(submission.id)]


def test_it_works(submission):
    assert job_runner.run(submission.id, grade_notebook=passing) == "graded"
    submission.refresh_from_db()
    assert (submission.state, submission.verdict, submission.points, submission.passed) == (
        "finished",
        "passed",
        4,
        True,
    )
    assert submission.report["seed"] == submission.seed
    assert submission.report["phases"].keys() == {"start", "queued"}
    assert submission.token is None and submission.tries == 1
    assert kinds(submission) == ["started", "cell", "finished"]
    assert events.read(submission.id)[-1].data == {"verdict": "passed", "points": 4, "max_points": 4, "passed": True}


def test_each_grading_is_one_line_of_log(submission):
    with capture_logs() as lines:
        job_runner.run(submission.id, grade_notebook=passing)
    (line,) = [line for line in lines if line["event"] == "graded"]
    assert (line["user"], line["exercise"], line["verdict"], line["points"]) == (submission.user_id, "add", "passed", 4)
    assert line["submission"] == str(submission.id)
    assert line["seconds"] >= 0
    assert line["worker"].endswith(f":{os.getpid()}")
    assert submission.user.email not in str(lines)


def test_the_engine_gets_the_version_that_was_submitted(submission, answers):
    seen = {}

    def engine(definition, sources, *, seed, **options):
        seen.update(definition=definition, sources=sources, seed=seed)
        return passing(definition, sources, seed=seed, **options)

    job_runner.run(submission.id, grade_notebook=engine)
    assert seen == {"definition": submission.version.parsed, "sources": answers, "seed": submission.seed}


def test_the_step_is_recorded(submission):
    job_runner.run(submission.id, grade_notebook=passing)
    step = StepProgress.objects.get(user=submission.user, kind="exercise", slug="add")
    assert step.completed_at is not None
    assert (step.points, step.max_points) == (4, 4)


def test_a_message_that_comes_twice_does_nothing(submission):
    assert job_runner.run(submission.id, grade_notebook=passing) == "graded"
    assert job_runner.run(submission.id, grade_notebook=broken) == "busy"
    assert Submission.objects.get(id=submission.id).verdict == "passed"


def test_a_fault_of_ours_is_tried_again_after_a_pause(submission, sent, broker):
    for pause in claims.PAUSES:
        job_runner.run(submission.id, grade_notebook=broken)
        submission.refresh_from_db()
        assert pause - timedelta(seconds=1) < submission.due_at - timezone.now() <= pause
        tasks.look_after_submissions()
        assert sent == []
        Submission.objects.update(due_at=timezone.now())
        tasks.look_after_submissions()
        assert sent == [submission]
        sent.clear()


def test_three_faults_of_ours_end_as_system_error_and_cost_no_attempt(submission, alice):
    for _ in range(2):
        assert job_runner.run(submission.id, grade_notebook=broken) == "released"
        assert Submission.objects.get(id=submission.id).state == State.QUEUED
        assert claims.sendable(submission.id) == [submission]
    assert job_runner.run(submission.id, grade_notebook=broken) == "released"
    submission.refresh_from_db()
    assert (submission.state, submission.verdict, submission.points) == ("finished", "system_error", 0)
    assert {check["outcome"] for check in submission.report["checks"]} == {"not_run"}
    assert Submission.objects.of(alice).attempts().count() == 0
    assert selectors.best_submission(alice, "add") is None
    assert not StepProgress.objects.exists()
    assert kinds(submission)[-1] == "finished"


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_a_row_alive_and_notices_a_cancellation(submission, monkeypatch):
    monkeypatch.setattr(claims, "HEARTBEAT_SECONDS", 0.02)

    def engine(definition, sources, *, is_cancelled, **options):
        first = Submission.objects.get(id=submission.id).heartbeat_at
        while Submission.objects.get(id=submission.id).heartbeat_at == first:
            pass
        assert not is_cancelled()
        services.cancel_submission(submission=submission)
        while not is_cancelled():
            pass
        return passing(definition, sources, is_cancelled=is_cancelled, **options)

    assert job_runner.run(submission.id, grade_notebook=engine) == "lost"
    submission.refresh_from_db()
    assert submission.verdict == "cancelled"
    assert not StepProgress.objects.exists()


def test_a_failed_run_keeps_its_points_but_completes_nothing(submission):
    def failing(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        report["checks"][1].update(outcome="failed", points=0)
        return Report.from_json({**report, "verdict": "failed", "passed": False, "points": 1})

    job_runner.run(submission.id, grade_notebook=failing)
    step = StepProgress.objects.get(slug="add")
    assert step.completed_at is None and step.points == 1
