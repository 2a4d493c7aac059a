"""The only scoring rule: from what happened in the jails to outcomes, points and a verdict. Pure, no database.

A point exists only where the examiner recorded a pass for that check. Unattempted is not wrong. Nothing that is printed, and
nothing that a hidden check found, reaches the result.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from exercises import disclosure
from exercises.assignment.definition import Cell, Check, Definition
from exercises.sandbox.run import CheckRun, Run


@dataclass(frozen=True)
class Score:
    """Points are whole numbers; `passed` is `verdict == "passed"`; `checks` are the report's entries in order."""

    verdict: str
    points: int
    passed: bool
    checks: list[dict[str, Any]]
    rule: dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """What it takes to pass: so many points in all, so many of the hidden checks' points, and each check of `required`."""

    points: int
    hidden_points: int
    required: tuple[str, ...]


def pass_rule(definition: Definition) -> Rule:
    """Return what it takes to pass an exercise; parts of a point are rounded up."""
    return Rule(
        points=-(-definition.max_points * definition.pass_percent // 100),
        hidden_points=-(-definition.max_hidden_points * definition.pass_hidden_percent // 100),
        required=tuple(check.id for check in definition.checks if check.required),
    )


def is_enough(definition: Definition, passed: Collection[str]) -> bool:
    """Tell whether an exercise is passed by somebody who passed just these checks (ids)."""
    rule = pass_rule(definition)
    points = sum(check.points for check in definition.checks if check.id in passed)
    hidden = sum(check.points for check in definition.checks if check.id in passed and check.hidden)
    return points >= rule.points and hidden >= rule.hidden_points and set(rule.required) <= set(passed)


def score(definition: Definition, sources: dict[str, str], run: Run, *, is_exact: bool = False) -> Score:
    """Return the score of one run. `sources` are the submitted solution cells by id. `is_exact` is for authors only."""
    unattempted = unattempted_cells(definition, sources)
    checks = [_result(check, run.checks.get(check.id), unattempted, is_exact) for check in definition.checks]
    points = sum(check["points"] for check in checks)
    verdict = _verdict(definition, run, {check["id"] for check in checks if check["outcome"] == "passed"}, unattempted)
    return Score(verdict, points, verdict == "passed", checks, asdict(pass_rule(definition)))


def unattempted_cells(definition: Definition, sources: dict[str, str]) -> set[str]:
    """Return the ids of solution cells that are missing or unchanged from the starter, but for white space at line ends."""
    return {
        cell.id
        for cell in definition.solution_cells
        if _normal(sources.get(cell.id, cell.starter)) == _normal(cell.starter)
        and _normal(cell.starter) != _normal(cell.source)
    }


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


def _normal(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines()]
