"""content/credentials/*.toml → rows."""

import pytest

from certification import content
from certification.models import Credential

GOOD = """
title = "Foundations"
description = "The basics."
criteria = "Pass *everything*."
achievement_type = "Certificate"
skills = ["tf.data"]
[rule]
path = "foundations"
"""


def read(tmp_path, text, name="foundations.toml"):
    folder = tmp_path / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return content.read(folder)


def test_it_reads_a_credential(tmp_path) -> None:
    reading = read(tmp_path, GOOD)
    item = reading.items["foundations"]
    assert reading.problems == []
    assert (item.title, item.path, item.skills, item.valid_months) == ("Foundations", "foundations", ["tf.data"], None)
    assert "<em>everything</em>" in item.criteria_html
    (reference,) = content.references(reading.items)
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
        ("Pass *everything*.", "<script>x</script>", 4, "`criteria`"),
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
    assert content.save(items).created == 1
    assert content.save(items).unchanged == 1
    changed = read(tmp_path, GOOD.replace("The basics.", "All basics.")).items
    assert content.save(changed).updated == 1
    assert Credential.objects.get().description == "All basics."
    assert content.save({}).retired == 1
    assert not Credential.objects.listed().exists()
    assert content.save(items).updated == 1


def test_a_credential_of_a_missing_path_stops_the_load(tmp_path, db) -> None:
    from learnpaths.catalog.loader import load

    (tmp_path / "paths").mkdir()
    read(tmp_path, GOOD)
    report = load([tmp_path])
    assert [str(problem) for problem in report.problems] == [
        "credentials/foundations.toml:8: There is no 'foundations' in paths/."
    ]
    assert not Credential.objects.exists()
