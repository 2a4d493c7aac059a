"""A row has one claim at a time, a learner one running row per queue; a claim that was lost writes nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from exercises import services
from exercises.grading import claims, job_runner
from exercises.models import State, Submission
from learnpaths.progress.models import StepProgress
from tests.exercises.graders import passing, passing_report

HOUR = timedelta(hours=1)


def test_a_claim_is_exclusive(submission):
    assert claims.claim(submission.id) is not None
    assert claims.claim(submission.id) is None


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


def test_a_worker_that_dies_three_times_ends_as_system_error(submission):
    for _ in range(3):
        claims.claim(submission.id)
        Submission.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        claims.release_stale()
    assert Submission.objects.get(id=submission.id).verdict == "system_error"


def test_the_median_of_the_last_gradings_is_kept(alice, measured, answers):
    for seconds in (1, 2, 60):
        finished = services.submit(user=alice, exercise=measured, sources=answers)
        job_runner.run(finished.id, grade_notebook=passing)
        row = Submission.objects.get(id=finished.id)
        Submission.objects.filter(id=row.id).update(started_at=row.finished_at - timedelta(seconds=seconds))
    claims.measure(measured.id)
    measured.refresh_from_db()
    assert measured.service_seconds == 2.0


def test_faults_of_ours_are_not_measured(submission, measured):
    now = timezone.now()
    Submission.objects.update(state=State.FINISHED, verdict="system_error", started_at=now, finished_at=now)
    claims.measure(measured.id)
    measured.refresh_from_db()
    assert measured.service_seconds == 10.0
