"""A cell's mutant replaces the names that this cell is the last to bind."""

import pytest

from exercises.assignment.definition import Cell, Check, Definition
from exercises.authoring.mutants.cells import owned_names


def exercise(*cells):
    return Definition(
        id="toy", title="", summary="", queue="cpu", minutes=1, pass_percent=80,
        cells=tuple(Cell(id=f"c{n}", role=role, source=source, starter="") for n, (role, source) in enumerate(cells)),
        checks=(Check(id="x", title="", points=1, hidden=False, requires=()),),
    )  # fmt: skip


def test_it_works():
    found = owned_names(
        exercise(("setup", "import math"), ("solution", "def f(x):\n    y = x\n    return y\nz = f(1)"))
    )
    assert found == {"c1": ["f", "z"]}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b, c = 1, 2", ["a", "b", "c"]),
        ("class A:\n    b = 1", ["A"]),
        ("for i in range(3):\n    with open(i) as f:\n        g = [h for h in f]", ["f", "g", "i"]),
        ("traces['f'] = 0\nmodel.trainable = False", []),
        ("import numpy as np\nfrom a import b", []),
        ("%matplotlib inline\n!ls\nx = (y := 1)", ["x", "y"]),
        ("f = lambda u: (v for v in u)", ["f"]),
    ],
)
def test_what_counts_as_bound(source, names):
    assert owned_names(exercise(("solution", source))) == {"c0": names}


def test_a_name_belongs_to_the_cell_that_binds_it_last():
    found = owned_names(
        exercise(("solution", "a = b = 1"), ("setup", "a = 2"), ("solution", "b = 3"), ("check", "b = 4"))
    )
    assert found == {"c0": [], "c2": ["b"]}


def test_what_only_leads_to_the_answer_is_none():
    found = owned_names(
        exercise(
            ("solution", "step = 1\nbase = 2\nmodel = step\ndef f(x):\n    step = x\n    return base"),
            ("check", "assert rebuild('model') and f(1)"),
        )
    )
    assert found == {"c0": ["base", "f", "model"]}
