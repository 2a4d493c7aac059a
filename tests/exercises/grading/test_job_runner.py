"""The life of a row: claimed once, kept alive, written once, taken back when its worker is gone."""

import json
import os
import threading
from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.db import DatabaseError, connection
from django.utils import timezone
from structlog.testing import capture_logs

from exercises import selectors, services, tasks
from exercises.assignment.report import Report
from exercises.grading import claims, events, job_runner, reports
from exercises.models import Priority, State, Submission
from learnpaths.progress.models import StepProgress

HOUR = timedelta(hours=1)


@pytest.fixture
def sent(monkeypatch):
    """What was sent to its queue, in order; nothing reaches the broker."""
    sent = []
    monkeypatch.setattr(tasks, "send", sent.append)
    return sent


def passing(definition, sources, **options):
    """An engine that gives every check its points."""
    return Report.from_json(passing_json(definition, sources, **options))


def passing_json(definition, sources, *, seed, on_event, is_cancelled):
    on_event("cell", {"id": "add", "status": "ok", "seconds": 0.1})
    checks = [
        {
            "id": check.id,
            "title": check.title,
            "hidden": check.hidden,
            "outcome": "passed",
            "points": check.points,
            "max_points": check.points,
            "message": "",
        }
        for check in definition.checks
    ]
    return {
        "exercise": definition.id,
        "version": definition.digest(),
        "verdict": "passed",
        "points": definition.max_points,
        "max_points": definition.max_points,
        "passed": True,
        "seed": seed,
        "checks": checks,
        "cells": [],
        "phases": {"start": 0.1},
        "limits": {},
        "runtime": {},
    }


def broken(*args, **options):
    raise RuntimeError("the jail did not start")


def changed(**changes):
    """An engine whose report differs from `passing`'s."""

    def engine(definition, sources, **options):
        return Report.from_json({**passing_json(definition, sources, **options), **changes})

    return engine


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


def test_a_claim_is_exclusive(submission):
    assert claims.claim(submission.id) is not None
    assert claims.claim(submission.id) is None


def test_a_message_that_comes_twice_does_nothing(submission):
    assert job_runner.run(submission.id, grade_notebook=passing) == "graded"
    assert job_runner.run(submission.id, grade_notebook=broken) == "busy"
    assert Submission.objects.get(id=submission.id).verdict == "passed"


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_wins(submission):
    wins = []
    barrier = threading.Barrier(6)

    def claim():
        barrier.wait()
        if claims.claim(submission.id):
            wins.append(1)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wins == [1]
    assert Submission.objects.get(id=submission.id).tries == 1


def test_a_learner_has_one_running_submission_per_queue(submission, alice, bob, exercise, answers):
    second = services.submit(user=alice, exercise=exercise, sources=answers)
    of_bob = services.submit(user=bob, exercise=exercise, sources=answers)
    first = claims.claim(submission.id)
    assert claims.claim(second.id) is None
    assert claims.claim(of_bob.id) is not None
    claims.finish(first, passing_report(first))
    assert claims.sendable(first.id) == [second]
    assert claims.claim(second.id) is not None


@pytest.mark.django_db(transaction=True)
def test_of_a_learners_many_submissions_claimed_at_once_one_runs(alice, bob, exercise, answers):
    rows = [services.submit(user=user, exercise=exercise, sources=answers) for user in [alice, bob] for _ in range(5)]
    barrier = threading.Barrier(len(rows))
    claimed, failures = [], []

    def claim(row):
        barrier.wait()
        try:
            claimed.extend(filter(None, [claims.claim(row.id)]))
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert {row.user for row in claimed} == {alice, bob} and len(claimed) == 2
    assert Submission.objects.running().count() == 2


def test_a_message_used_up_while_the_turn_was_taken_is_replaced(submission, alice, exercise, answers, sent):
    second = services.submit(user=alice, exercise=exercise, sources=answers)
    Submission.objects.update(sent_at=timezone.now())
    first = claims.claim(submission.id)
    assert claims.claim(second.id) is None
    tasks.look_after_submissions()
    assert sent == []  # its turn is still taken
    claims.finish(first, passing_report(first))
    tasks.look_after_submissions()
    assert sent == [second]


def test_a_cancelled_submission_makes_room_for_the_next(
    submission, alice, exercise, answers, sent, django_capture_on_commit_callbacks
):
    second = services.submit(user=alice, exercise=exercise, sources=answers)
    claims.claim(submission.id)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_submission(submission=submission)
    assert sent == [second]


def test_what_matters_more_goes_first(submission, alice, bob, exercise, answers):
    regrade = services.submit(user=bob, exercise=exercise, sources=answers)
    Submission.objects.filter(id=regrade.id).update(priority=Priority.REGRADE, created_at=timezone.now() - HOUR)
    interactive = services.submit(user=alice, exercise=exercise, sources=answers)
    Submission.objects.filter(id=interactive.id).update(priority=Priority.INTERACTIVE)
    assert list(Submission.objects.waiting()) == [interactive, submission, regrade]
    assert [len(Submission.objects.before(row)) for row in Submission.objects.waiting()] == [0, 1, 2]


def test_the_broker_hands_out_what_matters_more_first(submission, alice, exercise, answers, broker):
    for priority in (Priority.REGRADE, Priority.GRADED, Priority.INTERACTIVE):
        row = services.submit(user=alice, exercise=exercise, sources=answers)
        row.priority = priority
        row.save()
        assert tasks.send(row)
    with current_app.connection_for_read() as link:
        messages = [link.default_channel.basic_get("cpu", no_ack=True) for _ in range(3)]
    ids = [message.payload[0][0] for message in messages]
    assert [Submission.objects.get(id=each).priority for each in ids] == [0, 3, 6]


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


