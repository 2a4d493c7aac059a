"""Scoring: from what happened in the jails to outcomes, points and a verdict. Pure, no database.

A point exists only where the examiner recorded a pass for that check. Unattempted is not wrong. Nothing that is printed, and
nothing that a hidden check found, reaches the result.
"""

from dataclasses import asdict, dataclass
from typing import Any

from exercises.assignment.definition import Cell, Check, Definition
from exercises.assignment.pass_rule import is_enough, pass_rule, unattempted_cells
from exercises.grading import disclosure
from exercises.sandbox.run import CheckRun, Run


@dataclass(frozen=True)
class Score:
    """Points are whole numbers; `passed` is `verdict == "passed"`; `checks` are the report's entries in order."""

    verdict: str
    points: int
    passed: bool
    checks: list[dict[str, Any]]
    rule: dict[str, Any]


def score(definition: Definition, sources: dict[str, str], run: Run, *, is_exact: bool = False) -> Score:
    """Return the score of one run. `sources` are the submitted solution cells by id. `is_exact` is for authors only."""
    unattempted = unattempted_cells(definition, sources)
    checks = [_result(check, run.checks.get(check.id), unattempted, is_exact) for check in definition.checks]
    points = sum(check["points"] for check in checks)
    verdict = _verdict(definition, run, {check["id"] for check in checks if check["outcome"] == "passed"}, unattempted)
    return Score(verdict, points, verdict == "passed", checks, asdict(pass_rule(definition)))


def _result(check: Check, run: CheckRun | None, unattempted: set[str], is_exact: bool) -> dict[str, Any]:
    outcome = "unattempted" if unattempted & set(check.requires) else run.outcome if run else "not_run"
    passed = outcome == "passed"
    result = {
        "id": check.id,
        "title": check.title,
        "hidden": check.hidden,
        "required": check.required,
        "outcome": outcome,
        "points": check.points if passed else 0,
        "max_points": check.points,
        "message": _message(check, run, outcome, is_exact),
    }
    if run and run.metrics and outcome != "unattempted":
        result["metrics"] = list(run.metrics) if is_exact else disclosure.metrics(run)
    found = disclosure.findings(run, is_hidden=check.hidden and not is_exact) if run else []
    if found and outcome != "unattempted":
        result["findings"] = found
    return result


def _message(check: Check, run: CheckRun | None, outcome: str, is_exact: bool) -> str:
    """A public check says what it found; a hidden one only what its author wrote beforehand, or the engine says."""
    if run is None or outcome not in ("failed", "error"):
        return ""
    if is_exact and run.message:
        return run.message
    if run.words:
        return run.words
    return check.feedback if check.hidden else run.message


def _verdict(definition: Definition, run: Run, passed: set[str], unattempted: set[str]) -> str:
    if run.ending in ("completed", "learner_error") and is_enough(definition, passed):
        return "passed"  # also where a later cell of the learner's own raised: what the exercise asks for is there
    if run.ending == "learner_error" and _follows_from_unattempted(definition, run, unattempted):
        return "failed"
    return "failed" if run.ending == "completed" else run.ending


def _follows_from_unattempted(definition: Definition, run: Run, unattempted: set[str]) -> bool:
    """Tell whether the cell that raised is, or comes after, a solution cell that nobody has touched yet."""
    before: list[Cell] = []
    for cell in definition.cells:
        before.append(cell)
        if cell.id in run.cells and run.cells[cell.id].status == "error":
            return any(item.id in unattempted for item in before)
    return False
