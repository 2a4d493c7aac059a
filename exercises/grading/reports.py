"""Reports on their way into a row: made for a submission that the engine never reported on, checked, and storable.

Their shape is `exercises.assignment.report`.
"""

import json
import math
from typing import Any

from exercises.models import Submission, Verdict

MAX_REPORT_BYTES = 2 * 2**20


class BadReport(Exception):
    """The engine returned something that is not a report for this submission: a fault of ours."""


def empty_report(submission: Submission, verdict: str) -> dict[str, Any]:
    """Return the report of a submission that the engine never reported on: no point, nothing run."""
    definition = submission.version.parsed
    return {
        "exercise": definition.id,
        "version": submission.version.digest,
        "verdict": verdict,
        "points": 0,
        "max_points": submission.max_points,
        "passed": False,
        "seed": submission.seed,
        "checks": [
            {
                "id": check.id,
                "title": check.title,
                "hidden": check.hidden,
                "outcome": "not_run",
                "points": 0,
                "max_points": check.points,
                "message": "",
            }
            for check in definition.checks
        ],
        "cells": [],
        "phases": {},
        "limits": definition.to_json()["limits"],
        "runtime": {"queue": submission.queue},
    }


def check_report(submission: Submission, report: dict[str, Any]) -> None:
    """Raise BadReport unless the report is about this submission and adds up."""
    definition = submission.version.parsed
    try:
        checks = {item["id"]: item for item in report["checks"]}
        is_sound = (
            report["verdict"] in Verdict.values
            and report["passed"] is (report["verdict"] == Verdict.PASSED)
            and report["max_points"] == submission.max_points
            and list(checks) == [check.id for check in definition.checks]
            and all(_is_awarded(checks[check.id], check.points) for check in definition.checks)
            and report["points"] == sum(item["points"] for item in checks.values())
            and len(json.dumps(report)) <= MAX_REPORT_BYTES
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadReport(f"The engine's report has no {error}.") from error
    if not is_sound:
        raise BadReport("The engine's report does not add up or is not about this submission.")


def _is_awarded(item: dict[str, Any], points: int) -> bool:
    """A point exists only where a check passed: all of its points, or none."""
    return bool(item["points"] == (points if item["outcome"] == "passed" else 0) and item["max_points"] == points)


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
