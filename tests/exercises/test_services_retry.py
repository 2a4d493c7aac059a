"""Dead letters: seen in the admin, tried again from there, with a trace of who did it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from exercises import services
from exercises.grading import claims, events, heartbeats, job_runner
from exercises.models import Draft, State, Submission
from tests.exercises.grading.test_job_runner import broken, passing

DEAD = reverse("admin:exercises_deadletter_changelist")
EXERCISES = reverse("admin:exercises_exercise_changelist")


@pytest.fixture
def dead(submission):
    """A submission that failed three times, and not by its learner's fault."""
    for _ in range(claims.MAX_TRIES):
        job_runner.run(submission.id, grade_notebook=broken)
    submission.refresh_from_db()
    return submission


def test_it_works(dead, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert services.retry_submission(submission=dead) is True
    assert (dead.state, dead.verdict, dead.tries, dead.retries) == (State.QUEUED, "", 0, 1)
    assert [event.kind for event in events.read(dead.id)] == ["queued"]
    assert job_runner.run(dead.id, grade_notebook=passing) == "graded"
    assert Submission.objects.get().passed


def test_only_a_fault_of_ours_is_tried_again(submission):
    job_runner.run(submission.id, grade_notebook=passing)
    assert services.retry_submission(submission=submission) is False
    assert submission.verdict == "passed"


def test_the_learner_sees_it(dead, as_alice):
    services.retry_submission(submission=dead)
    assert "an operator is having this one tried again" in as_alice.get(dead.get_absolute_url()).text
    job_runner.run(dead.id, grade_notebook=passing)
    assert "This one was tried again after a fault of ours" in as_alice.get(dead.get_absolute_url()).text


def test_an_operator_tries_again_from_the_admin(dead, alice, exercise, answers, client, charlie):
    fine = services.submit(user=alice, exercise=exercise, sources=answers)
    job_runner.run(fine.id, grade_notebook=passing)
    client.force_login(charlie)
    page = client.get(DEAD).text
    assert str(dead.id) in page and str(fine.id) not in page
    answer = client.post(DEAD, {"action": "retry", "_selected_action": [dead.id, fine.id]}, follow=True)
    assert "1 submission is tried again." in answer.text
    assert Submission.objects.get(id=dead.id).state == State.QUEUED
    assert Submission.objects.get(id=fine.id).state == State.FINISHED
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (charlie, str(dead.id))


def test_staff_without_the_right_see_but_do_not_touch(dead, bob, client):
    from django.contrib.auth.models import Permission

    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_deadletter"))
    client.force_login(bob)
    assert str(dead.id) in client.get(DEAD).text
    client.post(DEAD, {"action": "retry", "_selected_action": [dead.id]})
    assert Submission.objects.get().state == State.FINISHED


@pytest.mark.parametrize(
    ("announce", "text"),
    [
        (lambda: None, "no worker: submissions wait"),
        (lambda: heartbeats.announce("cpu", "warming"), "warming up"),
        (lambda: heartbeats.announce("cpu", "ready"), "ready"),
    ],
)
def test_the_admin_says_who_grades_an_exercise(exercise, client, charlie, announce, text):
    announce()
    client.force_login(charlie)
    assert f'<td class="field-worker">{text}</td>' in client.get(EXERCISES).text


def test_a_draft_is_no_concern_of_a_retry(dead):
    services.retry_submission(submission=dead)
    assert not Draft.objects.exists()
