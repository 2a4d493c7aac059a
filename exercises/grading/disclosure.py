"""Limits what a report discloses once the notebook may have seen hidden data. Pure, no database.

A function that was given hidden rows can leak them: in the numbers it returns, in its time, in the memory it takes. Metrics then
have two digits, usage is rounded up to one of six steps per decade, and a finding that could not be made is not explained.
Rounding never crosses a threshold: what passed reads as passed.
"""

import math
from dataclasses import replace

from exercises.assignment.report import Finding, Metric
from exercises.sandbox.run import CheckRun, Run

# Neighbours differ by a factor of about 1.5: coarse enough to carry hardly any data, fine enough to show what to save
_STEPS = (1.0, 1.5, 2.2, 3.3, 4.7, 6.8, 10.0)
_SMALLEST = 0.1  # seconds


def metrics(run: CheckRun, *, is_exact: bool = False) -> tuple[Metric, ...]:
    """Return a check's metrics as they may be shown: four digits, or two once the notebook may have been told hidden data.

    With `is_exact`, for authors, as they were measured.
    """
    digits = 2 if run.is_told else 4
    measured = (Metric.from_json(metric) for metric in run.metrics)
    return tuple(metric if is_exact else _rounded(metric, digits) for metric in measured)


def findings(run: CheckRun, *, is_hidden: bool) -> tuple[Finding, ...]:
    """Return what can be shown; why something cannot may quote the notebook, which a hidden check never does."""
    reported = (Finding(data) for data in run.findings)
    return tuple(finding for finding in reported if not (is_hidden and finding.kind == "none"))


def phases(run: Run) -> dict[str, float]:
    """Return the seconds of each phase, to a tenth; of the checks in steps once these may have told."""
    return {
        name: _stepped(seconds) if name == "check" and run.is_told else round(seconds, 1)
        for name, seconds in run.phases.items()
    }


def usage(run: Run) -> dict[str, float]:
    """Return what the run used: seconds to a tenth, else in steps, upwards, once it may have been told hidden data."""
    if run.is_told:
        return {name: type(value)(_stepped(value)) for name, value in run.usage.items()}
    return {name: round(value, 1) if name.endswith("_seconds") else value for name, value in run.usage.items()}


def _rounded(metric: Metric, digits: int) -> Metric:
    return metric if metric.value is None else replace(metric, value=_shown(metric.value, metric, digits))


def _shown(value: float, metric: Metric, digits: int) -> float:
    """Return a value with so many digits, one step further on its own side where rounding would cross the threshold."""
    shown = float(f"{value:.{digits}g}")
    if metric.threshold is None or _holds(shown, metric) == _holds(value, metric):
        return shown
    step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else abs(metric.threshold)
    is_up = (metric.better != "lower") == _holds(value, metric)
    return float(f"{shown + (step if is_up else -step):.{digits}g}")


def _holds(value: float, metric: Metric) -> bool:
    assert metric.threshold is not None
    return value <= metric.threshold if metric.better == "lower" else value >= metric.threshold


def _stepped(value: float) -> float:
    """Return the next step up, so that what reached a limit still reads as having reached it."""
    if value <= _SMALLEST:
        return _SMALLEST if value else 0.0
    decade = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in _STEPS if value <= step * decade * (1 + 1e-9))
    return round(step * decade, 1)
