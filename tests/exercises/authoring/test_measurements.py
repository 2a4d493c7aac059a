"""What was measured is kept beside the exercise, and holds for one version of it."""

from dataclasses import replace

import pytest

from exercises.assignment.definition import Cell, OtherWay
from exercises.authoring import measurements, validation
from tests.exercises.authoring.test_validation import EXERCISE


def test_it_works(folder):
    assert not measurements.is_stale(EXERCISE, folder)
    assert len(measurements.read(folder).runs("reference")) == len(validation.SEEDS)


def test_a_changed_exercise_is_stale(folder):
    assert measurements.is_stale(replace(EXERCISE, pass_percent=90), folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not JSON"])
def test_what_cannot_be_read_is_stale(folder, text):
    (folder / measurements.FILE).write_text(text)
    assert measurements.is_stale(EXERCISE, folder)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"summary": "Other"},
        {"minutes": 9},
        {"pool": "exam"},
        {"cells": (*EXERCISE.cells, Cell(id="more", role="text", source="Prose.", starter="Prose."))},
        {"checks": tuple(replace(check, title="Other", feedback="Other") for check in EXERCISE.checks)},
        {"mutants": tuple(replace(mutant, why="Other") for mutant in EXERCISE.mutants)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_only_readers_see_makes_nothing_stale(folder, change):
    assert not measurements.is_stale(replace(EXERCISE, **change), folder)


@pytest.mark.parametrize(
    "change",
    [
        {"pass_hidden_percent": 5},
        {"cells": EXERCISE.cells[:-1]},
        {"checks": tuple(replace(check, points=2) for check in EXERCISE.checks)},
        {"mutants": EXERCISE.mutants[:-1]},
        {"thresholds": ()},
        {"other_ways": (OtherWay(kind="linear", why=""),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_can_change_a_grading_makes_it_stale(folder, change):
    assert measurements.is_stale(replace(EXERCISE, **change), folder)
