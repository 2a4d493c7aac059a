"""Services: cancelling, hints and exercises from files (submitting, grading again, retries and drafts have files of their own)."""

from dataclasses import replace
from datetime import timedelta

from exercises import services
from exercises.grading import claims
from exercises.models import Exercise, HintView

HOUR = timedelta(hours=1)


def test_a_cancelled_submission_makes_room_for_the_next(
    submission, alice, exercise, answers, sent, django_capture_on_commit_callbacks
):
    second = services.submit(user=alice, exercise=exercise, sources=answers)
    claims.claim(submission.id)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_submission(submission=submission)
    assert sent == [second]


def test_cancelling_counts_once_and_keeps_the_row(submission):
    assert services.cancel_submission(submission=submission) is True
    assert (submission.state, submission.verdict, submission.points) == ("finished", "cancelled", 0)
    assert services.cancel_submission(submission=submission) is False


def test_a_hint_is_remembered_once(alice, exercise):
    for _ in range(2):
        services.record_hint(user=alice, exercise=exercise, cell="add", stage=1)
    assert HintView.objects.count() == 1


def test_an_exercise_is_saved_once_per_version(db, definition):
    kinds = [
        services.save_exercise(definition=each) for each in (definition, definition, replace(definition, title="+"))
    ]
    assert kinds == ["created", "unchanged", "updated"]
    exercise = Exercise.objects.get()
    assert (exercise.title, exercise.versions.count()) == ("+", 2)


def test_an_exercise_of_the_exam_pool_is_on_no_list(db, definition):
    services.save_exercise(definition=replace(definition, pool="exam"))
    assert not Exercise.objects.listed()


def test_what_has_no_files_is_retired_and_its_results_stay(submission):
    assert services.retire_exercises(except_for={"add"}) == 0
    assert services.retire_exercises(except_for={"other"}) == 1
    assert not Exercise.objects.listed() and Exercise.objects.get().pk == submission.exercise_id