def test_a_message_says_when_its_submission_is_due(submission, broker):
    job_runner.run(submission.id, grade_notebook=broken)
    submission.refresh_from_db()
    tasks.send(submission)
    (key,) = broker.scan_iter("cpu*")
    eta = json.loads(broker.lindex(key, 0))["headers"]["eta"]
    assert abs(datetime.fromisoformat(eta) - submission.due_at) < timedelta(seconds=1)


def passing_report(submission):
    return passing(
        submission.version.parsed, {}, seed=submission.seed, on_event=lambda *_: None, is_cancelled=lambda: False
    )


def test_a_stale_row_goes_back_to_its_queue(submission):
    claimed = claims.claim(submission.id)
    assert claims.release_stale() == 0
    Submission.objects.update(heartbeat_at=timezone.now() - claims.SILENCE - timedelta(seconds=1))
    assert claims.release_stale() == 1
    submission.refresh_from_db()
    assert submission.state == State.QUEUED and submission.token is None
    # The worker was only slow: its report comes too late and is dropped.
    assert claims.finish(claimed, passing_report(claimed)) is False
    assert Submission.objects.get(id=submission.id).state == State.QUEUED
    assert not StepProgress.objects.exists()
    assert job_runner.run(submission.id, grade_notebook=passing) == "graded"


def test_a_slow_worker_cannot_write_over_the_next_claim(submission):
    first = claims.claim(submission.id)
    claims.release(first)
    second = claims.claim(submission.id)
    assert claims.finish(first, passing_report(first)) is False
    assert claims.release(first) is False
    assert claims.finish(second, passing_report(second)) is True


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


def test_a_worker_that_dies_three_times_ends_as_system_error(submission):
    for _ in range(3):
        claims.claim(submission.id)
        Submission.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        claims.release_stale()
    assert Submission.objects.get(id=submission.id).verdict == "system_error"


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "splendid"},
        {"verdict": "failed"},
        {"passed": 1},
        {"points": 3},
        {"points": 5},
        {"max_points": 5},
        {"checks": []},
        {"checks": None},
        {"cells": [{"id": "add", "status": "ok", "output": "x" * 3_000_000}]},
        {"cells": ["x"]},
    ],
)
def test_a_report_that_does_not_add_up_is_a_fault_of_ours(submission, changes):
    assert job_runner.run(submission.id, grade_notebook=changed(**changes)) == "released"
    assert Submission.objects.get(id=submission.id).points is None


def test_points_exist_only_for_checks_that_passed(submission):
    def generous(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        report["checks"][0]["outcome"] = "failed"
        return Report.from_json(report)

    assert job_runner.run(submission.id, grade_notebook=generous) == "released"


def test_a_missing_key_is_a_fault_of_ours(submission):
    def forgetful(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        del report["checks"][0]["outcome"]
        return Report.from_json(report)

    assert job_runner.run(submission.id, grade_notebook=forgetful) == "released"


def test_what_a_database_cannot_hold_is_replaced(submission):
    def odd(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        report["checks"][0]["message"] = "a\0b\ud800c"
        report["checks"][0]["metrics"] = [{"name": "x", "value": float("nan"), "threshold": float("inf")}]
        return Report.from_json(report)

    assert job_runner.run(submission.id, grade_notebook=odd) == "graded"
    check = Submission.objects.get(id=submission.id).report["checks"][0]
    assert check["message"] == "a\ufffdb?c"
    assert check["metrics"] == [{"name": "x", "value": None, "threshold": None, "better": "higher"}]


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


def test_the_best_submission_is_the_one_with_most_points(submission, alice, exercise, answers):
    job_runner.run(submission.id, grade_notebook=passing)
    worse = services.submit(user=alice, exercise=exercise, sources=answers)
    job_runner.run(worse.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(worse)))
    assert selectors.best_submission(alice, "add") == submission


def no_points(submission):
    return [{**check, "outcome": "failed"} for check in reports.empty_report(submission, "failed").to_json()["checks"]]


def test_looking_after_sends_what_has_no_live_message(submission, sent):
    tasks.look_after_submissions()
    assert sent == [submission]
    Submission.objects.update(sent_at=timezone.now())
    tasks.look_after_submissions()
    assert len(sent) == 1


def test_a_message_lost_from_an_empty_queue_is_missed_soon(submission, sent):
    Submission.objects.update(sent_at=timezone.now() - tasks.RESEND_FROM_EMPTY - timedelta(seconds=1))
    tasks.look_after_submissions()
    assert sent == [submission]


def test_a_message_that_may_still_wait_in_its_queue_is_missed_late(submission, alice, exercise, answers, monkeypatch):
    tasks.send(submission)  # a message that no worker takes
    sent = []
    monkeypatch.setattr(tasks, "send", sent.append)
    Submission.objects.update(sent_at=timezone.now() - tasks.RESEND_FROM_EMPTY - timedelta(seconds=1))
    tasks.look_after_submissions()
    assert sent == []
    Submission.objects.update(sent_at=timezone.now() - tasks.RESEND_AFTER - timedelta(seconds=1))
    tasks.look_after_submissions()
    assert sent == [submission]


def test_sending_puts_a_message_into_the_queue_of_the_hardware(submission, broker):
    assert tasks.send(submission) is True
    keys = [key.decode() for key in broker.scan_iter("cpu*")]
    assert len(keys) == 1
    assert str(submission.id).encode() in broker.lindex(keys[0], 0)
    assert Submission.objects.get(id=submission.id).sent_at is not None
