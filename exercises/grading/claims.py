"""Claims on submissions: taken, kept alive by heartbeats, released, and ended with a result.

The row is the source of truth. A claim is a token in it; every write is conditional on that token, so a worker that was thought
dead, or whose submission was cancelled meanwhile, writes nothing. That a learner has one running row per queue is a constraint
of the database, so that two workers cannot get it wrong. A fault of ours is retried twice, after pauses, and then ends as
`system_error`, which costs the learner no attempt; an operator can have it tried again.
"""

import statistics
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import redis
import structlog
from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from exercises.assignment.report import Report
from exercises.grading import events, scheduling
from exercises.grading.reports import empty_report
from exercises.models import Exercise, State, Submission, Verdict
from learnpaths.core.workers import worker_name
from learnpaths.progress import services as progress

log = structlog.get_logger(__name__)
MAX_TRIES = 3
# Before the second and the third try: long enough for a worker that restarts, short enough for somebody who waits
PAUSES = (timedelta(seconds=2), timedelta(seconds=10))
HEARTBEAT_SECONDS = 2.0
CANCEL_POLL_SECONDS = (
    0.25  # how often the event stream is asked whether the submission was cancelled; costs no database query
)
SILENCE = timedelta(seconds=15)  # a worker that wrote no heartbeat for so long is gone
MEASURED_GRADINGS = 20  # in the median: recent enough to follow a new version, enough to outweigh an odd one


def claim_next(queue: str, *, runtimes: Collection[str] | None = None) -> Submission | None:
    """Claim the submission whose turn it is in a queue, of one of these runtimes; None where there is none."""
    busy = set(Submission.objects.running().filter(queue=queue).values_list("user_id", flat=True))
    for row in scheduling.list_waiting(queue):
        is_served = runtimes is None or not row.runtime or row.runtime in runtimes
        if is_served and row.is_due and row.user not in busy and (submission := claim(row.id)):
            return submission
    return None


def claim(submission_id: UUID) -> Submission | None:
    """Claim a waiting row; None where another worker was faster or the learner already has one running in this queue."""
    now = timezone.now()
    waiting = Submission.objects.filter(id=submission_id, state=State.QUEUED)
    try:
        with transaction.atomic():
            taken = waiting.update(
                state=State.RUNNING, token=uuid4(), tries=F("tries") + 1, heartbeat_at=now, started_at=now, sent_at=None
            )
    except IntegrityError:  # one_running_per_learner_and_queue
        # Its message is consumed; who ends the running one, or look_after_submissions, sends another
        waiting.update(sent_at=None)
        return None
    if not taken:
        return None
    return Submission.objects.select_related("version", "exercise", "user").get(id=submission_id)


def finish(submission: Submission, report: Report) -> bool:
    """Write the result and record the step, if the claim still holds; return whether it did."""
    with transaction.atomic():
        held = Submission.objects.filter(id=submission.id, token=submission.token, state=State.RUNNING)
        written = held.update(
            state=State.FINISHED,
            verdict=report.verdict,
            points=report.points,
            passed=report.passed,
            report=report.to_json(),
            token=None,
            finished_at=timezone.now(),
        )
        if not written:
            log.warning("report_dropped", submission=str(submission.id))
            return False
        if Submission.objects.for_grade().filter(id=submission.id).exists():
            _record_step(submission, report)
    submission.refresh_from_db()
    _log_end(submission)
    events.publish(submission.id, events.FINISHED, submission.outcome())
    measure(submission.exercise_id)
    return True


def _log_end(submission: Submission) -> None:
    """One line for each grading: who, what, how it ended, how long it took, and where."""
    started, finished = submission.started_at, submission.finished_at
    log.info(
        "graded",
        submission=str(submission.id),
        user=submission.user_id,
        exercise=submission.exercise.slug,
        version=submission.version.digest,
        verdict=submission.verdict,
        points=submission.points,
        tries=submission.tries,
        queue=submission.queue,
        seconds=round((finished - started).total_seconds(), 2) if started and finished else None,
        worker=worker_name(),
    )


