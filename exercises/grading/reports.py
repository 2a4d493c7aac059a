"""Reports on their way into a row and out of it: made where the engine never reported, checked, storable, read."""

import json
import math
from typing import Any

from exercises.assignment.report import CheckResult, Report
from exercises.models import Submission, Verdict

MAX_REPORT_BYTES = 2 * 2**20


class BadReport(Exception):
    """The engine returned something that is not a report for this submission: a fault of ours."""


def empty_report(submission: Submission, verdict: str) -> Report:
    """Return the report of a submission that the engine never reported on: no point, nothing run."""
    definition = submission.version.parsed
    return Report(
        exercise=definition.id,
        version=submission.version.digest,
        verdict=verdict,
        points=0,
        max_points=submission.max_points,
        passed=False,
        seed=submission.seed,
        checks=tuple(
            CheckResult(
                id=check.id,
                title=check.title,
                hidden=check.hidden,
                outcome="not_run",
                points=0,
                max_points=check.points,
            )
            for check in definition.checks
        ),
        limits=definition.to_json()["limits"],
        runtime={"queue": submission.queue},
    )


def read_report(submission: Submission) -> Report:
    """Return the report that a row holds, an empty one where it holds none. Raises MalformedReport."""
    return Report.from_json(submission.report) if submission.report else empty_report(submission, submission.verdict)


def make_storable(report: Report) -> Report:
    """Return a report whose texts and numbers every database takes."""
    return Report.from_json(storable(report.to_json()))


def check_report(submission: Submission, report: Report) -> None:
    """Raise BadReport unless the report is about this submission and adds up."""
    checks = submission.version.parsed.checks
    is_sound = (
        report.verdict in Verdict.values
        and report.passed is (report.verdict == Verdict.PASSED)
        and report.max_points == submission.max_points
        and [result.id for result in report.checks] == [check.id for check in checks]
        and all(_is_awarded(result, check.points) for result, check in zip(report.checks, checks, strict=True))
        and report.points == sum(result.points for result in report.checks)
        and len(json.dumps(report.to_json())) <= MAX_REPORT_BYTES
    )
    if not is_sound:
        raise BadReport("The engine's report does not add up or is not about this submission.")


def _is_awarded(result: CheckResult, points: int) -> bool:
    """A point exists only where a check passed: all of its points, or none."""
    return result.points == (points if result.is_passed else 0) and result.max_points == points


def storable(value: Any) -> Any:
    """Return JSON that every database takes: no null character, no half of a character, no NaN or infinity."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value
