"""docs/exercises.md says what was kept beside the exercises."""

from dataclasses import replace

from exercises.assignment.definition import OtherWay
from exercises.authoring import measurements, measurements_page, validation
from exercises.authoring.mutants.trials import WHOLE, Trial
from tests.exercises.authoring.conftest import VALUES, grade
from tests.exercises.authoring.test_validation import EXERCISE


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
