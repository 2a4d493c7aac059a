"""What a report may say once the notebook may have been told hidden data. Pure, no database.

A function that has seen hidden rows can answer with them, in its numbers, in its time, in the memory it takes. Figures then
have two digits, what a run used is told in six steps a decade, and what could not be shown is not explained.
Each rounding keeps its side of a threshold: what passed reads as passed.
"""

import math
from collections.abc import Mapping
from typing import Any

from exercises.sandbox.run import CheckRun, Run

_STEPS = (1.0, 1.5, 2.2, 3.3, 4.7, 6.8, 10.0)
_SMALLEST = 0.1  # seconds


def metrics(run: CheckRun) -> list[dict[str, Any]]:
    """Return a check's metrics as they may be shown: four digits, or two once the notebook may have been told hidden data."""
    digits = 2 if run.is_told else 4
    return [
        {**metric, "value": None if metric["value"] is None else _rounded(metric, digits)} for metric in run.metrics
    ]


def findings(run: CheckRun, *, is_hidden: bool) -> list[dict[str, Any]]:
    """Return what can be shown; why something cannot may quote the notebook, which a hidden check never does."""
    return [finding for finding in run.findings if not (is_hidden and finding.get("kind") == "none")]


def phases(run: Run) -> dict[str, float]:
    """Return the seconds of each phase, to a tenth; of the checks in steps once these may have told."""
    return {
        name: _stepped(seconds) if name == "check" and run.is_told else round(seconds, 1)
        for name, seconds in run.phases.items()
    }


def usage(run: Run) -> dict[str, Any]:
    """Return what the run used: seconds to a tenth, else in steps, upwards, once it may have been told hidden data."""
    if run.is_told:
        return {name: type(value)(_stepped(value)) for name, value in run.usage.items()}
    return {name: round(value, 1) if name.endswith("_seconds") else value for name, value in run.usage.items()}


def _rounded(metric: Mapping[str, Any], digits: int) -> float:
    value, threshold = float(metric["value"]), metric["threshold"]
    shown = float(f"{value:.{digits}g}")
    if threshold is None or _holds(shown, metric) == _holds(value, metric):
        return shown
    step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else abs(threshold)
    is_up = (metric["better"] != "lower") == _holds(value, metric)
    return float(f"{shown + (step if is_up else -step):.{digits}g}")


def _holds(value: float, metric: Mapping[str, Any]) -> bool:
    return bool(value <= metric["threshold"] if metric["better"] == "lower" else value >= metric["threshold"])


def _stepped(value: float) -> float:
    """Return the next step upwards, so that what reached a limit reads as having reached it."""
    if value <= _SMALLEST:
        return _SMALLEST if value else 0.0
    decade = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in _STEPS if value <= step * decade * (1 + 1e-9))
    return round(step * decade, 1)
