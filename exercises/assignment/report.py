"""A report: what came of grading one notebook. The engine makes it, a row keeps it as JSON, everything else reads it.

`to_json` writes what `Submission.report`, the API and `manage.py grade --json` hold; `from_json` reads it, also as earlier
versions of the site wrote it: a key that did not exist then has a default here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast, get_args

from exercises.assignment.definition import Better
from exercises.assignment.pass_rule import Rule

Outcome = Literal["passed", "failed", "error", "unattempted", "not_run"]
CellStatus = Literal["ok", "error", "not_run", "interrupted"]
T = TypeVar("T")


class MalformedReport(ValueError):
    """Something that should be a report is none. It says what is wrong, for the log."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A number that a check measured. `value` is None where it was no number; `threshold` where none has to be reached."""

    name: str
    value: float | None
    threshold: float | None = None
    better: Better = "higher"

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "threshold": self.threshold, "better": self.better}

    @classmethod
    def from_json(cls, data: Any) -> "Metric":
        """Raises MalformedReport."""
        metric = _Object(data, "metric")
        return cls(
            name=metric.text("name"),
            value=metric.number_or_none("value"),
            threshold=metric.number_or_none("threshold", None),
            better="lower" if metric.text("better", "higher") == "lower" else "higher",
        )


@dataclass(frozen=True)
class Finding:
    """Where a model fails, to be drawn: what `runner.findings` made, by its `kind`.

    confusion {title, labels, matrix}, residuals {title, unit, n, edges, counts, mean, mean_absolute}, slices {title, metric,
    better, overall, rows, left_out}, examples {title, rows}; none {message}: it could not be made. Its content came out of a
    jail, so whoever draws it checks it.
    """

    data: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.data.get("kind", ""))

    def to_json(self) -> dict[str, Any]:
        return dict(self.data)

    @classmethod
    def from_json(cls, data: Any) -> "Finding":
        """Raises MalformedReport."""
        return cls(_Object(data, "finding").data)


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What came of one check. `points` are its `max_points` if it passed, else 0. `message` is empty unless it may say why not.

    `required` is None where that was not recorded: in a report that was made without a run.
    """

    id: str
    title: str
    hidden: bool
    required: bool | None = None
    outcome: Outcome
    points: int
    max_points: int
    message: str = ""
    metrics: tuple[Metric, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_passed(self) -> bool:
        return self.outcome == "passed"

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "hidden": self.hidden,
            **({} if self.required is None else {"required": self.required}),
            "outcome": self.outcome,
            "points": self.points,
            "max_points": self.max_points,
            "message": self.message,
            **({"metrics": [metric.to_json() for metric in self.metrics]} if self.metrics else {}),
            **({"findings": [finding.to_json() for finding in self.findings]} if self.findings else {}),
        }

    @classmethod
    def from_json(cls, data: Any) -> "CheckResult":
        """Raises MalformedReport."""
        check = _Object(data, "check")
        return cls(
            id=check.text("id"),
            title=check.text("title", ""),
            hidden=check.flag("hidden", False),
            required=check.flag("required", None),
            outcome=check.choice("outcome", Outcome),
            points=check.count("points"),
            max_points=check.count("max_points", 0),
            message=check.text("message", ""),
            metrics=check.items("metrics", Metric.from_json),
            findings=check.items("findings", Finding.from_json),
        )


@dataclass(frozen=True, kw_only=True)
class CellError:
    """What a cell raised. `is_ours` if the cell is none of the learner's; `line` is the line of the cell, from 1, if known."""

    name: str
    message: str
    traceback: str = ""
    is_ours: bool = False
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        error = {"name": self.name, "message": self.message, "traceback": self.traceback, "is_ours": self.is_ours}
        return error if self.line is None else error | {"line": self.line}

    @classmethod
    def from_json(cls, data: Any) -> "CellError":
        """Raises MalformedReport."""
        error = _Object(data, "error")
        return cls(
            name=error.text("name"),
            message=error.text("message", ""),
            traceback=error.text("traceback", ""),
            is_ours=error.flag("is_ours", False),
            line=error.count("line", None),
        )


