"""Runs a submission's job on a worker: claims the row, runs the engine, writes the result if the claim still holds."""

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from exercises.assignment.report import Report
from exercises.grading import events
from exercises.grading.claims import claim, claim_next, finish, give_back, keep_alive, release
from exercises.grading.reports import check_report, make_storable
from exercises.models import Submission

log = structlog.get_logger(__name__)
DATABASE_PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before a result is written once more
Engine = Callable[..., Report]


def run(submission_id: UUID, *, grade_notebook: Engine | None = None) -> str:
    """Grade one waiting submission and return `graded`, `lost` (the claim), `released` (to try again) or `busy`.

    `busy` also stands for a row that is not waiting, or whose learner has another one running in this queue.
    """
    submission = claim(submission_id)
    return _run_claimed(submission, grade_notebook) if submission else "busy"


def run_next(queue: str, *, runtimes: Collection[str] | None = None) -> UUID | None:
    """Grade the submission whose turn it is in a queue and return its id; None where none can be graded now.

    `runtimes` are those that this process serves; None means all.
    """
    submission = claim_next(queue, runtimes=runtimes)
    if submission is None:
        return None
    _run_claimed(submission, None)
    return submission.id


def _run_claimed(submission: Submission, grade_notebook: Engine | None) -> str:
    events.publish(submission.id, "started", {})
    try:
        return _grade(submission, grade_notebook or _engine())
    except SystemExit:  # the worker was told to shut down at once
        give_back(submission)
        raise


def _grade(submission: Submission, grade_notebook: Engine) -> str:
    try:
        report = _run_engine(submission, grade_notebook)
    except Exception as error:
        log.exception("grading_failed", submission=str(submission.id), tries=submission.tries, error=str(error))
        return "released" if _write_patiently(release, submission) else "lost"
    return "graded" if _write_patiently(finish, submission, report) else "lost"


def _write_patiently(write: Callable[..., bool], *arguments: Any) -> bool:
    """Write a result, retrying while the database is away: a grading of minutes is not lost to a restart of seconds."""
    for pause in DATABASE_PAUSES:
        try:
            return write(*arguments)
        except (OperationalError, InterfaceError) as error:
            log.warning("result_not_written", error=str(error))
            connection.close()
            time.sleep(pause)
    return write(*arguments)


def served_runtimes() -> list[str] | None:
    """Return the runtimes that this worker may grade on; None for all."""
    from exercises.grading.zygotes import served_runtimes

    return served_runtimes()


def _engine() -> Engine:
    # Web processes import this module through the tasks; only a worker needs the engine.
    from exercises.grading.engine import grade_notebook

    return cast(Engine, grade_notebook)


def _run_engine(submission: Submission, grade_notebook: Engine) -> Report:
    with keep_alive(submission) as is_cancelled:
        report = grade_notebook(
            submission.version.parsed,
            submission.sources,
            seed=submission.seed,
            on_event=lambda kind, data: events.publish(submission.id, kind, data),
            is_cancelled=is_cancelled,
        )
    report = make_storable(report)
    check_report(submission, report)
    assert submission.started_at is not None
    waited = (submission.started_at - submission.created_at).total_seconds()
    return replace(report, phases={"queued": 0.0, **report.phases} | {"queued": round(waited, 3)})
