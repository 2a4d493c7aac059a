"""Rows that an address names, and who may reach them. Everything else answers 404."""

from uuid import UUID

from django.http import Http404, HttpRequest

from exercises import selectors
from exercises.models import Exercise, ExerciseVersion, Submission


def get_exercise(slug: str) -> tuple[Exercise, ExerciseVersion]:
    """Everybody may read a listed exercise."""
    exercise = selectors.find_exercise(slug)
    if exercise is None or exercise.version is None:
        raise Http404
    return exercise, exercise.version


def get_submission(request: HttpRequest, submission_id: UUID) -> Submission:
    """Only the owner and staff may know that a submission exists."""
    submission = selectors.find_submission(request.user, submission_id)
    if submission is None:
        raise Http404
    return submission
