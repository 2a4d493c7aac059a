"""What a report may say of numbers, once hidden data may have been told."""

import pytest

from exercises.assignment.report import Finding
from exercises.grading import disclosure
from exercises.sandbox.run import CheckRun, Run


def metric(value, threshold=None, better="higher"):
    return {"name": "m", "value": value, "threshold": threshold, "better": better}


def shown(is_told, *arguments):
    [told] = disclosure.metrics(CheckRun("passed", metrics=(metric(*arguments),), is_told=is_told))
    return told.value


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ((0.95754,), 0.96),
        ((43712.0,), 44000.0),
        ((0.0,), 0.0),
        ((None,), None),
        ((0.947, 0.95), 0.94),
        ((0.953, 0.955), 0.95),
        ((0.951, 0.95), 0.95),
        ((0.9345, 0.934), 0.94),
        ((0.899, 0.9), 0.89),
        ((0.0834, 0.0832, "lower"), 0.084),
        ((0.0831, 0.0834, "lower"), 0.083),
        ((0.0796, 0.08, "lower"), 0.08),
        ((0.0804, 0.08, "lower"), 0.081),
        ((0.2, 1e-6, "lower"), 0.2),
        ((9.96, 9.98), 9.9),
        ((-0.947, -0.95, "lower"), -0.94),
        ((1e-9, 1e-6, "lower"), 1e-9),
    ],
)
def test_a_metric_has_two_digits_and_stays_on_its_side(arguments, value):
    assert shown(True, *arguments) == (value if value is None else pytest.approx(value, rel=1e-9))
    if len(arguments) > 1:
        exact, threshold = arguments[:2]
        is_lower = arguments[2:] == ("lower",)
        assert (value <= threshold if is_lower else value >= threshold) == (
            exact <= threshold if is_lower else exact >= threshold
        )


def test_without_hidden_data_it_has_four():
    assert shown(False, 0.957538, 0.955) == 0.9575 and shown(False, 0.95496, 0.955) == 0.9549


def test_what_a_run_used_is_told_in_steps_upwards():
    used = {"wall_seconds": 12.345, "cpu_seconds": 3.21, "memory_bytes": 345 * 2**20, "processes": 3, "disk_bytes": 0}
    plain = Run(usage=used, phases={"run": 2.123, "check": 10.222})
    assert disclosure.usage(plain) == {**used, "wall_seconds": 12.3, "cpu_seconds": 3.2}
    assert disclosure.phases(plain) == {"run": 2.1, "check": 10.2}
    told = Run(usage=used, phases={"run": 2.123, "check": 10.222}, is_told=True)
    assert disclosure.phases(told) == {"run": 2.1, "check": 15.0}
    steps = disclosure.usage(told)
    assert steps["wall_seconds"] == 15.0 and steps["cpu_seconds"] == 3.3 and steps["disk_bytes"] == 0
    assert steps["memory_bytes"] == 470_000_000 and all(steps[name] >= used[name] for name in used)


def test_why_something_could_not_be_shown_is_for_authors():
    run = CheckRun("failed", findings=({"kind": "none", "message": "secret"}, {"kind": "slices"}))
    assert disclosure.findings(run, is_hidden=True) == (Finding({"kind": "slices"}),)
    assert len(disclosure.findings(run, is_hidden=False)) == 2