@dataclass(frozen=True, kw_only=True)
class CellResult:
    """How a setup or solution cell ran: seconds by the clock, the text that it printed, the error that it raised."""

    id: str
    status: CellStatus
    seconds: float = 0.0
    output: str = ""
    error: CellError | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "seconds": self.seconds,
            **({"output": self.output} if self.output else {}),
            **({"error": self.error.to_json()} if self.error else {}),
        }

    @classmethod
    def from_json(cls, data: Any) -> "CellResult":
        """Raises MalformedReport."""
        cell = _Object(data, "cell")
        return cls(
            id=cell.text("id"),
            status=cell.choice("status", CellStatus),
            seconds=cell.number("seconds", 0.0),
            output=cell.text("output", ""),
            error=CellError.from_json(cell.data["error"]) if cell.data.get("error") else None,
        )


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of grading one notebook.

    `version` is the exercise's digest, `verdict` one of `exercises.models.Verdict`, `passed` whether it is "passed". `phases` has
    seconds by the clock: queued, start, run, check. `limits` and `usage` have, under the names of `definition.Limits`, what was
    allowed and what was used (seconds, bytes, counts; of memory, processes and disk the most at one time). `limit` is the name of
    the limit that ended the run, or "". `runtime` has the versions of its libraries, its name and the queue.
    `pass_rule`, `limit` and `usage` are None where nothing ran, and in reports from before they existed.
    """

    exercise: str
    version: str
    verdict: str
    points: int
    max_points: int
    passed: bool
    pass_rule: Rule | None = None
    seed: int
    checks: tuple[CheckResult, ...]
    cells: tuple[CellResult, ...] = ()
    phases: Mapping[str, float] = field(default_factory=dict)
    limit: str | None = None
    usage: Mapping[str, float] | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    runtime: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "exercise": self.exercise,
            "version": self.version,
            "verdict": self.verdict,
            "points": self.points,
            "max_points": self.max_points,
            "passed": self.passed,
            **({"pass_rule": _rule_to_json(self.pass_rule)} if self.pass_rule else {}),
            "seed": self.seed,
            "checks": [check.to_json() for check in self.checks],
            "cells": [cell.to_json() for cell in self.cells],
            "phases": dict(self.phases),
            **({} if self.limit is None else {"limit": self.limit}),
            **({} if self.usage is None else {"usage": dict(self.usage)}),
            "limits": dict(self.limits),
            "runtime": dict(self.runtime),
        }

    @classmethod
    def from_json(cls, data: Any) -> "Report":
        """Return the report that `to_json` wrote, now or in an earlier version. Raises MalformedReport."""
        report = _Object(data, "report")
        return cls(
            exercise=report.text("exercise", ""),
            version=report.text("version", ""),
            verdict=report.text("verdict"),
            points=report.count("points"),
            max_points=report.count("max_points"),
            passed=report.flag("passed"),
            pass_rule=read_rule(report.data.get("pass_rule")),
            seed=report.count("seed", 0),
            checks=read_checks(report.data.get("checks")),
            cells=report.items("cells", CellResult.from_json),
            phases=report.mapping("phases", float, int),
            limit=report.text("limit", None),
            usage=report.mapping("usage", float, int) if report.data.get("usage") is not None else None,
            limits=report.mapping("limits", int),
            runtime=report.mapping("runtime", str),
        )


def read_checks(data: Any) -> tuple[CheckResult, ...]:
    """Return the part `checks` of a report's JSON. Raises MalformedReport."""
    return _Object({"checks": data}, "report").items("checks", CheckResult.from_json, is_needed=True)


def read_rule(data: Any) -> Rule | None:
    """Return the part `pass_rule` of a report's JSON; None for none. Raises MalformedReport."""
    if data is None:
        return None
    rule = _Object(data, "pass rule")
    required = rule.items("required", str)
    return Rule(points=rule.count("points"), hidden_points=rule.count("hidden_points"), required=required)


def _rule_to_json(rule: Rule) -> dict[str, Any]:
    return {"points": rule.points, "hidden_points": rule.hidden_points, "required": list(rule.required)}


_NEEDED: Any = object()


class _Object:
    """A JSON object of a report, whose values are of the types that are asked for, or MalformedReport is raised."""

    def __init__(self, data: Any, name: str) -> None:
        if not isinstance(data, dict):
            raise MalformedReport(f"A {name} is no object.")
        self.data: dict[str, Any] = data
        self._name = name

    def text(self, key: str, default: Any = _NEEDED) -> Any:
        return self._value(key, default, str)

    def flag(self, key: str, default: Any = _NEEDED) -> Any:
        return self._value(key, default, bool)

    def count(self, key: str, default: Any = _NEEDED) -> Any:
        return self._value(key, default, int)

    def number(self, key: str, default: Any = _NEEDED) -> Any:
        return self._value(key, default, float, int)

    def number_or_none(self, key: str, default: Any = _NEEDED) -> float | None:
        return cast("float | None", self._value(key, default, float, int, type(None)))

    def choice(self, key: str, choices: Any) -> Any:
        value = self.text(key)
        if value not in get_args(choices):
            raise MalformedReport(f"{value[:60]!r} is no {key} of a {self._name}.")
        return value

    def items(self, key: str, read: Callable[[Any], T], *, is_needed: bool = False) -> tuple[T, ...]:
        values = self._value(key, _NEEDED if is_needed else (), list, tuple)
        return tuple(read(value) for value in values)

    def mapping(self, key: str, *kinds: type) -> dict[str, Any]:
        values = self._value(key, {}, dict)
        inside = _Object(values, key)
        return {name: inside._value(name, _NEEDED, *kinds) for name in values}

    def _value(self, key: str, default: Any, *kinds: type) -> Any:
        value = self.data.get(key, default)
        if value is _NEEDED:
            raise MalformedReport(f"A {self._name} has no {key}.")
        if value is default or (isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))):
            return value
        raise MalformedReport(f"The {key} of a {self._name} is of the type {type(value).__name__}.")
