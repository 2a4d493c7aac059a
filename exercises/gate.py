"""The author gate: an exercise against its reference on several seeds, its starter, its mutants and its lazy baseline."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from exercises.assignment.definition import Definition, Mutant

Grade = Callable[..., dict[str, Any]]
SEEDS = (1, 2, 3, 4, 5)
MIN_MUTANTS = 3


@dataclass
class Verdict:
    """What the gate found: each run as a row (`run`, `seed`, `verdict`, `points`, `failed`, `metrics`, `seconds`), and problems."""

    exercise: str
    version: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def examine(definition: Definition, grade: Grade, *, seeds: tuple[int, ...] = SEEDS) -> Verdict:
    """Return the gate's findings on one exercise; it is sound if there is no problem."""
    found = Verdict(definition.id, definition.digest())
    reference = definition.reference_sources()
    for seed in seeds:
        report = _grade(found, grade, definition, "reference", reference, seed)
        _expect(
            found,
            report["points"] == definition.max_points,
            f"The reference with seed {seed} misses {', '.join(_missed(report))}.",
        )
    _examine_starter(found, grade, definition, seeds[0])
    mutants = [mutant for mutant in definition.mutants if not mutant.is_baseline]
    _expect(found, len(mutants) >= MIN_MUTANTS, f"There are {len(mutants)} mutants; write at least {MIN_MUTANTS}.")
    for mutant in definition.mutants:
        _examine_mutant(found, grade, definition, mutant, seeds[0])
    return found


def _examine_starter(found: Verdict, grade: Grade, definition: Definition, seed: int) -> None:
    report = _grade(found, grade, definition, "starter", definition.starter_sources(), seed)
    wrong = [check["id"] for check in report["checks"] if check["outcome"] != "unattempted"]
    _expect(found, not wrong, f"The starter should leave every check unattempted, but not {', '.join(wrong)}.")
    _expect(found, report["verdict"] == "failed", f"The starter ends as {report['verdict']}, not as failed.")


def _examine_mutant(found: Verdict, grade: Grade, definition: Definition, mutant: Mutant, seed: int) -> None:
    sources = {**definition.reference_sources(), **mutant.sources}
    report = _grade(found, grade, definition, mutant.name, sources, seed)
    missed = _missed(report)
    _expect(
        found,
        missed == sorted(mutant.fails),
        f"The mutant {mutant.name} should miss {', '.join(sorted(mutant.fails))}, but misses {', '.join(missed) or 'nothing'}.",
    )
    if mutant.is_baseline:
        _expect(found, not report["passed"], f"The lazy baseline {mutant.name} passes.")


def _grade(
    found: Verdict, grade: Grade, definition: Definition, name: str, sources: dict[str, str], seed: int
) -> dict[str, Any]:
    report = grade(definition, sources, seed=seed)
    found.rows.append(
        {
            "run": name,
            "seed": seed,
            "verdict": report["verdict"],
            "points": report["points"],
            "max_points": report["max_points"],
            "missed": _missed(report),
            "metrics": [metric for check in report["checks"] for metric in check.get("metrics", [])],
            "seconds": report["usage"]["wall_seconds"],
        }
    )
    return report


def _missed(report: dict[str, Any]) -> list[str]:
    return sorted(check["id"] for check in report["checks"] if check["outcome"] != "passed")


def _expect(found: Verdict, holds: bool, problem: str) -> None:
    if not holds:
        found.problems.append(problem)
