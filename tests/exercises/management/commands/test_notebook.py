"""`manage.py notebook` prints the learner's copy, or one with known answers."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.exercises.samples import write_exercise


@pytest.fixture
def root(settings, tmp_path) -> Path:
    write_exercise(tmp_path)
    settings.CONTENT_DIRS = [tmp_path]
    return tmp_path


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, "raise NotImplementedError"), ({"reference": True}, "total = a + b"), ({"mutant": "zero"}, "return 0")],
)
def test_the_command_prints_a_notebook(root, capsys, options, expected):
    call_command("notebook", "add", **options)
    document = json.loads(capsys.readouterr().out)
    assert any(expected in cell["source"] for cell in document["cells"])


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("add", {"mutant": "one"}, "it has: zero"),
        ("nothing", {}, "no exercise 'nothing'"),
        ("../add", {}, "no exercise"),
    ],
)
def test_the_command_says_what_is_missing(db, root, name, options, expected):
    with pytest.raises(CommandError, match=expected):
        call_command("notebook", name, **options)
