"""Our own exercises: measured since they last changed, on the page as measured, and still solved by their reference."""

import pytest
from django.conf import settings

from exercises.assignment.reader import read_exercises
from exercises.authoring import measurements, measurements_page, validation
from exercises.grading import engine

ROOT = settings.BASE_DIR / "learnpaths/content/exercises"
DEFINITIONS, PROBLEMS = read_exercises(ROOT, ROOT.parent / "data")
each = pytest.mark.parametrize("name", sorted(DEFINITIONS))


def test_the_files_are_sound():
    assert PROBLEMS == []


@each
def test_what_was_measured_is_this_version(name):
    is_stale = measurements.is_stale(DEFINITIONS[name], ROOT / name)
    assert not is_stale, f"{name}/measured.json is stale: run make check-exercises ARGS={name}"


@each
def test_no_automatic_mutant_passes(name):
    kept = measurements.read(ROOT / name)
    assert kept.attacks, f"{name} was never attacked: run make check-exercises ARGS={name}"
    assert [row for row in kept.attacks if row.get("passed") and "other_way" not in row] == []


@each
def test_the_text_says_what_it_must(name):
    assert validation.statement_problems(DEFINITIONS[name]) == []


def test_the_page_is_what_was_measured():
    page = (settings.BASE_DIR / "docs/exercises.md").read_text()
    assert page == measurements_page.page(DEFINITIONS, ROOT), "run manage.py check_exercises --page"


# A measurement that holds was made by the engine on this very version, on five seeds: training all of them again would tell nothing about
# the courses. The quick ones are graded all the same, for the engine's sake; `make check-exercises` measures all.
QUICK = ["line-fit", "tower-clock", "windowing"]


@pytest.mark.jail
@pytest.mark.parametrize("name", QUICK)
def test_the_reference_of_a_quick_one_has_all_points_and_its_starter_none(name):
    definition = DEFINITIONS[name]
    report = engine.grade_notebook(definition, definition.reference_sources(), seed=1)
    missed = [check.id for check in report.checks if not check.is_passed]
    assert (report.verdict, missed) == ("passed", [])
    report = engine.grade_notebook(definition, definition.starter_sources(), seed=1)
    assert {check.outcome for check in report.checks} == {"unattempted"} and report.verdict == "failed"
