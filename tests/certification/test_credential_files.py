"""content/credentials/*.toml → rows."""

from dataclasses import replace

import pytest

from certification import credential_files
from certification.models import Credential
from learnpaths.catalog import schema
from learnpaths.catalog.loader import load
from tests.certification.conftest import DEFINITION

GOOD = """
title = "Foundations"
description = "The basics."
note = "Learn *everything*."
achievement_type = "Certificate"
skills = ["tf.data"]
[rule]
path = "foundations"
"""


def read(tmp_path, text, name="foundations.toml"):
    folder = tmp_path / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return credential_files.read(folder)


def test_it_reads_a_credential(tmp_path) -> None:
    reading = read(tmp_path, GOOD)
    item = reading.items["foundations"]
    assert reading.problems == []
    assert (item.title, item.path, item.skills, item.valid_months) == ("Foundations", "foundations", ["tf.data"], None)
    assert item.note == "Learn *everything*."
    (reference,) = credential_files.references(reading.items)
    assert (reference.folder, reference.id, reference.line) == ("paths", "foundations", 8)


def test_it_may_expire(tmp_path) -> None:
    assert read(tmp_path, "valid_months = 36\n" + GOOD).items["foundations"].valid_months == 36


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('title = "Foundations"', "", 1, "`title` is missing"),
        ('"Certificate"', '"Medal"', 5, "must be ext:"),
        ('path = "foundations"', "", 7, "`path` is missing"),
        ('[rule]\npath = "foundations"', "", 1, "`[rule]`"),
        ('skills = ["tf.data"]', "skills = [1]", 6, "`skills`"),
        ('title = "Foundations"', 'title = "Foundations"\nprice = 100', 3, "Unknown key `price`"),
        ('title = "Foundations"', "title = ", 2, "Not valid TOML"),
        ("Learn *everything*.", "<script>x</script>", 4, "`note`"),
        ("Learn *everything*.", "All reach 95.", 4, "`note` has a number"),
        ("Learn *everything*.", "Ninety per cent.", 4, "`note` has a number"),
        ("The basics.", "An accuracy of ½.", 3, "`description` has a number"),
        ("The basics.", "Ninety%", 3, "`description` has a number"),
        ('note = "Learn', 'criteria = "Learn', 4, "`criteria` is not written by hand"),
        ('path = "foundations"', 'path = "foundations"\nlessons = "some"', 9, "`lessons` is 'some'"),
        ('path = "foundations"', 'path = "foundations"\ncheckpoints = "right"', 9, "`checkpoints` is 'right'"),
        ('path = "foundations"', 'path = "foundations"\nexercises = "half"', 9, "`exercises` is 'half'"),
        ('path = "foundations"', 'path = "foundations"\nexercises = 80', 9, "`exercises` must be a text"),
        ('path = "foundations"', 'path = "foundations"\npoints = "all"', 9, "Unknown key `points`"),
    ],
)
def test_every_problem_says_where_it_is(tmp_path, old, new, line, message) -> None:
    assert old in GOOD
    problems = read(tmp_path, GOOD.replace(old, new)).problems
    assert any(message in problem.message for problem in problems), problems
    assert ("credentials/foundations.toml", line) in {(problem.file, problem.line) for problem in problems}


def test_a_bad_name_is_refused(tmp_path) -> None:
    assert "is no id" in read(tmp_path, GOOD, "Not An Id.toml").problems[0].message


def test_an_extension_type_is_allowed(tmp_path) -> None:
    assert read(tmp_path, GOOD.replace('"Certificate"', '"ext:TensorFlow"')).problems == []


def test_saving_is_idempotent_and_retires(tmp_path, path, db) -> None:
    items = read(tmp_path, GOOD).items
    assert credential_files.save(items).created == 1
    assert credential_files.save(items).unchanged == 1
    changed = read(tmp_path, GOOD.replace("The basics.", "All basics.")).items
    assert credential_files.save(changed).updated == 1
    assert Credential.objects.get().description == "All basics."
    assert credential_files.save({}).retired == 1
    assert not Credential.objects.listed().exists()
    assert credential_files.save(items).updated == 1


def test_a_credential_of_a_missing_path_stops_the_load(tmp_path, db) -> None:
    (tmp_path / "paths").mkdir()
    read(tmp_path, GOOD)
    report = load([tmp_path])
    assert [str(problem) for problem in report.problems] == [
        "credentials/foundations.toml:8: There is no 'foundations' in paths/."
    ]
    assert not Credential.objects.exists()


def problems_of(*steps: tuple[str, str], **exercises) -> list[str]:
    """Return what the check of a credential says of a path of these steps."""
    unit = schema.Unit(title="U", steps=tuple(schema.Step(kind=kind, slug=slug, line=1) for kind, slug in steps))
    path = schema.Path(
        slug="foundations", file="", title="P", summary="", level="beginner", hours=1, position=1, units=(unit,)
    )
    item = credential_files.Source(
        slug="c",
        title="C",
        description="D",
        note="",
        achievement_type="Badge",
        skills=[],
        valid_months=None,
        path="foundations",
        path_line=8,
        file="credentials/c.toml",
    )
    found = credential_files.check({"c": item}, {"paths": {"foundations": path}, "exercises": exercises})
    return [str(problem) for problem in found]


def test_a_path_with_an_exercise_is_certified() -> None:
    assert problems_of(("lesson", "loss"), ("exercise", "digits"), digits=DEFINITION) == []


def test_a_path_without_an_exercise_is_refused() -> None:
    (problem,) = problems_of(("lesson", "loss"))
    assert problem.startswith("credentials/c.toml:8: A path without an exercise cannot be certified")


def test_a_step_that_no_rule_speaks_of_is_refused() -> None:
    (problem,) = problems_of(("exam", "final"), ("exercise", "digits"), digits=DEFINITION)
    assert problem.startswith("credentials/c.toml:8: A path with a step of the kind 'exam' cannot be certified")


@pytest.mark.parametrize("changes", [{"metric": "accuracy on 400 digits"}, {"words": "more than 90 % right"}])
def test_a_metric_with_a_number_needs_words(changes) -> None:
    threshold = replace(DEFINITION.thresholds[0], **changes)
    (problem,) = problems_of(("exercise", "digits"), digits=replace(DEFINITION, thresholds=(threshold,)))
    assert problem.startswith("credentials/c.toml:8: The certificate cannot state the threshold")


def test_a_load_is_stopped_by_it(tmp_path, db) -> None:
    folder = tmp_path / "paths" / "foundations"
    folder.mkdir(parents=True)
    (folder / "path.toml").write_text(
        'title = "P"\nsummary = "S"\nlevel = "beginner"\nhours = 1\nposition = 1\n[[unit]]\ntitle = "U"\nsteps = []\n'
    )
    read(tmp_path, GOOD)
    problems = [str(problem) for problem in load([tmp_path]).problems]
    assert any(line.startswith("credentials/foundations.toml:8: A path without an exercise") for line in problems), (
        problems
    )
    assert not Credential.objects.exists()
