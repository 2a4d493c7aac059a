"""Exercises as a kind of content: files become rows."""

from django.core.management import call_command

from exercises import exercise_files, selectors, services
from exercises.grading import heartbeats
from exercises.models import Exercise, ExerciseVersion
from learnpaths.catalog.loader import load
from learnpaths.catalog.registry import Counts
from tests.exercises.samples import TOML, write_exercise


def test_files_become_rows_and_again_nothing_changes(db, tmp_path):
    write_exercise(tmp_path)
    reading = exercise_files.read(tmp_path / "exercises")
    assert reading.problems == []
    assert exercise_files.save(reading.items) == Counts(created=1)
    assert exercise_files.save(reading.items) == Counts(unchanged=1)
    exercise = Exercise.objects.get()
    assert (exercise.title, exercise.queue, exercise.max_points) == ("Add", "cpu", 4)
    assert selectors.definition("add") == reading.items["add"]


def test_a_change_makes_a_version_and_keeps_the_old_one(exercise, submission, tmp_path):
    write_exercise(tmp_path, toml=TOML.replace('title = "Add"', 'title = "Sum"'))
    assert exercise_files.save(exercise_files.read(tmp_path / "exercises").items) == Counts(updated=1)
    exercise.refresh_from_db()
    assert exercise.title == "Sum" and ExerciseVersion.objects.count() == 2
    submission.refresh_from_db()
    assert submission.version.parsed.title == "Add"


def test_what_is_gone_is_retired_and_can_come_back(exercise, definition):
    assert exercise_files.save({}) == Counts(retired=1)
    assert selectors.definition("add") is None
    assert services.save_exercise(definition=definition) == "updated"
    assert selectors.definition("add") == definition


def test_the_exam_pool_is_kept_and_found_by_nobody(db, tmp_path, client):
    write_exercise(tmp_path, toml='pool = "exam"\n' + TOML)
    items = exercise_files.read(tmp_path / "exercises").items
    assert exercise_files.save(items) == Counts(created=1)
    assert exercise_files.save(items) == Counts(unchanged=1)
    assert Exercise.objects.get().version.parsed.pool == "exam"
    assert client.get("/exercises/add/").status_code == 404
    assert client.get("/api/v1/exercises/add/notebook/").status_code == 404
    assert "add" not in client.get("/api/v1/exercises/").content.decode()


def test_an_exercise_of_the_exam_pool_cannot_stand_on_a_path(db, tmp_path):
    write_exercise(tmp_path, toml='pool = "exam"\n' + TOML)
    path = tmp_path / "paths/sums/path.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        'title = "Sums"\nsummary = "S."\nlevel = "beginner"\nhours = 1\nposition = 1\n'
        '[[unit]]\ntitle = "One"\nsteps = ["exercise:add"]\n'
    )
    [problem] = load([tmp_path], check_only=True).problems
    assert problem.message == "The exercise 'add' belongs to the exam pool; it cannot stand on a path."


def test_problems_are_named_from_the_content_root(tmp_path):
    write_exercise(tmp_path, toml=TOML.replace("pass_percent = 60", "pass_percent = 0"))
    reading = exercise_files.read(tmp_path / "exercises")
    assert str(reading.problems[0]).startswith("exercises/add/exercise.toml:5: `pass_percent` is 0")
    assert reading.items == {}


def test_a_queue_without_a_live_worker_is_said_at_load(db, tmp_path, settings, capsys):
    write_exercise(tmp_path)
    settings.CONTENT_DIRS = [tmp_path]
    heartbeats.announce("cpu", "ready", runtimes=["tf-1.15"])
    call_command("load_content")
    said = capsys.readouterr().err
    assert "No live worker of the queue cpu has the runtime tf-2.21. Submissions to add wait" in said
    heartbeats.announce("cpu", "ready", runtimes=["tf-1.15", "tf-2.21"])
    call_command("load_content")
    assert capsys.readouterr().err == ""
