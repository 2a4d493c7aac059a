"""Validation finds each way in which an exercise does not hold."""

from dataclasses import replace

import pytest

from exercises.assignment.definition import Cell, Check, Definition, Mutant, OtherWay, Threshold
from exercises.assignment.report import Report
from exercises.authoring import measurements, validation
from exercises.authoring.mutants.attack import Broken
from exercises.authoring.mutants.trials import Trial

CHECKS = ("small", "large")
TEXT = """**Metric.** The error on fresh numbers is at most **0.05**, on 97 % of them.
**Data card.** SIMULATED.
**Limits.** 120 seconds."""
EXERCISE = Definition(
    id="toy", title="Toy", summary="", queue="cpu", minutes=1, pass_percent=60,
    cells=(
        Cell(id="story", role="text", source=TEXT, starter=TEXT),
        Cell(id="start", role="setup", source="import math\nSEED = 7", starter="import math\nSEED = 7"),
        Cell(id="a", role="solution", source="right", starter="...", hints=("Think.",)),
    ),
    thresholds=(
        Threshold(check="large", metric="error", value=0.05, better="lower"), Threshold(check="large", metric="share", value=0.97),
    ),
    checks=tuple(Check(id=name, title=name, points=1, hidden=False, requires=("a",)) for name in CHECKS),
    mutants=(
        Mutant(name="one", why="", fails=("small",), sources={"a": "not-small"}),
        Mutant(name="two", why="", fails=("large",), sources={"a": "not-large"}),
        Mutant(name="three", why="", fails=CHECKS, sources={"a": "neither"}),
        Mutant(name="lazy", why="", fails=CHECKS, sources={"a": "neither"}, is_baseline=True),
    ),
)  # fmt: skip
ANSWERS = {"right": CHECKS, "not-small": ("large",), "not-large": ("small",), "neither": (), "...": None}


def measured(is_good):
    """The two metrics of the check `large`, as it reports them."""
    return [
        {"name": "error", "value": 0.01 if is_good else 0.2, "threshold": 0.05, "better": "lower"},
        {"name": "share", "value": 0.99 if is_good else 0.5, "threshold": 0.97, "better": "higher"},
    ]


def engine(answers):
    """A grader by table, to show the rules alone; the real engine's tests are in grading/test_engine.py."""

    def grade(definition, sources, *, seed):
        return Report.from_json(report_json(answers, sources, seed))

    return grade


def report_json(answers, sources, seed):
    passed = answers[sources["a"]]
    outcome = "unattempted" if passed is None else None
    checks = [
        {"id": name, "outcome": outcome or ("passed" if name in passed else "failed"), "points": 0} for name in CHECKS
    ]
    checks[1]["metrics"] = [] if passed is None else measured("large" in passed)
    points = sum(check["outcome"] == "passed" for check in checks)
    return {"verdict": "passed" if points == 2 else "failed", "passed": points == 2, "points": points, "max_points": 2,
            "checks": checks, "usage": {"wall_seconds": 0.1}}  # fmt: skip


def problems(exercise=EXERCISE, **answers):
    return " ".join(validation.validate(exercise, engine({**ANSWERS, **answers})).problems)


def test_it_works():
    assert problems() == ""


def test_every_run_is_a_row():
    found = validation.validate(EXERCISE, engine(ANSWERS), seeds=(1, 2))
    assert [row["run"] for row in found.rows] == [
        "reference", "reference", "starter", "one", "two", "three", "lazy", "lazy",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"right": ("small",)}, "reference with seed 1 misses large"),
        ({"...": ("small",)}, "starter should leave every check unattempted"),
        ({"not-small": CHECKS}, "mutant one should miss small, but misses nothing"),
        ({"not-small": ()}, "mutant one should miss small, but misses large, small"),
        ({"neither": CHECKS}, "lazy baseline lazy passes"),
    ],
)
def test_what_does_not_hold_is_named(answers, words):
    assert words in problems(**answers)


def test_three_mutants_are_asked_for():
    assert "There are 2 mutants" in problems(replace(EXERCISE, mutants=EXERCISE.mutants[1:]))


def test_a_lazy_baseline_is_asked_for():
    assert "There is no lazy baseline" in problems(replace(EXERCISE, mutants=EXERCISE.mutants[:3]))


def test_a_seed_that_the_notebook_fixes_varies_for_reference_and_baseline():
    seen = []

    def grade(definition, sources, *, seed):
        seen.append((sources["a"], definition.cell("start").source.splitlines()[1]))
        return engine(ANSWERS)(definition, sources, seed=seed)

    validation.validate(EXERCISE, grade)
    assert [line for source, line in seen if source == "right"] == [f"SEED = {seed}" for seed in validation.SEEDS]
    assert [line for source, line in seen if source == "not-small"] == ["SEED = 7"]
    assert [line for source, line in seen if source == "neither"] == ["SEED = 7", "SEED = 7", "SEED = 2", "SEED = 3"]


def test_luck_of_the_lazy_baseline_is_a_problem():
    def grade(definition, sources, *, seed):
        lucky = {**ANSWERS, "neither": CHECKS if seed == 3 else ()}
        return engine(lucky)(definition, sources, seed=seed)

    assert validation.validate(EXERCISE, grade).problems == ["The lazy baseline lazy passes with seed 3."]


