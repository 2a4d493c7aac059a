"""Scoring: from what happened in the jails to outcomes, points and a verdict. Pure, no database.

A point exists only where the examiner recorded a pass for that check. Unattempted is not wrong. Nothing that is printed, and
nothing that a hidden check found, reaches the result.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import cast

from exercises.assignment.definition import Cell, Check, Definition
from exercises.assignment.pass_rule import Rule, is_enough, pass_rule
from exercises.assignment.report import CheckResult, Outcome
from exercises.grading import disclosure
from exercises.sandbox.run import CheckRun, Run


@dataclass(frozen=True)
class Score:
    """Points are whole numbers; `passed` is `verdict == "passed"`; `checks` are in the definition's order."""

    verdict: str
    points: int
    passed: bool
    checks: tuple[CheckResult, ...]
    rule: Rule


def score(definition: Definition, unattempted: Set[str], run: Run, *, is_exact: bool = False) -> Score:
    """Return the score of one run. `unattempted` are the solution cells (ids) left untouched. `is_exact` is for authors only."""
    checks = tuple(_result(check, run.checks.get(check.id), unattempted, is_exact) for check in definition.checks)
    points = sum(check.points for check in checks)
    verdict = _verdict(definition, run, {check.id for check in checks if check.is_passed}, unattempted)
    return Score(verdict, points, verdict == "passed", checks, pass_rule(definition))


def _result(check: Check, run: CheckRun | None, unattempted: Set[str], is_exact: bool) -> CheckResult:
    outcome = _outcome(check, run, unattempted)
    shown = run if outcome != "unattempted" else None  # what a check of an untouched starter measured says nothing
    return CheckResult(
        id=check.id,
        title=check.title,
        hidden=check.hidden,
        required=check.required,
        outcome=outcome,
        points=check.points if outcome == "passed" else 0,
        max_points=check.points,
        message=_message(check, run, outcome, is_exact),
        metrics=disclosure.metrics(shown, is_exact=is_exact) if shown else (),
        findings=disclosure.findings(shown, is_hidden=check.hidden and not is_exact) if shown else (),
    )


def _outcome(check: Check, run: CheckRun | None, unattempted: Set[str]) -> Outcome:
    if unattempted & set(check.requires):
        return "unattempted"
    return cast(Outcome, run.outcome) if run else "not_run"


def _message(check: Check, run: CheckRun | None, outcome: Outcome, is_exact: bool) -> str:
    """A public check says what it found; a hidden one only what its author wrote beforehand, or the engine says."""
    if run is None or outcome not in ("failed", "error"):
        return ""
    if is_exact and run.message:
        return run.message
    if run.words:
        return run.words
    return check.feedback if check.hidden else run.message


def _verdict(definition: Definition, run: Run, passed: Set[str], unattempted: Set[str]) -> str:
    if run.ending in ("completed", "learner_error") and is_enough(definition, passed):
        return "passed"  # also where a later cell of the learner's own raised: what the exercise asks for is there
    if run.ending == "learner_error" and _follows_from_unattempted(definition, run, unattempted):
        return "failed"
    return "failed" if run.ending == "completed" else run.ending


def _follows_from_unattempted(definition: Definition, run: Run, unattempted: Set[str]) -> bool:
    """Tell whether the cell that raised is, or comes after, a solution cell that nobody has touched yet."""
    before: list[Cell] = []
    for cell in definition.cells:
        before.append(cell)
        if cell.id in run.cells and run.cells[cell.id].status == "error":
            return any(item.id in unattempted for item in before)
    return False
