import shutil

import pytest

from learnpaths.catalog.course_reader import read
from tests.catalog.conftest import ROOTS


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    return tmp_path / "root"


def problems(root):
    return [str(problem) for problem in read(root / "paths").problems]


def edit(root, name, old, new):
    file = root / "paths/garden" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_it_works():
    reading = read(ROOTS / "good/paths")
    assert reading.problems == []
    garden = reading.items["garden"]
    assert (garden.title, garden.level, garden.hours, garden.position) == ("A small garden", "beginner", 2, 1)
    assert [(step.kind, step.slug, step.minutes) for step in garden.steps] == [
        ("lesson", "seeds", 12),
        ("lesson", "water", 8),
    ]
    seeds = garden.steps[0].lesson
    assert seeds.objectives == ["say what a seed needs", "follow a slope downhill"]
    assert seeds.further == [{"title": "On seeds", "url": "https://example.org/seeds"}]
    assert [point.slug for point in seeds.checkpoints] == ["sign-of-the-slope", "one-step"]
    number = seeds.checkpoints[1].definition
    assert (number["answer"], number["tolerance"], number["unit"]) == (1.4, 0.01, "cm")
    assert "<math" in number["explanation"]


def test_every_problem_of_a_root_is_found_in_one_run():
    found = {(problem.file.removeprefix("paths/"), problem.line) for problem in read(ROOTS / "bad/paths").problems}
    assert found >= {
        ("Bad_Name/path.toml", 0),
        ("Bad_Name/path.toml", 2),
        ("no-toml/path.toml", 1),
        *(("broken/path.toml", line) for line in (1, 2, 3, 4, 5, 10, 11, 14)),
        *(("broken/slope/lesson.md", line) for line in (0, 2, 4, 5, 7, 9, 11, 17, 20, 23, 26, 34, 36)),
        *(("broken/slope/checkpoints.toml", line) for line in (1, 17, 23)),
        ("broken/unused/lesson.md", 0),
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("path.toml", 'title = "A small', 'titel = "A small', "paths/garden/path.toml:1: Unknown key `titel`"),
        ("path.toml", "hours = 2", "hours = 2.5", "paths/garden/path.toml:4: `hours` must be a whole number, not 2.5."),
        ("path.toml", "position = 1", "position = true", "paths/garden/path.toml:5: `position` must be a whole number"),
        ("seeds/lesson.md", "+++\n", "---\n", "paths/garden/seeds/lesson.md:1: A lesson begins with TOML front matter"),
        ("seeds/lesson.md", "minutes = 12", "minutes = 0", "paths/garden/seeds/lesson.md:4: `minutes` is 0"),
        ("seeds/lesson.md", "minutes = 12", "minutes = ", "paths/garden/seeds/lesson.md:4: Not valid TOML"),
        ("seeds/checkpoints.toml", '"number"', '"guess"', "paths/garden/seeds/checkpoints.toml:15: `kind` is 'guess'"),
        ("seeds/checkpoints.toml", "tolerance = 0.01", "tolerance = -1", "checkpoints.toml:18: `tolerance` must not"),
        ("seeds/checkpoints.toml", "answer = 1.4", "answer = nan", "checkpoints.toml:17: `answer` is nan"),
        (
            "seeds/checkpoints.toml",
            '"one-step"',
            '"sign-of-the-slope"',
            "checkpoints.toml:0: The id 'sign-of-the-slope'",
        ),
        ("seeds/checkpoints.toml", "correct = true", "", "checkpoints.toml:1: A choice needs at least two options"),
    ],
)
def test_problem_names_file_and_line(root, name, old, new, expected):
    edit(root, name, old, new)
    assert any(expected in problem for problem in problems(root)), problems(root)


def test_missing_files_are_problems(root):
    (root / "paths/garden/water/lesson.md").unlink()
    (root / "paths/empty").mkdir()
    assert problems(root) == [
        "paths/empty/path.toml:0: The file cannot be read: No such file or directory.",
        "paths/garden/water/lesson.md:0: The file cannot be read: No such file or directory.",
    ]


def test_windows_newlines_are_read(root):
    for file in root.rglob("*.*"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert problems(root) == []
