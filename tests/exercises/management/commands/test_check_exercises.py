"""`manage.py check_exercises` refuses what would keep half a measurement, and fails where an exercise does not hold."""

import json

import pytest
from django.core.management import CommandError, call_command

from exercises.assignment.report import Report
from exercises.management.commands import check_exercises
from tests.exercises.samples import TOML, write_exercise


@pytest.fixture
def root(settings, tmp_path):
    write_exercise(tmp_path)
    settings.CONTENT_DIRS = [tmp_path]
    return tmp_path


def generous(definition, sources, *, seed):
    """A grader that gives everything to everybody."""
    checks = [{"id": check.id, "outcome": "passed", "points": check.points} for check in definition.checks]
    result = {"verdict": "passed", "points": definition.max_points, "max_points": definition.max_points, "passed": True}
    return Report.from_json({**result, "checks": checks, "usage": {"wall_seconds": 0.1}})


def test_an_exercise_that_does_not_hold_is_named(root, monkeypatch, capsys):
    monkeypatch.setattr(check_exercises, "grade", generous)
    with pytest.raises(CommandError) as failure:
        call_command("check_exercises", "add", "--no-attacks", "--seeds", "1", "--json")
    [result] = json.loads(capsys.readouterr().out)
    assert failure.value.returncode == 1
    assert (result["exercise"], result["rows"][0]["points"]) == ("add", 4)
    assert "The lazy baseline zero passes." in result["problems"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--write", "--no-attacks"], "leave --attacks-only and --no-attacks out"),
        (["--write", "--seeds", "1"], "leave --seeds out"),
        (["no-such-exercise"], "No sound exercise named no-such-exercise"),
    ],
)
def test_what_makes_no_sense_is_refused(root, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("check_exercises", *arguments)


def test_files_that_are_not_sound_stop_it(root, capsys):
    (root / "exercises/add/exercise.toml").write_text(TOML.replace("minutes = 5", "minutes = 0"))
    with pytest.raises(CommandError, match="these files first"):
        call_command("check_exercises")
    assert "exercise.toml" in capsys.readouterr().err
