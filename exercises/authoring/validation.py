"""Exercise validation: holds an exercise against its reference on several seeds, its starter, its mutants, its lazy
baseline, and automatic mutants of each solution cell (`exercises.authoring.mutants`).
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from exercises.assignment.definition import Definition, Mutant, Threshold
from exercises.assignment.report import Metric, Report
from exercises.authoring.measurements import Measurement, version_of
from exercises.authoring.mutants import trials
from exercises.authoring.mutants.attack import Broken

Grade = Callable[..., Report]
Attack = Callable[[Definition], list[trials.Trial]]
SEEDS = (1, 2, 3, 4, 5)
LAZY_SEEDS = 3  # a lazy baseline is measured on so many: enough to see whether luck brings it near a threshold
MIN_MUTANTS = 3
PARAGRAPHS = ("**Metric.**", "**Data card.**", "**Limits.**")
FIXED_SEED = re.compile(r"(?m)^SEED = \d+$")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass
class Validation:
    """The findings on one exercise: each run as a row (`run`, `seed`, `verdict`, `points`, `missed`, `metrics`, `seconds`,
    `cpu_seconds`), what came of automatic mutants (`trials.rows`), and problems."""

    exercise: str
    version: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    attacks: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def measurement(self) -> Measurement:
        """What is kept of it."""
        return Measurement(self.version, tuple(self.rows), tuple(self.attacks))


def validate(definition: Definition, grade: Grade, *, seeds: tuple[int, ...] = SEEDS) -> Validation:
    """Grade the reference, the starter and the author's mutants; the exercise is sound if there is no problem."""
    validation = Validation(definition.id, version_of(definition), problems=statement_problems(definition))
    reference = definition.reference_sources()
    for seed in seeds:
        report = _grade(validation, grade, seeded(definition, seed), "reference", reference, seed)
        _expect(
            validation,
            report.points == definition.max_points,
            f"The reference with seed {seed} misses {', '.join(_missed(report))}.",
        )
        # A learner would see a gap where the author meant a chart, and no check fails for it.
        validation.problems += [f"A finding of the reference cannot be shown: {words}" for words in _unshowable(report)]
        if seed == seeds[0]:
            validation.problems += _threshold_problems(definition, report)
    _validate_starter(validation, grade, definition, seeds[0])
    mutants = [mutant for mutant in definition.mutants if not mutant.is_baseline]
    _expect(validation, len(mutants) >= MIN_MUTANTS, f"There are {len(mutants)} mutants; write at least {MIN_MUTANTS}.")
    _expect(validation, len(mutants) < len(definition.mutants), "There is no lazy baseline; name one in [baseline].")
    for mutant in definition.mutants:
        _validate_mutant(validation, grade, definition, mutant, seeds)
    return validation


def validate_attacks(definition: Definition, attack: Attack) -> Validation:
    """Try the automatic mutants of one exercise: none may pass, none may have a hidden check's points."""
    validation = Validation(definition.id, version_of(definition))
    try:
        attempts = attack(definition)
    except Broken as broken:
        validation.problems.append(f"The automatic mutants could not be tried. {broken}")
        return validation
    validation.attacks = trials.rows(definition, attempts)
    validation.problems += trials.problems(definition, attempts)
    return validation


def merged(first: Validation, second: Validation) -> Validation:
    """Return the findings of two validations of one version together."""
    return Validation(
        first.exercise,
        first.version,
        first.rows + second.rows,
        first.attacks + second.attacks,
        first.problems + second.problems,
    )


def seeded(definition: Definition, seed: int) -> Definition:
    """Return the exercise with the line `SEED = …` of its setup cells set to `seed`.

    A notebook that fixes its own seed, so that a run in the page and the graded run agree, would otherwise give the same
    measurement on every seed.
    """
    return replace(definition, cells=tuple(
        replace(cell, source=FIXED_SEED.sub(f"SEED = {seed}", cell.source)) if cell.role == "setup" else cell
        for cell in definition.cells
    ))  # fmt: skip


def statement_problems(definition: Definition) -> list[str]:
    """Return what the exercise's text does not say: metric, thresholds, data card, limits. Runs nothing."""
    text = "\n".join(cell.source for cell in definition.cells if cell.role == "text")
    numbers = set(_numbers(text))
    problems = [f"The text has no paragraph that begins with {label}" for label in PARAGRAPHS if label not in text]
    problems += [
        f"The text does not name the threshold {threshold.value:g} of {threshold.metric}."
        for threshold in definition.thresholds
        if threshold.value not in numbers and round(threshold.value * 100, 9) not in numbers
    ]
    if definition.limits.cpu_seconds not in numbers:
        problems.append(f"The text does not name the limit of {definition.limits.cpu_seconds} seconds of CPU time.")
    return problems