def measure(exercise_id: int) -> None:
    """Store the median of how long the last gradings of an exercise took, from claim to result; waits are estimated from it."""
    last = Submission.objects.filter(exercise=exercise_id, state=State.FINISHED, started_at__isnull=False).counted()
    times = last.order_by("-finished_at").values_list("started_at", "finished_at")[:MEASURED_GRADINGS]
    seconds = [(finished - started).total_seconds() for started, finished in times if started and finished]
    if seconds:
        Exercise.objects.filter(id=exercise_id).update(service_seconds=round(statistics.median(seconds), 2))


def release(submission: Submission) -> bool:
    """Give a claimed row back to its queue, due after a pause, or end it after the last try.

    Returns whether the claim still held.
    """
    if submission.tries >= MAX_TRIES:
        return finish(submission, empty_report(submission, Verdict.SYSTEM_ERROR))
    held = Submission.objects.filter(id=submission.id, token=submission.token, state=State.RUNNING)
    due_at = timezone.now() + PAUSES[submission.tries - 1]
    given_back = held.update(
        state=State.QUEUED, token=None, heartbeat_at=None, started_at=None, sent_at=None, due_at=due_at
    )
    if given_back:
        events.publish(submission.id, "queued", {"position": 0, "seconds": PAUSES[submission.tries - 1].seconds})
    return bool(given_back)


def give_back(submission: Submission) -> bool:
    """Return a claimed row to its queue without counting a try: nothing failed, its worker is shutting down."""
    held = Submission.objects.filter(id=submission.id, token=submission.token, state=State.RUNNING)
    given_back = held.update(
        state=State.QUEUED, token=None, heartbeat_at=None, started_at=None, sent_at=None, tries=F("tries") - 1
    )
    if given_back:
        events.publish(submission.id, "queued", {"position": 0, "seconds": None})
    return bool(given_back)


def release_stale() -> int:
    """Release the rows whose worker fell silent; return how many."""
    stale = Submission.objects.stale(SILENCE).select_related("version", "exercise", "user")
    return sum(release(submission) for submission in stale)


def sendable(submission_id: UUID) -> list[Submission]:
    """Return what to send once a submission has ended: the same learner's next one in the queue, or itself again."""
    done = Submission.objects.filter(id=submission_id).first()
    if done is None:
        return []
    return list(Submission.objects.waiting().filter(user=done.user_id, queue=done.queue)[:1])


@contextmanager
def keep_alive(submission: Submission) -> Iterator[Callable[[], bool]]:
    """Send heartbeats for a claim from a thread; yields a function that tells whether the claim is lost (cancelled, released)."""
    lost, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=_send_heartbeats, args=(submission, lost, done), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield lost.is_set
    finally:
        done.set()
        thread.join()


def _send_heartbeats(submission: Submission, lost: threading.Event, done: threading.Event) -> None:
    due = time.monotonic() + HEARTBEAT_SECONDS
    while not done.wait(min(CANCEL_POLL_SECONDS, HEARTBEAT_SECONDS)) and not lost.is_set():
        if _is_ended(submission):
            lost.set()
        elif time.monotonic() >= due:
            due = time.monotonic() + HEARTBEAT_SECONDS
            if not _write_heartbeat(submission):
                lost.set()


def _is_ended(submission: Submission) -> bool:
    """Tell whether the submission was cancelled, by its events; while the broker is away, the next heartbeat finds out."""
    try:
        return events.has_finished(submission.id)
    except redis.RedisError:
        return False


def _write_heartbeat(submission: Submission) -> bool:
    """Write a heartbeat; return False once the claim is lost."""
    try:
        held = Submission.objects.filter(id=submission.id, token=submission.token, state=State.RUNNING)
        return bool(held.update(heartbeat_at=timezone.now()))
    except DatabaseError as error:
        log.warning("heartbeat_not_written", submission=str(submission.id), error=str(error))
        return True
    finally:
        connection.close()  # a thread's own connection; kept open it would outlive a database restart


def _record_step(submission: Submission, report: Report) -> None:
    progress.record_step(
        user=submission.user,
        kind="exercise",
        slug=submission.exercise.slug,
        completed=report.passed,
        points=report.points,
        max_points=report.max_points,
    )
