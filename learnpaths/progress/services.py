"""Keep what people did. Every function may be called again with the same values without harm."""

from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model
from django.dispatch import Signal
from django.utils import timezone

from learnpaths.accounts.models import User
from learnpaths.catalog.models import Path
from learnpaths.progress.models import CheckpointAnswer, Enrolment, StepProgress
from learnpaths.progress.signals import checkpoint_answered, step_completed

log = structlog.get_logger(__name__)


@transaction.atomic
def record_step(
    *, user: User, kind: str, slug: str, completed: bool, points: int | None = None, max_points: int | None = None
) -> StepProgress:
    """Keep the better of the known and this result of a step, and enrol the person where the step belongs.

    Raises ValidationError for points that make no sense.
    """
    row, _ = StepProgress.objects.select_for_update().get_or_create(user=user, kind=kind, slug=slug)
    if completed and row.completed_at is None:
        row.completed_at = timezone.now()
    if points is not None and max_points is not None and row.is_beaten_by(points, max_points):
        row.points, row.max_points = points, max_points
    row.full_clean()
    row.save()
    visit_step(user=user, kind=kind, slug=slug)
    if completed:
        transaction.on_commit(lambda: _announce(step_completed, StepProgress, user=user, kind=kind, slug=slug))
    return row


def _announce(signal: Signal, sender: type[Model], **what: Any) -> None:
    """Tell who listens; a listener that fails must not undo what the learner reached."""
    for receiver, result in signal.send_robust(sender=sender, **what):
        if isinstance(result, Exception):
            log.error("a receiver of progress failed", receiver=str(receiver), exc_info=result)


@transaction.atomic
def visit_step(*, user: User, kind: str, slug: str) -> None:
    """Remember the step as the place to resume at, on each path of the person that has it.

    Somebody on none of these paths is enrolled in the first of them.
    """
    paths = list(Path.objects.listed().filter(units__steps__kind=kind, units__steps__slug=slug).distinct())
    enrolments = Enrolment.objects.filter(user=user, path__in=paths)
    if paths and not enrolments.update(kind=kind, slug=slug, visited_at=timezone.now()):
        Enrolment.objects.update_or_create(user=user, path=paths[0], defaults={"kind": kind, "slug": slug})


@transaction.atomic
def record_answer(*, user: User, lesson: str, checkpoint: str, answer: str, is_correct: bool) -> CheckpointAnswer:
    """Keep the latest answer to a checkpoint and count the tries."""
    row = CheckpointAnswer.objects.select_for_update().filter(user=user, lesson=lesson, checkpoint=checkpoint).first()
    if row is None:
        row = CheckpointAnswer(user=user, lesson=lesson, checkpoint=checkpoint, tries=0)
    row.answer, row.is_correct = answer, is_correct
    row.tries += 1
    row.full_clean()
    row.save()
    transaction.on_commit(
        lambda: _announce(checkpoint_answered, CheckpointAnswer, user=user, lesson=lesson, checkpoint=checkpoint)
    )
    return row
