import pytest

from exercises.assignment.report import Report
from exercises.authoring import measurements, validation
from exercises.authoring.mutants.trials import Trial
from tests.exercises.authoring.test_validation import ANSWERS, EXERCISE, report_json

VALUES = {"right": [0.01, 0.02, 0.03], "neither": [0.09, 0.11, 0.1]}


def grade(definition, sources, *, seed):
    """The toy's grader with a metric: lower is better."""
    report = report_json(ANSWERS, sources, seed)
    if sources["a"] in VALUES:
        value = VALUES[sources["a"]][(seed - 1) % 3]
        report["checks"][1]["metrics"] = [{"name": "error", "value": value, "threshold": 0.05, "better": "lower"}]
    return Report.from_json(report)


def validated():
    """The whole validation of the toy, with two automatic mutants."""
    both = frozenset({"small", "large"})
    tried = [Trial(cell="a", kind="zeros", asked=both), Trial(cell="a", kind="untrained", state="not_applicable")]
    return validation.merged(
        validation.validate(EXERCISE, grade), validation.validate_attacks(EXERCISE, lambda definition: tried)
    )


@pytest.fixture
def folder(tmp_path):
    """The toy's folder, measured."""
    (tmp_path / "toy").mkdir()
    measurements.save(validated().measurement, tmp_path / "toy")
    return tmp_path / "toy"
