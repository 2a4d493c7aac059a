"""Reads: what pages, the API and other apps ask of exercises and submissions."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q

from exercises import presence
from exercises.assignment.definition import Definition
from exercises.assignment.reader import is_id, read_exercise
from exercises.models import Draft, Exercise, Submission


def definition(slug: str) -> Definition | None:
    """Return the current version's definition, or None where there is no such exercise."""
    exercise = find_exercise(slug)
    return exercise.version.parsed if exercise and exercise.version else None


def definition_from_files(slug: str, content_dirs: Iterable[Path]) -> Definition | None:
    """Return the definition of the first content root that has a sound exercise of that name; no database."""
    for root in content_dirs:
        folder = root / "exercises" / slug
        if is_id(slug) and folder.is_dir():
            return read_exercise(folder, root / "data")[0]
    return None


def find_exercise(slug: str) -> Exercise | None:
    """Return a listed exercise with its current version."""
    return Exercise.objects.listed().select_related("version").filter(slug=slug).first()


def best_submission(user: Any, slug: str) -> Submission | None:
    """Return the learner's best finished submission of an exercise: passed first, then by points, then the earliest."""
    return Submission.objects.of(user).filter(exercise__slug=slug).best_first().select_related("version").first()


def find_submission(user: Any, submission_id: UUID) -> Submission | None:
    """Return a submission if this person may see it."""
    rows = Submission.objects.visible_to(user).select_related("exercise", "version", "user")
    return rows.filter(id=submission_id).first()


def find_draft(user: Any, exercise: Exercise) -> Draft | None:
    if not user.is_authenticated:
        return None
    return Draft.objects.filter(user=user, exercise=exercise).first()


def queue_position(submission: Submission) -> int:
    """Return how many submissions run or wait before this one in its queue (0: it is next)."""
    earlier = Q(created_at__lt=submission.created_at) | Q(created_at=submission.created_at, id__lt=submission.id)
    rows = Submission.objects.filter(queue=submission.queue)
    return rows.waiting().filter(earlier).count() + rows.running().exclude(id=submission.id).count()


def queue_state(queue: str) -> str:
    """Return `ready`, `warming`, or `none` where no worker of the queue is alive."""
    states = {worker.state for worker in presence.workers(queue)}
    return "ready" if "ready" in states else "warming" if states else "none"
