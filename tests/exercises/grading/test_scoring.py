"""The scoring rule: a point only for a recorded pass, unattempted is not wrong, hidden checks say nothing of their own."""

from dataclasses import replace

import pytest

from exercises.assignment.definition import Cell, Check, Definition
from exercises.assignment.pass_rule import unattempted_cells
from exercises.assignment.report import Metric
from exercises.grading.scoring import score
from exercises.sandbox.kernel import CellRun
from exercises.sandbox.run import CheckRun, Run

EXERCISE = Definition(
    id="two-steps", title="Two steps", summary="", queue="cpu", minutes=5, pass_percent=60,
    cells=(
        Cell(id="first", role="solution", source="a = 1", starter="a = ..."),
        Cell(id="first-check", role="check", source="assert a == 1", starter="assert a == 1"),
        Cell(id="second", role="solution", source="b = 2", starter="b = ..."),
        Cell(id="second-check", role="check", source="assert b == 2", starter=""),
    ),
    checks=(
        Check(id="first-check", title="First", points=3, hidden=False, requires=("first",)),
        Check(id="second-check", title="Second", points=2, hidden=True, requires=("second",), feedback="Look again."),
    ),
)  # fmt: skip
DONE = {"first": "a = 1", "second": "b = 2"}
PASSED = CheckRun("passed")


def judged(sources=DONE, **run):
    return score(EXERCISE, unattempted_cells(EXERCISE, sources), Run(**run))


def outcomes(result):
    return [check.outcome for check in result.checks]


def test_it_works():
    result = judged(checks={"first-check": PASSED, "second-check": PASSED})
    assert (result.verdict, result.points, result.passed) == ("passed", 5, True)


@pytest.mark.parametrize(
    ("passes", "verdict"), [(["first-check"], "passed"), (["second-check"], "failed"), ([], "failed")]
)
def test_the_pass_mark_counts_points(passes, verdict):
    failed = CheckRun("failed", "expected 2")
    result = judged(checks={check.id: PASSED if check.id in passes else failed for check in EXERCISE.checks})
    assert result.verdict == verdict


@pytest.mark.parametrize(
    ("changed", "passes", "verdict"),
    [
        ({"pass_hidden_percent": 60}, ["first-check"], "failed"),  # public examples alone
        ({"pass_hidden_percent": 60}, ["first-check", "second-check"], "passed"),
        ({"checks": (EXERCISE.checks[0], replace(EXERCISE.checks[1], required=True))}, ["first-check"], "failed"),
        ({"checks": (replace(EXERCISE.checks[0], required=True), EXERCISE.checks[1])}, ["first-check"], "passed"),
    ],
)
def test_hidden_points_and_required_checks_are_needed_too(changed, passes, verdict):
    definition = replace(EXERCISE, **changed)
    checks = {check.id: PASSED if check.id in passes else CheckRun("failed") for check in EXERCISE.checks}
    assert score(definition, frozenset(), Run(checks=checks)).verdict == verdict


def test_enough_is_a_pass_also_if_a_later_cell_raises():
    checks = {"first-check": PASSED, "second-check": PASSED}
    assert judged(checks=checks, ending="learner_error").verdict == "passed"
    assert judged(checks={}, ending="learner_error").verdict == "learner_error"


def test_the_starter_is_unattempted_not_wrong():
    result = judged(EXERCISE.starter_sources(), cells={"first": CellRun(status="error")}, ending="learner_error")
    assert outcomes(result) == ["unattempted", "unattempted"]
    assert (result.verdict, result.points) == ("failed", 0)


def test_white_space_does_not_make_an_attempt():
    assert unattempted_cells(EXERCISE, {"first": "\na = ...   \n", "second": "b = 3"}) == {"first"}


def test_an_unattempted_check_has_no_points_even_where_it_ran():
    result = judged({"second": "b = 2"}, checks={"first-check": PASSED, "second-check": PASSED})
    assert outcomes(result) == ["unattempted", "passed"] and result.points == 2


def test_a_check_that_did_not_run_has_no_points():
    result = judged(checks={"first-check": PASSED})
    assert outcomes(result) == ["passed", "not_run"] and result.points == 3


def test_a_public_check_says_what_it_found_and_a_hidden_one_does_not():
    result = judged(checks={check.id: CheckRun("failed", "label 7 expected") for check in EXERCISE.checks})
    assert [check.message for check in result.checks] == ["label 7 expected", "Look again."]


@pytest.mark.parametrize("ending", ["time_limit", "memory_limit", "kernel_died", "cancelled", "output_limit"])
def test_an_abnormal_end_keeps_its_name_and_never_passes(ending):
    result = judged(checks={"first-check": PASSED, "second-check": PASSED}, ending=ending)
    assert result.verdict == ending and not result.passed


def test_an_error_in_attempted_code_is_the_learners():
    result = judged(cells={"first": CellRun(), "second": CellRun(status="error")}, ending="learner_error")
    assert result.verdict == "learner_error"


def test_metrics_are_reported_for_hidden_checks_too():
    metric = {"name": "accuracy", "value": 0.9, "threshold": 0.95, "better": "higher"}
    result = judged(checks={"second-check": CheckRun("failed", "", (metric,))})
    assert result.checks[1].metrics == (Metric(**metric),)
