"""Questions about submissions, as their querysets answer them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.utils import timezone

from exercises import services
from exercises.grading import job_runner
from exercises.models import Priority, Submission
from tests.exercises.graders import passing

HOUR = timedelta(hours=1)


def test_what_matters_more_goes_first(submission, alice, bob, exercise, answers):
    regrade = services.submit(user=bob, exercise=exercise, sources=answers)
    Submission.objects.filter(id=regrade.id).update(priority=Priority.REGRADE, created_at=timezone.now() - HOUR)
    interactive = services.submit(user=alice, exercise=exercise, sources=answers)
    Submission.objects.filter(id=interactive.id).update(priority=Priority.INTERACTIVE)
    assert list(Submission.objects.waiting()) == [interactive, submission, regrade]


def test_one_sees_ones_own(submission, alice, bob):
    assert list(Submission.objects.visible_to(alice)) == [submission]
    assert not Submission.objects.visible_to(bob) and not Submission.objects.visible_to(AnonymousUser())


def test_with_the_right_one_sees_all(submission, bob):
    bob.user_permissions.add(Permission.objects.get(codename="view_submission"))
    assert list(Submission.objects.visible_to(bob)) == [submission]


@pytest.mark.parametrize("verdict", ["system_error", "cancelled"])
def test_ends_that_are_no_fault_of_the_learner_do_not_count(submission, verdict):
    job_runner.run(submission.id, grade_notebook=passing)
    assert list(Submission.objects.attempts()) == list(Submission.objects.for_grade()) == [submission]
    Submission.objects.update(verdict=verdict)
    assert not Submission.objects.attempts() and not Submission.objects.for_grade()


def test_a_row_is_stale_when_its_worker_is_silent(submission):
    silence = timedelta(seconds=15)
    Submission.objects.update(state="running", heartbeat_at=timezone.now())
    assert not Submission.objects.stale(silence)
    Submission.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=16))
    assert list(Submission.objects.stale(silence)) == [submission]


def test_unsent_is_what_no_message_may_be_left_for(submission):
    age = timedelta(minutes=5)
    assert list(Submission.objects.unsent(age)) == [submission]
    Submission.objects.update(sent_at=timezone.now())
    assert not Submission.objects.unsent(age)
    Submission.objects.update(sent_at=None, due_at=timezone.now() + HOUR)
    assert not Submission.objects.unsent(age)
