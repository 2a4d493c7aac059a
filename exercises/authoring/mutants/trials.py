"""What came of each automatic mutant, and what that says about the exercise. Pure.

Where a check does not require the replaced cell it counts as passed: the rest of the notebook is right, so these are the most
points that anybody can have with this junk in the cell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from exercises.assignment.definition import Definition
from exercises.assignment.pass_rule import is_enough

WHOLE = "*"  # in place of a cell's id: the whole notebook was replaced
TrialState = Literal["run", "same", "not_applicable"]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One mutant as it ran: which of the `asked` checks (ids) passed, and in which of these it said nothing wrong.

    `state` is `same` where nothing that was asked for differed from the reference, or `not_applicable`.
    """

    cell: str
    kind: str
    state: TrialState = "run"
    asked: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    honest: frozenset[str] = frozenset()
    ending: str = ""  # why not all checks ran, where a limit or the kernel's end came first


def rows(definition: Definition, trials: Iterable[Trial]) -> list[dict[str, Any]]:
    """Return what is kept of the trials: for each cell, the kinds that came to the same result in one row."""
    rows_by_result: dict[str, dict[str, Any]] = {}
    for trial in trials:
        row = _row(definition, trial)
        rows_by_result.setdefault(repr(row), {"cell": row.pop("cell"), "kinds": [], **row})["kinds"].append(trial.kind)
    return list(rows_by_result.values())


def problems(definition: Definition, trials: Iterable[Trial]) -> list[str]:
    """Return what is wrong with the exercise: junk that passes, junk that takes the points of hidden checks."""
    passing: dict[tuple[str, str], list[str]] = {}
    taking: dict[tuple[str, str], list[str]] = {}
    for trial in trials:
        if trial.state != "run" or _is_other_way(definition, trial):
            continue
        row = _row(definition, trial)
        if row["passed"]:
            result = f"{row['points']}/{definition.max_points}; missed: {', '.join(row['missed']) or 'nothing'}"
            passing.setdefault((trial.cell, result), []).append(trial.kind)
        if trial.cell != WHOLE:
            for check in _taken(definition, trial):
                taking.setdefault((trial.cell, check), []).append(trial.kind)
    return [
        *(
            f"{_place(cell)} replaced by {', '.join(kinds)} passes with {result}."
            for (cell, result), kinds in passing.items()
        ),
        *(
            f"{_place(cell)} replaced by {', '.join(kinds)} gets the points of the hidden check {check}, which requires it. "
            "Make the check look at what the cell makes, or narrow the check's `requires`."
            for (cell, check), kinds in taking.items()
        ),
    ]


def _row(definition: Definition, trial: Trial) -> dict[str, Any]:
    if trial.state != "run":
        return {"cell": trial.cell, "state": trial.state}
    passed = {check.id for check in definition.checks} - trial.asked | trial.passed
    missed = [check.id for check in definition.checks if check.id not in passed]
    points = sum(check.points for check in definition.checks if check.id in passed)
    row = {"cell": trial.cell, "points": points, "passed": is_enough(definition, passed), "missed": missed}
    if trial.ending:
        row["ending"] = trial.ending
    return {**row, "other_way": True} if _is_other_way(definition, trial) else row


def _is_other_way(definition: Definition, trial: Trial) -> bool:
    return any(way.kind == trial.kind and way.cell in ("", trial.cell) for way in definition.other_ways)


def _taken(definition: Definition, trial: Trial) -> list[str]:
    passed_wrongly = trial.asked & trial.passed - trial.honest
    return [check.id for check in definition.checks if check.hidden and check.id in passed_wrongly]


def _place(cell: str) -> str:
    return "The whole notebook" if cell == WHOLE else f"The cell {cell}"
