"""An exercise as data: what its digest depends on, and the way to JSON and back."""

import json
from dataclasses import replace

import pytest

from exercises.assignment.definition import Cell, Check, Definition, Limits, Mutant, OtherWay, Threshold

CELLS = (
    Cell(id="story", role="text", source="# Add", starter="# Add"),
    Cell(id="imports", role="setup", source="import math", starter="import math"),
    Cell(id="add", role="solution", source="right", starter="...", hints=("Think.",)),
    Cell(id="rows", role="examiner", source="secret = 42", starter="secret = 42", opens=("unseen",)),
    Cell(id="seen", role="check", source="assert True", starter="assert True"),
    Cell(id="unseen", role="check", source="assert secret", starter="assert secret"),
)
EXERCISE = Definition(
    id="add", title="Add", summary="", queue="cpu", minutes=5, pass_percent=60, cells=CELLS,
    checks=(
        Check(id="seen", title="Seen", points=1, hidden=False, requires=("add",)),
        Check(id="unseen", title="Unseen", points=3, hidden=True, requires=("add",), required=True),
    ),
    mutants=(Mutant(name="zero", why="", fails=("seen",), sources={"add": "0"}),),
    thresholds=(Threshold(check="unseen", metric="error", value=0.5, better="lower"),),
    other_ways=(OtherWay(kind="linear", why=""),),
    limits=Limits(cpu_seconds=30),
    data={"toy/held_out/labels.npz": "0" * 64},
)  # fmt: skip


def test_it_comes_back_from_json_as_it_went():
    back = Definition.from_json(json.loads(json.dumps(EXERCISE.to_json())))
    assert back == EXERCISE and back.digest() == EXERCISE.digest()


def test_the_digest_is_of_the_canonical_json():
    assert EXERCISE.digest().startswith("sha256:") and len(EXERCISE.digest()) == 71
    assert replace(EXERCISE, title="Äpfel").digest() != EXERCISE.digest()


def test_an_unknown_key_is_an_error():
    with pytest.raises(TypeError):
        Definition.from_json({**EXERCISE.to_json(), "colour": "red"})


def test_what_a_learner_sees_has_no_hidden_check_and_no_examiner_cell():
    assert [cell.id for cell in EXERCISE.public_cells] == ["story", "imports", "add", "seen"]


def test_the_parts_of_an_exercise():
    assert (EXERCISE.max_points, EXERCISE.max_hidden_points) == (4, 3)
    assert EXERCISE.locked == {"imports"} and [cell.id for cell in EXERCISE.solution_cells] == ["add"]
    assert EXERCISE.reference_sources() == {"add": "right"} and EXERCISE.starter_sources() == {"add": "..."}
    assert EXERCISE.cell("add") is CELLS[2]
    with pytest.raises(KeyError):
        EXERCISE.cell("nothing")


@pytest.mark.parametrize(("pool", "is_listed"), [("practice", True), ("exam", False)])
def test_an_exercise_of_the_exam_pool_is_not_listed(pool, is_listed):
    assert replace(EXERCISE, pool=pool).is_listed is is_listed
