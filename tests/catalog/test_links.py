"""A link in content leads somewhere: pages and headings of ours are there, other people's look like addresses."""

import shutil

import pytest

from learnpaths.catalog.loader import load
from tests.catalog.conftest import ROOTS
from tests.exercises.samples import NOTEBOOK, write_exercise

pytestmark = pytest.mark.django_db
HEADING = "## A slope to hold\n\nText.\n\n#### Deep down\n"


@pytest.fixture
def problems(tmp_path):
    """Load the garden, and the exercise `add`, with a text at the end of the lesson `water`; return what is wrong."""

    def problems(text, *, at="lesson.md", lesson="water"):
        root = tmp_path / "root"
        shutil.copytree(ROOTS / "good", root)
        write_exercise(root)
        file = root / f"paths/garden/{lesson}/{at}"
        file.write_text(f"{file.read_text()}\n{text}\n")
        return [str(problem) for problem in load([root], check_only=True).problems]

    return problems


@pytest.mark.parametrize(
    "href",
    [
        "https://www.tensorflow.org/guide/data?x=1#y",
        "http://example.org",
        "mailto:someone@example.org",
        "/paths/garden/",
        "/paths/garden/seeds/",
        "/paths/garden/water/#s-a-slope-to-hold",
        "#s-deep-down",
        "/exercises/add/",
        "/verify/",
    ],
)
def test_it_works(problems, href):
    assert problems(f"{HEADING}\nA [link]({href}).") == []


@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("/paths/gardens/", "this site has no page '/paths/gardens/'"),
        ("/paths/garden/stones/", "this site has no page"),
        ("/exercises/subtract/", "this site has no page"),
        ("/nowhere/", "this site has no page"),
        ("/paths/garden/seeds/#s-nothing", "leads to no heading; there are: #"),
        ("#s-nothing", "leads to no heading; there are: #s-a-slope-to-hold, #s-deep-down"),
        ("seeds/", "must start with https://"),
        ("ftp://example.org/x", "must start with https://"),
        ("//example.org/x", "must start with https://"),
        ("#", "must start with https://"),
        ("https://", "is not an address"),
        ("https://localhost/x", "is not an address"),
        ("mailto:nobody", "is not an address"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_with_its_line(problems, href, words):
    [problem] = problems(f"{HEADING}\nA [link]({href}).")
    last_line = len((ROOTS / "good/paths/garden/water/lesson.md").read_text().splitlines()) + 8
    assert problem.startswith(f"paths/garden/water/lesson.md:{last_line}: The link '{href}'")
    assert words in problem


def test_links_of_checkpoints_and_exercises_are_followed_too(problems, tmp_path):
    assert (
        "no page"
        in problems(
            '[[checkpoint]]\nid = "x"\nkind = "number"\nprompt = "[Back](/paths/nowhere/)"\nanswer = 1\ntolerance = 0.1\n'
            'explanation = "Yes."\notherwise = "No."',
            at="checkpoints.toml",
            lesson="seeds",
        )[0]
    )


def test_a_link_of_an_exercise_is_named_with_its_line(tmp_path):
    text = NOTEBOOK.replace("# Write `add`.", "# Write `add`, as in [the lesson](/paths/nowhere/).")
    write_exercise(tmp_path, notebook=text)
    [problem] = load([tmp_path], check_only=True).problems
    assert (problem.file, problem.line) == ("exercises/add/notebook.py", 4)
