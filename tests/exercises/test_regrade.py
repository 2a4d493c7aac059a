"""Grading again: what is chosen, that it waits behind everything else, and that nobody loses by it."""

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from exercises import selectors, services
from exercises.grading import heartbeats, job_runner
from exercises.models import Exercise, ExerciseVersion, Priority, Submission
from learnpaths.progress.models import StepProgress
from tests.exercises.grading.test_job_runner import changed, no_points, passing


@pytest.fixture
def graded(exercise, answers):
    """Submit for a person and grade it: with all points, or with none."""

    def graded(user, passes=True):
        row = services.submit(user=user, exercise=exercise, sources=answers)
        engine = passing if passes else changed(verdict="failed", passed=False, points=0, checks=no_points(row))
        job_runner.run(row.id, grade_notebook=engine)
        row.refresh_from_db()
        return row

    return graded


def rows_of(order):
    return list(order.submissions.order_by("regrade_of__created_at"))


def test_it_works(graded, exercise, alice, bob):
    best, _middle, last = graded(alice), graded(alice, passes=False), graded(alice, passes=False)
    of_bob = graded(bob)
    rows = rows_of(services.regrade(exercise=exercise))
    assert [row.regrade_of for row in rows] == [best, last, of_bob]
    for row in rows:
        assert (row.priority, row.seed, row.sources) == (
            Priority.REGRADE,
            row.regrade_of.seed,
            row.regrade_of.sources,
        )
        assert (row.user, row.version_id) == (row.regrade_of.user, exercise.version_id)


def test_nobodys_best_gets_worse(graded, exercise, alice):
    best = graded(alice)
    (again,) = rows_of(services.regrade(exercise=exercise))
    job_runner.run(again.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(again)))
    assert selectors.best_submission(alice, "add") == best
    assert StepProgress.objects.get(user=alice).points == 4
    assert Submission.objects.filter(id=best.id).get().points == 4


def test_a_better_result_counts(graded, exercise, alice):
    graded(alice, passes=False)
    (again,) = rows_of(services.regrade(exercise=exercise))
    job_runner.run(again.id, grade_notebook=passing)
    assert selectors.best_submission(alice, "add") == again
    assert StepProgress.objects.get(user=alice).completed_at is not None


def test_it_is_no_attempt_of_the_learner(graded, exercise, alice):
    graded(alice)
    services.regrade(exercise=exercise)
    assert Submission.objects.of(alice).attempts().count() == 1


def test_what_is_being_graded_again_already_is_left_alone(graded, exercise, alice):
    first = graded(alice)
    (again,) = rows_of(services.regrade(exercise=exercise))
    assert services.regrade(exercise=exercise) is None
    job_runner.run(again.id, grade_notebook=passing)
    assert [row.regrade_of for row in rows_of(services.regrade(exercise=exercise))] == [first]


def test_earlier_versions_only_if_asked(graded, exercise, alice):
    old = graded(alice)
    exercise.version = ExerciseVersion.objects.create(
        exercise=exercise, digest="sha256:new", definition=exercise.version.definition
    )
    exercise.save()
    assert services.regrade(exercise=exercise) is None
    (again,) = rows_of(services.regrade(exercise=exercise, all_versions=True))
    assert (again.regrade_of, again.version) == (old, exercise.version)


def test_a_cell_that_is_new_gets_its_starter(graded, exercise, alice):
    old = graded(alice)
    Submission.objects.filter(id=old.id).update(sources={"add": old.sources["add"], "gone": "x = 1"})
    (again,) = rows_of(services.regrade(exercise=exercise))
    assert again.sources == {"add": old.sources["add"], "twice": "twice = None  # Your code here"}


def test_what_we_failed_to_grade_is_not_chosen(submission, exercise):
    services.cancel_submission(submission=submission)
    assert services.regrade(exercise=exercise) is None


def test_a_dry_run_only_says(graded, alice, capsys):
    graded(alice)
    call_command("regrade", "add", "--dry-run")
    assert "1 submissions of 1 learners would be graded again." in capsys.readouterr().out
    assert Submission.objects.count() == 1


def test_an_unknown_exercise_is_refused(db):
    with pytest.raises(CommandError, match="no listed exercise named 'nothing'"):
        call_command("regrade", "nothing")


def test_without_a_worker_it_says_that_they_wait(graded, alice, capsys):
    graded(alice)
    call_command("regrade", "add", "--no-wait")
    said = capsys.readouterr()
    assert "to grade again" in said.out and "No cpu worker is running" in said.err


@pytest.mark.django_db(transaction=True)
def test_it_reports_progress(graded, alice, bob, capsys):
    heartbeats.announce("cpu", "ready")
    for user in (alice, bob):
        graded(user)
    done = threading.Event()

    def grade():
        while not done.is_set():
            for row in Submission.objects.waiting()[:1]:
                job_runner.run(row.id, grade_notebook=passing)
        connection.close()

    worker = threading.Thread(target=grade)
    worker.start()
    try:
        call_command("regrade", "add")
    finally:
        done.set()
        worker.join()
    assert "2 of 2 graded: 2 same" in capsys.readouterr().out


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
    first, second = rows_of(order)
    job_runner.run(first.id, grade_notebook=passing)
    job_runner.run(
        second.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(second))
    )
    text = client.get(reverse("admin:exercises_regrade_change", args=[order.pk])).text
    assert "2 of 2" in text and "1 the same, 1 worse" in text and "charlie" in text
