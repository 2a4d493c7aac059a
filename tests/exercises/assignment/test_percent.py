"""Cells of a notebook file with their lines, from the percent format and from .ipynb."""

import json

import pytest

from exercises.assignment.percent import read_cells

NOTEBOOK = """# A header is no cell.
# %% [markdown] id="story"
# # Title
#
# Text.

# %% id="f" role="solution" hints=["a=b", "c]"] points=2 required=true

def f():
    return "# %%"
"""


@pytest.fixture
def read(tmp_path):
    """Write a file and read its cells and problems, as (line, message)."""

    def read(text, name="notebook.py"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        notebook = read_cells(tmp_path / name)
        return notebook.cells, [(problem.line, problem.message) for problem in notebook.problems]

    return read


def test_it_works(read):
    (story, cell), problems = read(NOTEBOOK)
    assert problems == []
    assert (story.is_markdown, story.line, story.metadata) == (True, 3, {"id": "story"})
    assert story.source == "# Title\n\nText."
    assert (cell.is_markdown, cell.line) == (False, 9), "where its first line with text stands"
    assert cell.metadata == {"id": "f", "role": "solution", "hints": ["a=b", "c]"], "points": 2, "required": True}
    assert cell.source == 'def f():\n    return "# %%"'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", (1, "This notebook has no cells")),
        ("x = 1\n# %%\n", (1, "Text stands before the first cell")),
        ("# %% id=x\n", (1, "this is not: 'id=x'")),
        ('# %%\n\n# %% id="a" id="b"\n', (3, "this is not: 'id=\"b\"'")),
        ("# %% [markdown]\n# Text.\nmore\n", (3, "A line of a Markdown cell begins with")),
        ("# %% id=" + "[" * 5000, (1, "metadata is written key=json")),
    ],
)
def test_a_problem_has_its_line(read, text, problem):
    _, problems = read(text)
    assert [line for line, _ in problems] == [problem[0]] and problem[1] in problems[0][1]


def test_what_is_wrong_in_one_value_does_not_take_the_others(read):
    (cell,), problems = read('# %% id="a" role="setup" points=\n')
    assert cell.metadata == {"id": "a", "role": "setup"} and len(problems) == 1


def ipynb(*cells):
    return json.dumps({"nbformat": 4, "cells": list(cells)}, indent=1)


def test_an_ipynb_has_cells_too(read):
    (story, cell, other), problems = read(
        ipynb(
            {
                "cell_type": "markdown",
                "source": "# Title",
                "metadata": {"learnpaths": {"id": "story"}, "collapsed": True},
            },
            {"cell_type": "code", "id": "f", "source": ["x = 1\n", "y = 2\n"], "metadata": {"role": "setup"}},
            {"cell_type": "code", "source": ""},
        ),
        "notebook.ipynb",
    )
    assert problems == [] and story.metadata == {"id": "story"} and story.is_markdown
    assert cell.metadata == {"id": "f", "role": "setup"} and cell.source == "x = 1\ny = 2" and cell.line > story.line
    assert other.metadata == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "This is not JSON"),
        ("[]", "not a notebook of format 4"),
        (ipynb({"cell_type": "code"}), "not a notebook of format 4"),
        ("[" * 10**5, "This is not JSON"),
    ],
)
def test_what_is_no_ipynb(read, text, words):
    _, problems = read(text, "notebook.ipynb")
    assert len(problems) == 1 and words in problems[0][1]


def test_a_file_that_is_not_there_is_one_problem(tmp_path):
    notebook = read_cells(tmp_path / "notebook.py")
    assert notebook.cells == [] and len(notebook.problems) == 1
