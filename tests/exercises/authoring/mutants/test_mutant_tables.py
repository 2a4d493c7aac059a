"""What is kept of automatic mutants, as lines of tables."""

import pytest

from exercises.authoring.mutants import mutant_tables
from exercises.authoring.mutants.trials import WHOLE
from tests.exercises.authoring.test_validation import EXERCISE

ATTACKS = [
    {"cell": "a", "kinds": ["zeros", "ones"], "points": 1, "passed": False, "missed": ["large"]},
    {"cell": "a", "kinds": ["input"], "points": 2, "passed": True, "missed": []},
    {"cell": "a", "kinds": ["typical"], "state": "same"},
    {"cell": "a", "kinds": ["nan"], "state": "not_applicable"},
    {"cell": WHOLE, "kinds": ["linear"], "points": 2, "passed": True, "missed": [], "other_way": True},
]


def test_the_line_of_an_exercise():
    assert mutant_tables.overview(EXERCISE, ATTACKS) == ("[toy](#toy)", "1", "4", "1", "1", "2/2")
    assert len(mutant_tables.HEAD) == 6


def test_another_way_is_not_the_most_points_of_junk():
    assert mutant_tables.overview(EXERCISE, ATTACKS[-1:]) == ("[toy](#toy)", "1", "1", "0", "0", "0/2")


def test_the_table_of_an_exercise_has_a_line_for_each_kind_that_was_made():
    head, lines = mutant_tables.section(EXERCISE, ATTACKS)
    assert head == ("kind", "a")
    assert dict(lines) == {
        "zeros": "1",
        "ones": "1",
        "input": "**2 passes**",
        "typical": "=",
        "linear (whole notebook)": "2 (another way)",
    }


@pytest.mark.parametrize("attacks", [[], ATTACKS[3:4]])
def test_without_mutants_there_are_no_lines(attacks):
    assert mutant_tables.section(EXERCISE, attacks)[1] == []
