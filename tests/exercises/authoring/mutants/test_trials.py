"""Junk that passes, or that has the points of a hidden check, is a problem of the exercise."""

from dataclasses import replace

import pytest

from exercises.assignment.definition import Cell, Check, Definition, OtherWay
from exercises.authoring.mutants import mutant_tables, trials
from exercises.authoring.mutants.trials import Trial

EXERCISE = Definition(
    id="toy", title="", summary="", queue="cpu", minutes=1, pass_percent=50, pass_hidden_percent=50,
    cells=tuple(Cell(id=name, role="solution", source="1", starter="") for name in "ab"),
    checks=(
        Check(id="shown", title="", points=1, hidden=False, requires=("a",)),
        Check(id="kept", title="", points=2, hidden=True, requires=("a",), required=True),
        Check(id="other", title="", points=3, hidden=True, requires=("b",)),
    ),
)  # fmt: skip


def trial(*passed, kind="zeros", honest=(), **options):
    asked = frozenset({"shown", "kept"})
    return Trial(cell="a", kind=kind, asked=asked, passed=frozenset(passed), honest=frozenset(honest), **options)


def test_it_works():
    assert trials.problems(EXERCISE, [trial("shown")]) == []
    assert trials.rows(EXERCISE, [trial("shown")]) == [
        {"cell": "a", "kinds": ["zeros"], "points": 4, "passed": False, "missed": ["kept"]}
    ]


def test_junk_that_passes_is_named_with_all_its_kinds():
    found = trials.problems(EXERCISE, [trial("kept"), trial("kept", kind="nan")])
    assert found[0] == "The cell a replaced by zeros, nan passes with 5/6; missed: shown."
    assert found[1].startswith("The cell a replaced by zeros, nan gets the points of the hidden check kept")
    assert len(found) == 2


def test_a_required_check_keeps_junk_from_passing_whatever_its_points():
    lenient = replace(EXERCISE, checks=tuple(replace(check, required=False) for check in EXERCISE.checks))
    assert trials.problems(EXERCISE, [trial("shown")]) == []
    assert "passes with 4/6" in trials.problems(lenient, [trial("shown")])[0]


def test_points_of_a_hidden_check_in_which_nothing_wrong_was_said_are_earned():
    strict = replace(EXERCISE, pass_percent=100)
    assert trials.problems(strict, [trial("kept", honest=["kept"])]) == []
    assert "hidden check kept" in trials.problems(strict, [trial("kept")])[0]


@pytest.mark.parametrize("state", ["same", "not_applicable"])
def test_what_is_no_junk_is_no_problem(state):
    found = trial("shown", "kept", state=state)
    assert trials.problems(EXERCISE, [found]) == []
    assert trials.rows(EXERCISE, [found]) == [{"cell": "a", "kinds": ["zeros"], "state": state}]


def test_the_whole_notebook_may_have_points_but_not_pass():
    asked = frozenset({"shown", "kept", "other"})
    linear = Trial(cell=trials.WHOLE, kind="linear", asked=asked, passed=frozenset({"other"}))
    assert trials.problems(EXERCISE, [linear]) == []
    assert trials.problems(EXERCISE, [replace(linear, passed=asked)]) == [
        "The whole notebook replaced by linear passes with 6/6; missed: nothing."
    ]


def test_another_way_to_right_answers_may_pass_where_the_author_says_so():
    graph = trial("shown", "kept", kind="plain-python")
    assert len(trials.problems(EXERCISE, [graph])) == 2
    for cell, count in (("", 0), ("a", 0), ("b", 2)):
        allowing = replace(EXERCISE, other_ways=(OtherWay(kind="plain-python", why="…", cell=cell),))
        assert len(trials.problems(allowing, [graph])) == count
    assert trials.rows(replace(EXERCISE, other_ways=(OtherWay(kind="plain-python", why="…"),)), [graph])[0]["other_way"]


def test_kinds_that_came_to_the_same_stand_in_one_row():
    found = trials.rows(EXERCISE, [trial("shown"), trial("shown", kind="nan"), trial(kind="inf", ending="too long")])
    assert [(row["kinds"], row.get("ending")) for row in found] == [(["zeros", "nan"], None), (["inf"], "too long")]


def test_the_tables():
    rows = trials.rows(EXERCISE, [
        trial("shown"), trial("kept", kind="ones"), trial(kind="nan", state="same"), trial(kind="inf", state="not_applicable"),
        Trial(cell=trials.WHOLE, kind="linear", asked=frozenset({"kept"})),
    ])  # fmt: skip
    head, lines = mutant_tables.section(EXERCISE, rows)
    assert head == ("kind", "a", "b")
    assert lines == [
        ("zeros", "4", "-"), ("ones", "**5 passes**", "-"), ("nan", "=", "-"), ("linear (whole notebook)", "4", ""),
    ]  # fmt: skip
    assert mutant_tables.overview(EXERCISE, rows) == ("[toy](#toy)", "2", "3", "1", "1", "5/6")
