"""Messages: grade one submission on a worker of its queue; look after the ones whose worker or message was lost."""

from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from exercises import judging
from exercises.models import Submission

log = structlog.get_logger(__name__)
PRIORITY = 3  # 0 is first: interactive runs; then graded ones; then regrades (6)
RESEND_AFTER = timedelta(minutes=5)


def send(submission_id: UUID, queue: str) -> bool:
    """Send one submission to its queue; return False where the broker is away (`look_after` sends it later)."""
    try:
        grade_submission.apply_async(args=(str(submission_id),), queue=queue, priority=PRIORITY, retry=False)
    except OperationalError as error:
        log.warning("submission_not_sent", submission=str(submission_id), error=str(error))
        return False
    Submission.objects.filter(id=submission_id).update(sent_at=timezone.now())
    return True


@shared_task(name="exercises.grade_submission")
def grade_submission(submission_id: str) -> None:
    """Grade one submission. A message that comes twice, or too late, does nothing."""
    judging.judge(UUID(submission_id))
    for waiting in judging.sendable(UUID(submission_id)):
        send(waiting.id, waiting.queue)


@shared_task(name="exercises.look_after_submissions")
def look_after_submissions() -> None:
    """Take rows back from workers that fell silent, and send again what has no live message."""
    judging.release_stale()
    for submission in Submission.objects.unsent(RESEND_AFTER)[:1000]:
        send(submission.id, submission.queue)
