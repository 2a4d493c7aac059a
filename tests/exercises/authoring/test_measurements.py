"""What was measured is kept beside the exercise, and the page says what was kept."""

from dataclasses import replace

import pytest

from exercises.assignment.definition import OtherWay
from exercises.assignment.report import Report
from exercises.authoring import measurements, measurements_page, validation
from exercises.authoring.mutants.trials import WHOLE, Trial
from tests.exercises.authoring.test_validation import ANSWERS, EXERCISE, report_json

VALUES = {"right": [0.01, 0.02, 0.03], "neither": [0.09, 0.11, 0.1]}


def grade(definition, sources, *, seed):
    """The toy's grader with a metric: lower is better."""
    report = report_json(ANSWERS, sources, seed)
    if sources["a"] in VALUES:
        value = VALUES[sources["a"]][(seed - 1) % 3]
        report["checks"][1]["metrics"] = [{"name": "error", "value": value, "threshold": 0.05, "better": "lower"}]
    return Report.from_json(report)


def examined():
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
    measurements.save(examined().measurement, tmp_path / "toy")
    return tmp_path / "toy"


def test_it_works(folder):
    assert not measurements.is_stale(EXERCISE, folder)
    assert len(measurements.read(folder).runs("reference")) == len(validation.SEEDS)


def test_automatic_mutants_are_kept_and_on_the_page(folder):
    assert [row["kinds"] for row in measurements.read(folder).attacks] == [["zeros"], ["untrained"]]
    page = measurements_page.page({"toy": EXERCISE}, folder.parent)
    assert "| [toy](#toy) | 1 | 1 | 0 | 0 | 0/2 |" in page
    assert "| kind | a |" in page and "| zeros | 0 |" in page and "| untrained |" not in page


def test_another_way_is_on_the_page_with_its_reason(folder):
    exercise = replace(EXERCISE, other_ways=(OtherWay(kind="linear", why="Two lines are enough."),))
    both = frozenset({"small", "large"})
    linear = Trial(cell=WHOLE, kind="linear", asked=both, passed=both)
    found = validation.merged(
        validation.validate(exercise, grade), validation.validate_attacks(exercise, lambda definition: [linear])
    )
    measurements.save(found.measurement, folder)
    page = measurements_page.page({"toy": exercise}, folder.parent)
    assert (
        "| linear (whole notebook) | 2 (another way) |" in page and "- linear may pass: Two lines are enough." in page
    )
    assert "| [toy](#toy) | 1 | 1 | 0 | 0 | 0/2 |" in page


def test_a_changed_exercise_is_stale(folder):
    assert measurements.is_stale(replace(EXERCISE, pass_percent=90), folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not JSON"])
def test_what_cannot_be_read_is_stale(folder, text):
    (folder / measurements.FILE).write_text(text)
    assert measurements.is_stale(EXERCISE, folder)


def test_the_page_has_the_range_the_threshold_and_the_margin(folder):
    page = measurements_page.page({"toy": EXERCISE}, folder.parent)
    assert "| error | 0.01 to 0.03 | 0.09 to 0.11 | ≤ 0.05 | 0.02 (33% of the gap) |" in page
    assert "| one | 1 | 1/2 | small |" in page
    assert "| lazy (lazy) | 3 | 0/2 | large, small | error 0.1 |" in page
    assert "all unattempted" in page


def test_a_metric_that_does_not_separate_says_so(folder, monkeypatch):
    monkeypatch.setitem(VALUES, "neither", [0.02, 0.02, 0.02])
    measurements.save(validation.validate(EXERCISE, grade).measurement, folder)
    assert "| 0.02 | ≤ 0.05 | 0.02 (no gap) |" in measurements_page.page({"toy": EXERCISE}, folder.parent)


def test_what_was_not_measured_is_not_on_the_page(tmp_path):
    assert "toy" not in measurements_page.page({"toy": EXERCISE}, tmp_path)
