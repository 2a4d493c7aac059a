"""Celery tasks: grade one submission on a worker of its queue; recover those whose worker or message was lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from exercises.grading import claims, job_runner
from exercises.models import Queue, Submission

log = structlog.get_logger(__name__)
RESEND_AFTER = timedelta(minutes=5)  # while its queue holds messages, one of them may be the submission's own
RESEND_FROM_EMPTY = timedelta(seconds=10)  # its queue holds none, so its message was lost with a worker or the broker
MOST_AT_ONCE = 1000


def send(submission: Submission) -> bool:
    """Send a submission to its queue, in time for when it is due; False where the broker is away.

    `look_after_submissions` sends later what could not be sent now.
    """
    wait = (submission.due_at - timezone.now()).total_seconds() if submission.due_at else 0.0
    try:
        grade_submission.apply_async(
            args=(str(submission.id),),
            queue=submission.queue,
            priority=submission.priority,
            countdown=max(wait, 0.0),
            retry=False,
        )
    except (OperationalError, ChannelError) as error:  # away, or refuses writes because its disk is full
        log.warning("submission_not_sent", submission=str(submission.id), error=str(error))
        return False
    Submission.objects.filter(id=submission.id).update(sent_at=timezone.now())
    return True


def send_next(submission_id: UUID) -> None:
    """Send what an ended submission held up: the same learner's next one of the queue, or itself once more."""
    for waiting in claims.sendable(submission_id):
        send(waiting)


@shared_task(name="exercises.grade_submission")
def grade_submission(submission_id: str) -> None:
    """Grade the submission whose turn it is in the queue of the one that this message was sent for.

    As many messages are sent as submissions, so each gets its turn. A message that comes twice, or too late, does nothing.
    """
    queue = Submission.objects.filter(id=UUID(submission_id)).values_list("queue", flat=True).first()
    graded = job_runner.run_next(queue, runtimes=job_runner.served_runtimes()) if queue else None
    if graded:
        send_next(graded)


@shared_task(name="exercises.look_after_submissions")
def look_after_submissions() -> None:
    """Take rows back from workers that fell silent, and send again what has no live message."""
    claims.release_stale()
    for queue in Queue.values:
        age = RESEND_AFTER if _holds_messages(queue) else RESEND_FROM_EMPTY
        for submission in Submission.objects.unsent(age).filter(queue=queue)[:MOST_AT_ONCE]:
            send(submission)


def _holds_messages(queue: str) -> bool:
    with current_app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        try:
            return bool(channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            return False  # nothing was ever sent to it
