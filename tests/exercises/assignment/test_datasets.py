"""Where a content root's data lies."""

import hashlib
from types import SimpleNamespace

import pytest

from exercises.assignment.datasets import WrongData, held_out_files, masked_files, public_folders

LABELS = b"1,0,1"


@pytest.fixture
def roots(tmp_path):
    """Two content roots; both have digits, the second has calls."""
    for root, name, masks in (
        ("ours", "digits", '["keras/datasets.npz"]'),
        ("theirs", "digits", "[]"),
        ("theirs", "calls", '["a.npz"]'),
    ):
        folder = tmp_path / root / "data" / name
        (folder / "public").mkdir(parents=True)
        (folder / "held_out").mkdir()
        (folder / "held_out/labels.csv").write_bytes(LABELS)
        (folder / "card.toml").write_text(f"masks = {masks}\n")
    return [tmp_path / "ours", tmp_path / "theirs"]


def exercise(name="digits/held_out/labels.csv", content=LABELS):
    return SimpleNamespace(data={name: hashlib.sha256(content).hexdigest(), "digits/public/train.npz": "0" * 64})


def test_the_first_root_that_has_a_name_wins(roots):
    folders = public_folders(roots)
    assert folders == {"digits": roots[0] / "data/digits/public", "calls": roots[1] / "data/calls/public"}


def test_a_data_set_without_a_public_part_has_no_folder(roots):
    (roots[1] / "data/calls/public").rmdir()
    assert list(public_folders(roots)) == ["digits"]


def test_what_the_runtime_must_hide_is_the_masks_of_all_cards(roots):
    assert masked_files(roots) == ("a.npz", "keras/datasets.npz")


def test_held_out_files_are_those_that_the_exercise_was_published_with(roots):
    assert held_out_files(roots, exercise()) == {"digits/labels.csv": roots[0] / "data/digits/held_out/labels.csv"}


def test_another_root_may_have_the_right_one(roots):
    (roots[0] / "data/digits/held_out/labels.csv").write_text("changed")
    assert held_out_files(roots, exercise())["digits/labels.csv"].is_relative_to(roots[1])


@pytest.mark.parametrize(
    "name", ["digits/held_out/nothing.csv", "digits/held_out/../card.toml", "nothing/held_out/labels.csv"]
)
def test_a_file_that_is_missing_changed_or_elsewhere_is_refused(roots, name):
    with pytest.raises(WrongData, match="missing or has changed"):
        held_out_files(roots, exercise(name))
    with pytest.raises(WrongData):
        held_out_files(roots, exercise(content=b"other"))
