"""The sentences of credentials beside the checks that they come from."""

import re
import tomllib
from dataclasses import replace

import pytest
from django.conf import settings

from certification import criteria
from exercises.assignment.definition import Check, Definition, Threshold
from exercises.assignment.reader import read_exercises
from learnpaths.catalog import markdown
from tests.certification.conftest import DEFINITION

CONTENT = settings.BASE_DIR / "learnpaths" / "content"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
COURSE = criteria.Course(title="Foundations", lessons=5, checkpoints=20)


@pytest.fixture(scope="module")
def definitions() -> dict[str, Definition]:
    found, problems = read_exercises(CONTENT / "exercises", CONTENT / "data")
    assert not problems
    return found


def credentials() -> list[str]:
    return sorted(file.stem for file in (CONTENT / "credentials").glob("*.toml"))


def parts_of(slug: str, definitions) -> tuple[criteria.Course, list[Definition], str]:
    credential = tomllib.loads((CONTENT / "credentials" / f"{slug}.toml").read_text())
    folder = CONTENT / "paths" / credential["rule"]["path"]
    path = tomllib.loads((folder / "path.toml").read_text())
    steps = [step.split(":") for unit in path["unit"] for step in unit["steps"]]
    lessons = [name for kind, name in steps if kind == "lesson"]
    questions = [folder / name / "checkpoints.toml" for name in lessons]
    checkpoints = sum(len(tomllib.loads(file.read_text())["checkpoint"]) for file in questions if file.exists())
    course = criteria.Course(title=path["title"], lessons=len(lessons), checkpoints=checkpoints)
    return course, [definitions[name] for kind, name in steps if kind == "exercise"], credential.get("note", "")


@pytest.mark.parametrize("slug", credentials())
def test_no_number_but_what_is_enforced(slug, definitions) -> None:
    """A threshold of a required check, a share that it takes to pass, a count of what has to be done; nothing else."""
    course, exercises, note = parts_of(slug, definitions)
    text = criteria.narrative(course, exercises, note)
    enforced = {course.lessons, course.checkpoints, len(exercises)}
    for definition in exercises:
        required = {check.id for check in definition.checks if check.required}
        enforced |= {definition.pass_percent, definition.pass_hidden_percent}
        enforced |= {threshold.value for threshold in definition.thresholds if threshold.check in required}
    known = {float(number) for number in enforced}
    words = re.sub(r"(?<=[A-Za-z])\d", "", text)  # F1
    assert {float(number) for number in NUMBER.findall(words)} <= known, text


@pytest.mark.parametrize("slug", credentials())
def test_every_threshold_is_stated_with_its_direction(slug, definitions) -> None:
    course, exercises, note = parts_of(slug, definitions)
    lines = criteria.narrative(course, exercises, note).splitlines()
    for definition in exercises:
        (line,) = (line for line in lines if line.startswith(f"- **{definition.title}**"))
        assert definition.thresholds
        for threshold in definition.thresholds:
            assert f" {criteria.bound(threshold.value, threshold.better)}" in line
            assert criteria.phrase(threshold) in line


@pytest.mark.parametrize("slug", credentials())
def test_nothing_of_it_is_typed(slug) -> None:
    credential = tomllib.loads((CONTENT / "credentials" / f"{slug}.toml").read_text())
    assert "criteria" not in credential
    assert not criteria.has_number(credential["description"])
    assert {key: value for key, value in credential["rule"].items() if key != "path"} == criteria.RULE


def test_the_whole_text() -> None:
    assert criteria.narrative(COURSE, [DEFINITION, replace(DEFINITION, title="Lines")], "It is about *lines*.") == (
        """\
Awarded for completing the path *Foundations*:

- all 5 lessons marked as read,
- all 20 checkpoints of the lessons answered (ungraded questions in the text: any answer counts),
- all 2 exercises passed.

The exercises, and what had to be reached in each:

- **Digits**: held-out accuracy at least 0.93; loss \\<b\\> at most 0.2. Checked: “The shape is kept”.
- **Lines**: held-out accuracy at least 0.93; loss \\<b\\> at most 0.2. Checked: “The shape is kept”.

Each exercise was passed with at least 80 % of its points, 75 % of the points of its hidden checks and each of its required checks.

The notebooks were run and checked by this site's examiner, apart from the learner's program.

It is about *lines*."""
    )


def test_rules_that_differ_are_said_of_each() -> None:
    text = criteria.narrative(COURSE, [DEFINITION, replace(DEFINITION, title="Lines", pass_percent=60)])
    assert "Passed with at least 60 % of its points" in text
    assert "Each exercise was passed" not in text


def test_a_path_of_exercises_alone() -> None:
    text = criteria.narrative(criteria.Course(title="X", lessons=0, checkpoints=0), [DEFINITION])
    assert "lesson" not in text
    assert "- the only exercise passed." in text


@pytest.mark.parametrize(
    ("changes", "wanted", "unwanted"),
    [
        ({"words": "share of digits that were read"}, "share of digits that were read at least 0.93", "held-out"),
        ({"metric": "accuracy on 400 digits"}, "loss", "400"),
        ({"words": "more than 99 % right"}, "loss", "99"),
        ({"metric": "error, in mm"}, "error, in mm, at least 0.93", ""),
        ({"value": 0.000001, "better": "lower"}, "held-out accuracy at most 0.000001", "1e"),
        ({"value": 20000}, "at least 20000", ""),
        ({"value": 4.0}, "at least 4;", "4.0"),
        ({"metric": "F1"}, "F1 at least 0.93", ""),
    ],
)
def test_what_a_threshold_becomes(changes, wanted, unwanted) -> None:
    thresholds = (replace(DEFINITION.thresholds[0], **changes), DEFINITION.thresholds[1])
    text = criteria.narrative(COURSE, [replace(DEFINITION, thresholds=thresholds)])
    assert wanted in text
    assert not unwanted or unwanted not in text


def test_a_title_with_a_number_is_not_named() -> None:
    checks = (
        *DEFINITION.checks,
        Check(id="x", title="At least 99 %", points=1, hidden=True, requires=(), required=True),
    )
    assert "99" not in criteria.narrative(COURSE, [replace(DEFINITION, checks=checks)])


def test_a_threshold_of_a_check_that_is_not_required_is_not_stated() -> None:
    checks = (replace(DEFINITION.checks[0], required=False), DEFINITION.checks[1])
    text = criteria.narrative(COURSE, [replace(DEFINITION, checks=checks)])
    assert "0.93" not in text
    assert "“The shape is kept”" in text


@pytest.mark.parametrize(
    "title", ["*bold*", "<script>", "[a](https://x)", "$x$", "a\n# b", "`code`", "tf.function_x", "&lt;"]
)
def test_titles_mean_just_their_characters(title) -> None:
    html = markdown.render_fragment(criteria.narrative(COURSE, [replace(DEFINITION, title=title)]))
    assert html.problems == []
    assert " ".join(title.split()) in html.text


@pytest.mark.parametrize(
    "text", ["95", "½", "٣", "Ⅷ", "top-5", "99%", "50 ‰", "ninety percent", "ninety per cent", "_4_"]
)
def test_numbers_are_found(text) -> None:
    assert criteria.has_number(text)


@pytest.mark.parametrize("text", ["F1", "Conv1D", "", "held-out accuracy", "percentile", "三年"])
def test_words_are_no_numbers(text) -> None:
    assert not criteria.has_number(text)


def test_a_threshold_without_words_is_its_metric() -> None:
    assert criteria.phrase(Threshold(check="c", metric="m", value=1)) == "m"
