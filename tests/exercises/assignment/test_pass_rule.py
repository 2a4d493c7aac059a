"""What it takes to pass: points, the hidden checks' share of them, and each required check."""

from dataclasses import replace

import pytest

from exercises.assignment.pass_rule import is_enough, pass_rule, unattempted_cells


@pytest.mark.parametrize(
    ("percent", "hidden_percent", "points", "hidden_points"),
    [(60, 60, 3, 2), (75, 0, 3, 0), (76, 67, 4, 3), (100, 100, 4, 3), (0, 0, 0, 0)],
)
def test_parts_of_a_point_are_rounded_up(definition, percent, hidden_percent, points, hidden_points):
    rule = pass_rule(replace(definition, pass_percent=percent, pass_hidden_percent=hidden_percent))
    assert (rule.points, rule.hidden_points, rule.required) == (points, hidden_points, ("adds-unseen",))


@pytest.mark.parametrize(
    ("passed", "is_pass"),
    [({"adds", "adds-unseen"}, True), ({"adds-unseen"}, True), ({"adds"}, False), (set(), False)],
)
def test_points_and_required_checks_are_both_needed(definition, passed, is_pass):
    assert is_enough(definition, passed) is is_pass


def test_a_required_check_is_needed_however_many_points_there_are(definition):
    checks = tuple(replace(check, points=1 if check.required else 9) for check in definition.checks)
    assert not is_enough(replace(definition, checks=checks), {"adds"})


def test_an_untouched_or_missing_cell_is_unattempted(definition):
    starters = definition.starter_sources()
    assert unattempted_cells(definition, starters) == {"add", "twice"}
    assert unattempted_cells(definition, {}) == {"add", "twice"}
    assert unattempted_cells(definition, {**starters, "twice": "twice = 4"}) == {"add"}


def test_white_space_at_line_ends_is_no_attempt(definition):
    starters = definition.starter_sources()
    spaced = {name: "\n" + text.replace("\n", "  \n") + "\n" for name, text in starters.items()}
    assert unattempted_cells(definition, spaced) == {"add", "twice"}


def test_a_starter_that_is_the_solution_is_always_attempted(definition):
    cells = tuple(replace(cell, starter=cell.source) for cell in definition.cells)
    assert unattempted_cells(replace(definition, cells=cells), {}) == set()