def test_a_finding_that_cannot_be_shown_is_a_problem():
    def grade(definition, sources, *, seed):
        report = report_json(ANSWERS, sources, seed)
        report["checks"][0]["findings"] = [{"kind": "none", "message": "ValueError: too many"}]
        return Report.from_json(report)

    assert (
        "A finding of the reference cannot be shown: ValueError: too many"
        in validation.validate(EXERCISE, grade).problems
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ([], ["reports no metric named error", "reports no metric named share"]),
        ([{"threshold": 0.06}, {}], ["reports error with the threshold 0.06; its [[threshold]] is 0.05"]),
        ([{"threshold": None}, {}], ["reports error with the threshold None"]),
        ([{}, {"better": "lower"}], ["says that share is better lower, its [[threshold]] says higher"]),
    ],
)
def test_a_threshold_is_what_its_check_measures(changed, words):
    def grade(definition, sources, *, seed):
        report = report_json(ANSWERS, sources, seed)
        metrics = [{**metric, **more} for metric, more in zip(measured(True), changed, strict=False)]
        report["checks"][1]["metrics"] = metrics if sources["a"] == "right" else report["checks"][1]["metrics"]
        return Report.from_json(report)

    found = validation.validate(EXERCISE, grade).problems
    assert len(found) == len(words) and all(text in problem for text, problem in zip(words, found, strict=True))


def test_a_mutant_that_passes_without_reaching_a_threshold_is_a_problem():
    def grade(definition, sources, *, seed):
        report = report_json(ANSWERS, sources, seed)
        return Report.from_json({**report, "passed": True} if sources["a"] == "not-large" else report)

    assert validation.validate(EXERCISE, grade).problems == [
        "The mutant two passes and does not reach the threshold 0.05 of error.",
        "The mutant two passes and does not reach the threshold 0.97 of share.",
    ]


def test_automatic_mutants_are_rows_and_problems_too():
    both = frozenset(CHECKS)
    found = validation.validate_attacks(EXERCISE, lambda definition: [
        Trial(cell="a", kind="zeros", asked=both, passed=both), Trial(cell="a", kind="nan", asked=both),
    ])  # fmt: skip
    assert [(row["kinds"], row["points"], row["passed"]) for row in found.attacks] == [
        (["zeros"], 2, True),
        (["nan"], 0, False),
    ]
    assert found.problems == ["The cell a replaced by zeros passes with 2/2; missed: nothing."]
    whole = validation.merged(validation.validate(EXERCISE, engine(ANSWERS), seeds=(1,)), found)
    assert (len(whole.rows), whole.attacks, whole.problems) == (6, found.attacks, found.problems)


def test_mutants_that_cannot_be_tried_are_a_problem():
    def attack(definition):
        raise Broken("The reference itself misses large.")

    found = validation.validate_attacks(EXERCISE, attack)
    assert found.problems == ["The automatic mutants could not be tried. The reference itself misses large."]


def with_text(text):
    return replace(EXERCISE, cells=(replace(EXERCISE.cells[0], source=text), *EXERCISE.cells[1:]))


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("**Metric.**", "begins with **Metric.**"),
        ("**Data card.**", "begins with **Data card.**"),
        ("**Limits.**", "begins with **Limits.**"),
        ("0.05", "threshold 0.05 of error"),
        ("97 %", "threshold 0.97 of share"),
        ("120", "limit of 120 seconds of CPU time"),
    ],
)
def test_the_text_names_what_a_learner_must_know(old, words):
    [problem] = validation.statement_problems(with_text(TEXT.replace(old, "…")))
    assert words in problem


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        (with_text(TEXT + " More."), True),
        (replace(EXERCISE, title="Toys", summary="More", minutes=9), True),
        (replace(EXERCISE, cells=(*EXERCISE.cells[:2], replace(EXERCISE.cells[2], hints=("Think again.",)))), True),
        (replace(EXERCISE, cells=(*EXERCISE.cells[:2], replace(EXERCISE.cells[2], source="right!"))), False),
        (replace(EXERCISE, pass_percent=90), False),
        (replace(EXERCISE, checks=(replace(EXERCISE.checks[0], points=2), EXERCISE.checks[1])), False),
        (replace(EXERCISE, checks=(replace(EXERCISE.checks[0], required=True), EXERCISE.checks[1])), False),
        (replace(EXERCISE, pass_hidden_percent=10), False),
        (
            replace(EXERCISE, thresholds=(replace(EXERCISE.thresholds[0], words="the error"), EXERCISE.thresholds[1])),
            True,
        ),
        (
            replace(EXERCISE, thresholds=(replace(EXERCISE.thresholds[0], better="higher"), EXERCISE.thresholds[1])),
            False,
        ),
        (replace(EXERCISE, other_ways=(OtherWay(kind="linear", why=""),)), False),
        (replace(EXERCISE, data={"toy/held_out/test.npz": "00"}), False),
        (replace(EXERCISE, mutants=EXERCISE.mutants[1:]), False),
    ],
)
def test_a_measurement_outlives_changes_of_prose_only(changed, is_same):
    assert (measurements.version_of(changed) == measurements.version_of(EXERCISE)) is is_same


def test_a_new_set_of_automatic_mutants_makes_measurements_stale(monkeypatch):
    before = measurements.version_of(EXERCISE)
    monkeypatch.setattr(measurements.kinds, "VERSION", measurements.kinds.VERSION + 1)
    assert measurements.version_of(EXERCISE) != before
