"""The report of the real engine, for the exercises that we publish."""

from functools import partial

import pytest
from django.conf import settings

from exercises.assignment.datasets import WrongData, held_out_files, masked_files
from exercises.assignment.reader import read_exercises
from exercises.authoring import validation
from exercises.grading import engine
from exercises.sandbox.errors import SandboxError

pytestmark = pytest.mark.jail
ROOT = settings.CONTENT_DIRS[0]
DEFINITIONS, PROBLEMS = read_exercises(ROOT / "exercises", ROOT / "data")


def report_of(definition, sources, **options):
    return engine.grade_notebook(definition, sources, seed=5, **options)


def test_the_published_exercises_have_no_problem():
    assert PROBLEMS == [] and len(DEFINITIONS) >= 3


def test_a_small_exercise_passes_the_author_gate():
    assert (
        validation.validate(
            DEFINITIONS["tf-data-pipeline"], partial(engine.grade_notebook, is_exact=True), seeds=(1,)
        ).problems
        == []
    )


def test_the_report_has_the_stable_shape():
    definition = DEFINITIONS["tf-data-pipeline"]
    events = []
    report = report_of(definition, definition.reference_sources(), on_event=lambda *event: events.append(event))
    assert list(report.to_json()) == [
        "exercise", "version", "verdict", "points", "max_points", "passed", "pass_rule", "seed", "checks", "cells", "phases",
        "limit", "usage", "limits", "runtime",
    ]  # fmt: skip
    assert (report.verdict, report.points) == ("passed", definition.max_points)
    assert report.version == definition.digest() and report.seed == 5
    assert {"queued", "start", "run", "check"} == set(report.phases)
    assert report.runtime["tensorflow"] == "2.21.0" and report.runtime["queue"] == "cpu"
    assert {cell.status for cell in report.cells} == {"ok"}
    checks = [data for kind, data in events if kind == "check"]
    in_order = sorted(definition.checks, key=lambda check: check.hidden)  # public ones first
    assert [data["title"] for data in checks] == [check.title for check in in_order]
    assert sum(data["points"] for data in checks) == definition.max_points


def test_hidden_checks_and_their_data_never_reach_the_report():
    definition = DEFINITIONS["digits-mlp"]
    sources = {**definition.reference_sources(), "model": "import keras\nmodel = None"}
    text = str(report_of(definition, sources).to_json())
    for check in definition.checks:
        if check.hidden:
            assert definition.cell(check.id).source not in text
    assert "held_out" not in text and "labels.npz" not in text


def test_the_same_seed_gives_the_same_score():
    definition = DEFINITIONS["line-fit"]
    first, second = (report_of(definition, definition.reference_sources()) for _ in range(2))
    assert first.checks == second.checks


def test_changed_held_out_data_is_a_fault_of_ours(tmp_path, settings):
    definition = DEFINITIONS["digits-mlp"]
    settings.CONTENT_DIRS = [tmp_path]
    with pytest.raises(WrongData, match="missing or has changed"):
        held_out_files([tmp_path], definition)
    with pytest.raises(SandboxError):
        report_of(definition, definition.reference_sources())


def test_the_runtime_hides_what_the_cards_name():
    assert "sklearn/datasets/data/digits.csv.gz" in masked_files([ROOT])
    definition = DEFINITIONS["digits-mlp"]
    first = definition.solution_cells[0].id
    spy = "from sklearn.datasets import load_digits\nload_digits()"
    report = report_of(definition, {**definition.reference_sources(), first: spy})
    assert report.verdict == "learner_error" and report.points == 0
