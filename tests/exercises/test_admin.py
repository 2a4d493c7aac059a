"""The admin site: what an operator sees, and may have graded again or tried again."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from exercises import services
from exercises.grading import heartbeats, job_runner
from exercises.models import Exercise, ExerciseVersion, Priority, State, Submission
from tests.exercises.graders import changed, no_points, passing

DEAD = reverse("admin:exercises_deadletter_changelist")
EXERCISES = reverse("admin:exercises_exercise_changelist")


def test_an_operator_does_it_from_the_admin(graded, alice, charlie, client):
    graded(alice)
    client.force_login(charlie)
    url = reverse("admin:exercises_exercise_changelist")
    exercise = Exercise.objects.get()
    answer = client.post(url, {"action": "regrade", "_selected_action": [exercise.pk]}, follow=True)
    assert "1 submission is graded again." in answer.text
    assert Submission.objects.filter(priority=Priority.REGRADE).count() == 1
    assert LogEntry.objects.get().object_id == str(exercise.pk)


def test_an_operator_grades_all_versions_from_the_admin(graded, alice, charlie, client):
    graded(alice)
    client.force_login(charlie)
    exercise = Exercise.objects.get()
    exercise.version = ExerciseVersion.objects.create(
        exercise=exercise, digest="sha256:" + "cd" * 32, definition=exercise.version.definition
    )
    exercise.save()
    url = reverse("admin:exercises_exercise_changelist")
    answer = client.post(url, {"action": "regrade", "_selected_action": [exercise.pk]}, follow=True)
    assert "0 submissions are graded again." in answer.text
    assert "Only earlier versions have submissions" in answer.text
    answer = client.post(url, {"action": "regrade_all_versions", "_selected_action": [exercise.pk]}, follow=True)
    assert "1 submission is graded again." in answer.text
    assert Submission.objects.filter(priority=Priority.REGRADE).count() == 1


def test_an_operator_follows_it_in_the_admin(graded, exercise, alice, bob, charlie, client):
    for user in (alice, bob):
        graded(user)
    order = services.regrade(exercise=exercise, ordered_by=charlie)
    client.force_login(charlie)
    page = reverse("admin:exercises_regrade_changelist")
    assert "0 of 2" in client.get(page).text
    first, second = order.submissions.order_by("regrade_of__created_at")
    job_runner.run(first.id, grade_notebook=passing)
    job_runner.run(
        second.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(second))
    )
    text = client.get(reverse("admin:exercises_regrade_change", args=[order.pk])).text
    assert "2 of 2" in text and "1 the same, 1 worse" in text and "charlie" in text


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
