"""Examiner cells that run before all hidden checks, and the checks that they name."""

import ast
from pathlib import Path

import pytest

from exercises.assignment.openings import read_opens
from exercises.assignment.percent import SourceCell, SourceNotebook
from learnpaths.catalog.tables import SourceFile


def opens(source, before_hidden=True):
    """Return the checks that a cell at line 11 names, and the problems as (line, message)."""
    notebook = SourceNotebook(file=SourceFile(Path("notebook.py"), "notebook.py", []))
    cell = SourceCell(line=11, is_markdown=False, metadata={"before_hidden": before_hidden}, source=source)
    names = read_opens(notebook, cell, ast.parse(source))
    return names, [(problem.line, problem.message) for problem in notebook.problems]


def test_the_checks_are_those_of_its_reports_each_once():
    source = 'report_examples(x, y, z, check="a")\nreport_slices(v, g, check="b")\nreport_residuals(t, p, check="a")'
    assert opens(source) == (("a", "b"), [])


@pytest.mark.parametrize("before_hidden", [False, None])
def test_any_other_cell_names_none(before_hidden):
    names, _ = opens('report_examples(x, y, z, check="a")', before_hidden)
    assert names == ()


@pytest.mark.parametrize(
    ("source", "before_hidden", "problem"),
    [
        ("x = 1", True, (10, "say for which it reports")),
        ('report_examples(x, y, z, check="a")\nlabels = held_out("d", "f")', True, (12, "asks for public data only")),
        ("x = 1", "yes", (10, "before_hidden is true or false")),
        ("report_examples(x, y, z, check=name)", True, (10, "say for which it reports")),
    ],
)
def test_a_problem_has_its_line(source, before_hidden, problem):
    _, problems = opens(source, before_hidden)
    assert [line for line, _ in problems] == [problem[0]] and problem[1] in problems[0][1]
