"""Reads: what pages, the API and other apps ask of exercises and submissions."""

import pathlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import redis
from django.db.models import Q

from exercises import events, judging, presence
from exercises.assignment.definition import Definition
from exercises.assignment.reader import is_id, read_exercise
from exercises.models import Draft, Exercise, Submission
from exercises.querysets import SubmissionQuerySet
from learnpaths.catalog.models import Path, Step
from learnpaths.progress.models import Enrolment


def definition(slug: str) -> Definition | None:
    """Return the current version's definition, or None where there is no such exercise."""
    exercise = find_exercise(slug)
    return exercise.version.parsed if exercise and exercise.version else None


def definition_from_files(slug: str, content_dirs: Iterable[pathlib.Path]) -> Definition | None:
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


def history(user: Any, exercise: Exercise) -> SubmissionQuerySet:
    """Return the learner's submissions of an exercise, newest first."""
    if not user.is_authenticated:
        return Submission.objects.none()
    return Submission.objects.of(user).filter(exercise=exercise).order_by("-created_at", "-id")


def report(submission: Submission) -> dict[str, Any]:
    """Return the report of a submission; before the engine has spoken, or where it never did, an empty one."""
    return submission.report or judging.empty_report(submission, submission.verdict)


def next_step(user: Any, slug: str) -> Step | None:
    """Return the step that follows an exercise on the person's path (or on the first path that has it)."""
    paths = Path.objects.listed().with_steps().filter(units__steps__kind="exercise", units__steps__slug=slug)
    paths = paths.distinct().order_by("position", "slug")
    enrolled = set(Enrolment.objects.filter(user=user, path__in=paths).values_list("path_id", flat=True))
    for path in sorted(paths, key=lambda path: path.pk not in enrolled):
        steps = path.steps
        position = next(index for index, step in enumerate(steps) if step.key == ("exercise", slug))
        return steps[position + 1] if position + 1 < len(steps) else None
    return None


@dataclass(kw_only=True)
class Progress:
    """What the events of a run say so far: cells and checks by id, and the id of the last event."""

    is_started: bool = False
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_id: str = events.START


def progress(submission: Submission) -> Progress:
    """Return how far a submission is; nothing is known where the broker cannot be asked."""
    found = Progress()
    try:
        history = events.read(submission.id)
    except redis.RedisError:
        return found
    for event in history:
        found.last_id = event.id
        if event.kind == "queued":
            found = Progress(last_id=event.id)  # given back to the queue: the run begins anew
        elif event.kind == "started":
            found.is_started = True
        elif event.kind == "cell":
            found.cells[event.data["id"]] = event.data
        elif event.kind == "check":
            found.checks[event.data["id"]] = event.data
    return found


def best_points(user: Any) -> dict[int, Submission]:
    """Return the person's best submission by exercise, in one query."""
    if not user.is_authenticated:
        return {}
    best: dict[int, Submission] = {}
    rows = Submission.objects.of(user).best_first().only("exercise_id", "points", "max_points", "passed")
    for submission in rows:
        best.setdefault(submission.exercise_id, submission)
    return best
