"""The author gate finds each way in which an exercise does not hold."""

from dataclasses import replace

import pytest

from exercises import gate
from exercises.assignment.definition import Cell, Check, Definition, Mutant

CHECKS = ("small", "large")
EXERCISE = Definition(
    id="toy", title="Toy", summary="", queue="cpu", minutes=1, pass_percent=60,
    cells=(Cell(id="a", role="solution", source="right", starter="..."),),
    checks=tuple(Check(id=name, title=name, points=1, hidden=False, requires=("a",)) for name in CHECKS),
    mutants=(
        Mutant(name="one", why="", fails=("small",), sources={"a": "not-small"}),
        Mutant(name="two", why="", fails=("large",), sources={"a": "not-large"}),
        Mutant(name="three", why="", fails=CHECKS, sources={"a": "neither"}),
        Mutant(name="lazy", why="", fails=CHECKS, sources={"a": "neither"}, is_baseline=True),
    ),
)  # fmt: skip
ANSWERS = {"right": CHECKS, "not-small": ("large",), "not-large": ("small",), "neither": (), "...": None}


def engine(answers):
    """A grader by table, to show the gate's own rules; the real engine's tests are in test_grading.py."""

    def grade(definition, sources, *, seed):
        passed = answers[sources["a"]]
        outcome = "unattempted" if passed is None else None
        checks = [{"id": name, "outcome": outcome or ("passed" if name in passed else "failed")} for name in CHECKS]
        points = sum(check["outcome"] == "passed" for check in checks)
        return {"verdict": "passed" if points == 2 else "failed", "passed": points == 2, "points": points, "max_points": 2,
                "checks": checks, "usage": {"wall_seconds": 0.1}}  # fmt: skip

    return grade


def problems(exercise=EXERCISE, **answers):
    return " ".join(gate.examine(exercise, engine({**ANSWERS, **answers})).problems)


def test_it_works():
    assert problems() == ""


def test_every_run_is_a_row():
    found = gate.examine(EXERCISE, engine(ANSWERS), seeds=(1, 2))
    assert [row["run"] for row in found.rows] == ["reference", "reference", "starter", "one", "two", "three", "lazy"]


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
