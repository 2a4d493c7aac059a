"""Which cell of an uploaded notebook is which of ours, by ids, texts, names and order."""

import pytest

from exercises.assignment.definition import Cell, Definition
from exercises.assignment.matching import Given, defined_names, match_cells, used_names, wanted_names

CELLS = (
    Cell(id="imports", role="setup", source="import math", starter="import math"),
    Cell(id="add", role="solution", source="def add(a, b):\n    return a + b", starter="def add(a, b):\n    ..."),
    Cell(id="twice", role="solution", source="twice = add(2, 2)", starter="twice = None"),
)
EXERCISE = Definition(id="add", title="", summary="", queue="cpu", minutes=1, pass_percent=60, cells=CELLS, checks=())
ADD, TWICE = "def add(a, b):\n    return b + a", "twice = 4"


def match(*items):
    """Match cells, each given as a text (code without an id) or as (id, text)."""
    pairs = [item if isinstance(item, tuple) else ("", item) for item in items]
    given = [Given(number=n, is_code=not text.startswith("#"), text=text, id=i) for n, (i, text) in enumerate(pairs, 1)]
    return match_cells(given, EXERCISE)


def test_by_ids():
    result = match(("imports", "import math"), ("add", ADD), ("twice", TWICE))
    assert result.texts == {"imports": "import math", "add": ADD, "twice": TWICE}
    assert not (result.repairs or result.questions or result.is_reordered)


def test_by_text_and_by_the_names_that_are_defined():
    result = match("import math  ", ADD, TWICE)
    assert (result.texts["add"], result.texts["twice"]) == (ADD, TWICE)
    assert result.repairs == ["Cells without their ids were known by what they define: #2 is add; #3 is twice."]


def test_a_reordered_notebook_says_so():
    assert match(("twice", TWICE), ("add", ADD)).is_reordered


def test_two_versions_are_a_question():
    result = match(("add", ADD), ("add", "def add(a, b):\n    return 0"))
    assert "add" not in result.texts
    assert [cell for cell, _ in result.questions] == ["add"] and "#1 and #2 could both be" in result.questions[0][1]


def test_a_copy_of_the_starter_does_not_count():
    result = match(("add", CELLS[1].starter), ("add", ADD))
    assert result.texts["add"] == ADD and result.repairs == ["The cell add was there 2 times; #2 counts."]


def test_a_cell_that_was_split_is_joined():
    result = match(("add", "def half(x):\n    return x / 2"), ("add", ADD))
    assert result.texts["add"] == "def half(x):\n    return x / 2\n\n" + ADD


def test_a_solution_that_became_text_is_told():
    result = match(("add", "# text"))
    assert result.wrong_types == ["add"] and "add" not in result.texts


def test_a_helper_that_a_solution_uses_runs_before_it():
    result = match(
        "def plus(a, b):\n    return a + b", ("add", "def add(a, b):\n    return plus(a, b)"), "print('mine')"
    )
    assert result.texts["add"].startswith("def plus")
    assert result.repairs == [
        "Your own cells that others use run where they stand: #1. They are not scored.",
        "Cells that you added and that no other cell needs were left out: #3.",
    ]


def test_a_cell_that_tests_something_is_no_helper():
    result = match("def plus(a, b):\n    return a\nassert plus(1, 2)", ("add", "def add(a, b):\n    return plus(a, b)"))
    assert not result.texts["add"].startswith("def plus")


@pytest.mark.parametrize(
    ("source", "defined", "used"),
    [
        ("import a.b as c, d.e\nx = y", {"c", "d", "x"}, {"y"}),
        ("def f(a):\n    return g(a)\nclass C:\n    pass", {"f", "C"}, {"g", "a"}),
        ("%matplotlib inline\n!ls\nx = 1", {"x"}, set()),
        ("for i in rows:\n    z = i", {"i", "z"}, {"rows", "i"}),
        ("not python (", set(), set()),
        ("(" * 10_000, set(), set()),
    ],
)
def test_names_are_read_and_nothing_runs(source, defined, used):
    assert defined_names(source) == defined and used_names(source) == used


@pytest.mark.parametrize(
    ("reference", "starter", "names"),
    [
        ("def f():\n    pass\nx = 1", "def f():\n    ...", {"f"}),
        ("x = 1\ny = 2", "x = None", {"x"}),
        ("x = 1", "# Your code here", {"x"}),
    ],
)
def test_the_names_by_which_a_solution_is_known(reference, starter, names):
    assert wanted_names(Cell(id="a", role="solution", source=reference, starter=starter)) == names
