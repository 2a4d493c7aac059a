"""Loading one content root retires nothing of another, and a check says what a load would retire."""

import shutil

import pytest
from django.core.management import call_command

from learnpaths.catalog.loader import load
from learnpaths.catalog.models import Origin, Path
from tests.catalog.conftest import ROOTS

pytestmark = pytest.mark.django_db


def make_root(folder, slug: str):
    """A content root with the small path under another id; its lessons are its own too."""
    shutil.copytree(ROOTS / "good", folder)
    (folder / "paths" / "garden").rename(folder / "paths" / slug)
    for file in (folder / "paths" / slug).iterdir():
        if file.is_dir():
            file.rename(file.with_name(f"{slug}-{file.name}"))
    toml = folder / "paths" / slug / "path.toml"
    toml.write_text(toml.read_text().replace('"lesson:', f'"lesson:{slug}-'))
    for lesson in (folder / "paths" / slug).glob("*/lesson.md"):
        lesson.write_text(lesson.read_text().replace("/paths/garden/", f"/paths/{slug}/{slug}-"))
    return folder


@pytest.fixture
def ours(tmp_path, settings):
    root = make_root(tmp_path / "ours", "orchard")
    settings.CONTENT_DIRS = [root]
    assert load([root]).problems == []
    return root


@pytest.fixture
def theirs(tmp_path):
    return make_root(tmp_path / "theirs", "meadow")


def listed() -> set[str]:
    return set(Path.objects.listed().values_list("slug", flat=True))


def test_another_root_retires_nothing_of_ours(ours, theirs, capsys) -> None:
    report = load([theirs])
    assert report.problems == []
    assert report.counts["paths"].retired == 0
    assert listed() == {"orchard", "meadow"}
    load([ours])
    assert listed() == {"orchard", "meadow"}


def test_what_left_a_root_is_retired_by_its_load(ours, theirs) -> None:
    load([theirs])
    shutil.rmtree(ours / "paths" / "orchard")
    assert load([theirs]).counts["paths"].retired == 0
    assert load([ours]).counts["paths"].retired == 1
    assert listed() == {"meadow"}


def test_a_check_says_what_a_load_would_retire(ours, theirs, capsys) -> None:
    shutil.rmtree(ours / "paths" / "orchard")
    call_command("load_content", theirs, "--check")
    assert "would retire" not in capsys.readouterr().out
    call_command("load_content", ours, "--check")
    assert "paths: a load would retire 1: orchard" in capsys.readouterr().out
    assert listed() == {"orchard"}


def test_a_load_says_what_it_left_alone(ours, theirs, capsys) -> None:
    call_command("load_content", theirs)
    error = capsys.readouterr().err
    assert f"paths: 1 stay as they are, because they come from elsewhere ({ours})" in error


def test_everything_else_is_retired_on_request(ours, theirs) -> None:
    report = load([theirs], retire_others=True)
    assert report.retired["paths"] == ["orchard"]
    assert listed() == {"meadow"}


def test_a_folder_that_is_no_more_goes_with_the_load_of_everything(ours, theirs, settings, tmp_path) -> None:
    load([theirs])
    theirs.rename(tmp_path / "moved")
    load([tmp_path / "moved"])
    assert listed() == {"orchard", "meadow"}
    shutil.rmtree(tmp_path / "moved")
    load([ours])
    assert listed() == {"orchard"}


def test_what_has_no_origin_yet_goes_only_with_the_load_of_everything(ours, theirs) -> None:
    Origin.objects.all().delete()
    shutil.rmtree(ours / "paths" / "orchard")
    load([theirs])
    assert "orchard" in listed()
    load([ours])
    assert listed() == {"meadow"}
