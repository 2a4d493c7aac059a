"""`manage.py grade`: the same engine without web, broker or database; its exit statuses are an interface."""

import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from exercises.assignment.notebook_files import learner_notebook
from exercises.grading import zygotes
from exercises.selectors import definition_from_files

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def definition():
    return definition_from_files("tf-data-pipeline", settings.CONTENT_DIRS)


@pytest.fixture
def notebook(definition, tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(learner_notebook(definition, definition.reference_sources())))
    return path


def graded(capsys, notebook, *options):
    call_command("grade", "tf-data-pipeline", str(notebook), *options)
    return capsys.readouterr().out


def test_it_works(capsys, notebook, definition):
    report = json.loads(graded(capsys, notebook, "--json", "--seed", "3"))
    assert report["passed"] and report["points"] == definition.max_points and report["seed"] == 3


def test_the_starter_is_graded_too(capsys, notebook, definition):
    notebook.write_text(json.dumps(learner_notebook(definition)))
    report = json.loads(graded(capsys, notebook, "--json"))
    assert {check["outcome"] for check in report["checks"]} == {"unattempted"} and report["points"] == 0


def test_without_json_it_speaks_to_people(capsys, notebook):
    assert graded(capsys, notebook).startswith("passed: ")


@pytest.mark.parametrize("text", ["", "not a notebook", "{}", '{"cells": []}'])
def test_what_is_no_notebook_is_refused_with_status_2(notebook, text, capsys):
    notebook.write_text(text)
    with pytest.raises(CommandError) as refusal:
        graded(capsys, notebook)
    assert refusal.value.returncode == 2


def test_unknown_exercises_and_missing_files_are_refused(notebook, tmp_path, db):
    for arguments in (("no-such-exercise", str(notebook)), ("tf-data-pipeline", str(tmp_path / "none.ipynb"))):
        with pytest.raises(CommandError) as refusal:
            call_command("grade", *arguments)
        assert refusal.value.returncode == 2


def test_a_failing_engine_has_status_3(notebook, monkeypatch, tmp_path):

    monkeypatch.setattr(zygotes, "_zygotes", {})
    monkeypatch.setattr(settings, "RUNTIME_DIR", tmp_path / "nothing")
    with pytest.raises(CommandError, match="There is no runtime") as failure:
        call_command("grade", "tf-data-pipeline", str(notebook))
    assert failure.value.returncode == 3
