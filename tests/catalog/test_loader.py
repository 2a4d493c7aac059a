import shutil

import pytest
from django.contrib.staticfiles import finders

from learnpaths.catalog import registry
from learnpaths.catalog.loader import load
from learnpaths.catalog.models import Checkpoint, Lesson, Path, Step
from learnpaths.catalog.registry import ContentKind, Counts, Reading, Reference, StepKind
from tests.catalog.conftest import ROOTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    return tmp_path / "root"


def edit(root, name, old, new):
    file = root / "paths/garden" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_it_works(root):
    report = load([root])
    assert report.is_ok
    assert report.counts["paths"] == Counts(created=1)
    path = Path.objects.get()
    assert [(step.kind, step.slug, step.title) for step in path.steps] == [
        ("lesson", "seeds", "Seeds and their slope"),
        ("lesson", "water", "Water"),
    ]
    assert Lesson.objects.get(step__slug="seeds").checkpoints.count() == 2


def test_loading_again_changes_nothing(root):
    load([root])
    before = list(Step.objects.values_list("pk", "title"))
    assert load([root]).counts["paths"] == Counts(unchanged=1)
    assert list(Step.objects.values_list("pk", "title")) == before


def test_moved_lines_are_no_change(root):
    load([root])
    edit(root, "path.toml", "[[unit]]", "# a remark\n\n[[unit]]")
    assert load([root]).counts["paths"] == Counts(unchanged=1)


def test_change_updates_rows_in_place(root):
    load([root])
    step = Step.objects.get(slug="seeds")
    edit(root, "seeds/lesson.md", "Seeds and their slope", "Seeds")
    edit(root, "path.toml", '["lesson:seeds", "lesson:water"]', '["lesson:water", "lesson:seeds"]')
    assert load([root]).counts["paths"] == Counts(updated=1)
    step.refresh_from_db()
    assert (step.title, step.position) == ("Seeds", 1)


def test_what_left_a_path_goes_and_a_path_that_left_is_unlisted(root, tmp_path):
    load([root])
    edit(root, "path.toml", ', "lesson:water"', "")
    shutil.rmtree(root / "paths/garden/water")
    load([root])
    assert [step.slug for step in Path.objects.get().steps] == ["seeds"]
    shutil.move(root / "paths/garden", root / "paths/orchard")
    assert load([root]).problems == []
    assert dict(Path.objects.values_list("slug", "is_listed")) == {"garden": False, "orchard": True}


def test_retired_path_comes_back(root, tmp_path):
    load([root])
    Path.objects.update(is_listed=False)
    assert load([root]).counts["paths"] == Counts(updated=1)
    assert Path.objects.get().is_listed


def test_one_problem_keeps_the_last_good_version_of_everything(root):
    load([root])
    edit(root, "path.toml", "A small garden", "A large garden")
    edit(root, "water/lesson.md", "minutes = 8", "minutes = -8")
    report = load([root])
    assert [str(problem) for problem in report.problems] == [
        "paths/garden/water/lesson.md:4: `minutes` is -8; it must be from 1 to 600."
    ]
    assert report.counts == {}
    assert Path.objects.get().title == "A small garden"


def test_failure_while_saving_keeps_the_last_good_version(root, monkeypatch):
    load([root])
    edit(root, "path.toml", "A small garden", "A large garden")

    def fail(items):
        raise RuntimeError("disk full")

    with_failure = ContentKind("failing", lambda folder: Reading(), fail, order=99)
    monkeypatch.setitem(registry._content_kinds, "failing", with_failure)
    with pytest.raises(RuntimeError):
        load([root])
    assert Path.objects.get().title == "A small garden"


def test_check_saves_nothing(root):
    report = load([root], check_only=True)
    assert report.is_ok
    assert report.read["paths"] == 1
    assert not Path.objects.exists()


def test_unknown_kind_of_step_is_a_problem(root):
    edit(root, "path.toml", '"lesson:water"', '"lesson:water", "quiz:last"')
    assert "path.toml:9: Unknown kind of step 'quiz'; known: " in str(load([root]).problems[0])


def test_step_of_another_kind_takes_its_title_from_there(root, monkeypatch):
    class Quiz:
        title, minutes, summary = "The last quiz", 5, "All of it"

    monkeypatch.setitem(registry._step_kinds, "quiz", StepKind("quiz", "Quiz", lambda step: "/q/", "quizzes"))
    kind = ContentKind("quizzes", lambda folder: Reading({"last": Quiz()}), lambda items: Counts(), order=1)
    monkeypatch.setitem(registry._content_kinds, "quizzes", kind)
    (root / "quizzes").mkdir()
    edit(root, "path.toml", '"lesson:water"', '"lesson:water", "quiz:last"')
    assert load([root]).problems == []
    step = Step.objects.get(kind="quiz")
    assert (step.title, step.minutes, step.summary, step.get_absolute_url()) == ("The last quiz", 5, "All of it", "/q/")
    edit(root, "path.toml", "quiz:last", "quiz:first")
    assert "There is no quiz 'first' in quizzes/." in str(load([root]).problems[0])


def test_references_between_kinds_are_checked(root, monkeypatch):
    kind = ContentKind(
        "medals",
        lambda folder: Reading({"gold": "orchard"}),
        lambda items: Counts(),
        order=99,
        references=lambda items: [Reference("paths", path, "medals/gold.toml", 3) for path in items.values()],
    )
    monkeypatch.setitem(registry._content_kinds, "medals", kind)
    (root / "medals").mkdir()
    assert [str(problem) for problem in load([root]).problems] == [
        "medals/gold.toml:3: There is no 'orchard' in paths/."
    ]


def test_lesson_id_is_unique_on_the_site(root):
    shutil.copytree(root / "paths/garden", root / "paths/orchard")
    problems = [str(problem) for problem in load([root]).problems]
    assert (
        "paths/orchard/path.toml:9: The lesson id 'seeds' is also used by the path 'garden'; choose another."
        in problems
    )


def test_figure_must_exist(root, monkeypatch):
    edit(root, "water/lesson.md", "Water in", "::: figure wet\nWater.\n:::\n\nWater in")
    assert [str(problem) for problem in load([root]).problems] == [
        "paths/garden/water/lesson.md:7: There is no static/figures/wet.js for the figure 'wet'."
    ]
    monkeypatch.setattr(finders, "find", lambda name: name == "figures/wet.js")
    assert load([root]).problems == []


def test_two_roots(root, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(root, other)
    assert "both have this" in str(load([root, other]).problems[0])
    shutil.rmtree(other)
    assert "No content here" in str(load([root, other]).problems[0])


def test_checkpoint_that_left_goes(root):
    load([root])
    edit(root, "seeds/lesson.md", "::: checkpoint one-step\n:::\n", "")
    text = (root / "paths/garden/seeds/checkpoints.toml").read_text()
    (root / "paths/garden/seeds/checkpoints.toml").write_text(text.partition('\n[[checkpoint]]\nid = "one-step"')[0])
    assert load([root]).problems == []
    assert [point.slug for point in Checkpoint.objects.all()] == ["sign-of-the-slope"]