def _numbers(text: str) -> Iterator[float]:
    for digits in NUMBER.findall(text):
        yield float(digits.replace(",", ""))


def _validate_starter(validation: Validation, grade: Grade, definition: Definition, seed: int) -> None:
    report = _grade(validation, grade, definition, "starter", definition.starter_sources(), seed)
    wrong = [check.id for check in report.checks if check.outcome != "unattempted"]
    _expect(validation, not wrong, f"The starter should leave every check unattempted, but not {', '.join(wrong)}.")
    _expect(validation, report.verdict == "failed", f"The starter ends as {report.verdict}, not as failed.")


def _validate_mutant(
    validation: Validation, grade: Grade, definition: Definition, mutant: Mutant, seeds: tuple[int, ...]
) -> None:
    sources = {**definition.reference_sources(), **mutant.sources}
    report = _grade(validation, grade, definition, mutant.name, sources, seeds[0])
    missed = _missed(report)
    _expect(
        validation,
        missed == sorted(mutant.fails),
        f"The mutant {mutant.name} should miss {', '.join(sorted(mutant.fails))}, but misses {', '.join(missed) or 'nothing'}.",
    )
    if report.passed:
        validation.problems += [
            f"The mutant {mutant.name} passes and does not reach the threshold {threshold.value:g} of {threshold.metric}."
            for threshold in definition.thresholds
            if not _is_reached(threshold, report)
        ]
    if not mutant.is_baseline:
        return
    # A lazy answer is cheap to run, and near a threshold its luck with one seed says little.
    _expect(validation, not report.passed, f"The lazy baseline {mutant.name} passes.")
    for seed in seeds[1:LAZY_SEEDS]:
        report = _grade(validation, grade, seeded(definition, seed), mutant.name, sources, seed)
        _expect(validation, not report.passed, f"The lazy baseline {mutant.name} passes with seed {seed}.")


def _threshold_problems(definition: Definition, report: Report) -> Iterator[str]:
    """Yield where a [[threshold]] is not what its check measures and reports."""
    for threshold in definition.thresholds:
        place = f"The check {threshold.check}"
        metric = _measured(threshold, report)
        if metric is None:
            yield f"{place} reports no metric named {threshold.metric}, which a [[threshold]] names."
        elif metric.threshold is None or not math.isclose(metric.threshold, threshold.value):
            yield f"{place} reports {threshold.metric} with the threshold {metric.threshold}; its [[threshold]] is {threshold.value:g}."
        elif metric.better != threshold.better:
            yield f"{place} says that {threshold.metric} is better {metric.better}, its [[threshold]] says {threshold.better}."


def _is_reached(threshold: Threshold, report: Report) -> bool:
    metric = _measured(threshold, report)
    if metric is None or metric.value is None:
        return False
    return metric.value <= threshold.value if threshold.better == "lower" else metric.value >= threshold.value


def _measured(threshold: Threshold, report: Report) -> Metric | None:
    metrics = [metric for check in report.checks if check.id == threshold.check for metric in check.metrics]
    return next((metric for metric in metrics if metric.name == threshold.metric), None)


def _grade(
    validation: Validation, grade: Grade, definition: Definition, name: str, sources: dict[str, str], seed: int
) -> Report:
    report = grade(definition, sources, seed=seed)
    usage = report.usage or {}
    validation.rows.append(
        {
            "run": name,
            "seed": seed,
            "verdict": report.verdict,
            "points": report.points,
            "max_points": report.max_points,
            "missed": _missed(report),
            "metrics": [metric.to_json() for check in report.checks for metric in check.metrics],
            "seconds": round(usage.get("wall_seconds", 0.0), 1),
            "cpu_seconds": round(usage.get("cpu_seconds", 0.0), 1),
        }
    )
    return report


def _unshowable(report: Report) -> list[str]:
    findings = [finding for check in report.checks for finding in check.findings]
    return [finding.data["message"] for finding in findings if finding.kind == "none"]


def _missed(report: Report) -> list[str]:
    return sorted(check.id for check in report.checks if not check.is_passed)


def _expect(validation: Validation, holds: bool, problem: str) -> None:
    if not holds:
        validation.problems.append(problem)
