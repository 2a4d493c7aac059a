"""A comparison means something only where every grader gets the same work and each can fail it."""

import json

import numpy as np
import pytest

from bench.peers import graders, notebooks, ours
from bench.peers.assignments import ASSIGNMENTS, Part
from exercises.assignment.pass_rule import unattempted_cells
from exercises.grading import engine

NUMPY = next(assignment for assignment in ASSIGNMENTS if assignment.name == "numpy")


def run_parts(sources):
    namespace = {"np": np}
    for source in sources:
        exec(source, namespace)


def test_the_finished_functions_pass_their_checks():
    run_parts(part.solved for part in NUMPY.parts)


def test_the_checks_refuse_what_is_handed_out():
    with pytest.raises(NotImplementedError):
        run_parts(part.starter for part in NUMPY.parts)


@pytest.mark.parametrize("check", NUMPY.checks, ids=lambda check: check.id)
def test_each_check_can_fail(check):
    wrong = "normalise = lambda x: x\nsoftmax = lambda x: x\none_hot = None\n"
    wrong += "cross_entropy = lambda p, labels: 0.0\naccuracy = lambda p, labels: 1.0"
    with pytest.raises(AssertionError):
        run_parts([wrong, check.source])


def test_a_starter_keeps_what_is_outside_the_solution():
    part = Part(
        "f", "solution", "def f():\n    ### BEGIN SOLUTION\n    x = 1\n    return x\n    ### END SOLUTION\n# end"
    )
    assert part.starter == "def f():\n    raise NotImplementedError\n# end"
    assert part.solved == "def f():\n    x = 1\n    return x\n# end"


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_every_grader_gets_every_cell_and_every_check(assignment, tmp_path):
    definition = ours.define(assignment)
    job = engine.make_job(definition, definition.reference_sources(), 1)
    cells = [part.solved for part in assignment.parts if part.role != "check"]
    checks = [part.source for part in assignment.checks]
    assert [source for _, source in job.cells] == cells
    assert [source for check in job.checks for source in check.sources] == checks
    assert not unattempted_cells(definition, definition.reference_sources())

    written = {}
    for name in ("nbgrader_submission", "otter_submission"):
        notebooks.write(assignment, tmp_path / name, getattr(notebooks, name))
        written[name] = [cell["source"] for cell in json.loads((tmp_path / name).read_text())["cells"]]
    assert written["nbgrader_submission"] == [part.solved for part in assignment.parts]
    assert written["otter_submission"] == cells


def test_a_missing_environment_says_how_to_make_it(tmp_path):
    with pytest.raises(graders.WrongResult, match="make peers"):
        graders.Peers(tmp_path / "none", tmp_path).program("nbgrader")
