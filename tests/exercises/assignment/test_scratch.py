"""A learner's own cells: checked before they are kept."""

import pytest

from exercises.assignment.notebook_files import MAX_BYTES
from exercises.assignment.scratch import MAX_SCRATCH, check_scratch, clean_scratch


def cell(number=1, source="x = 1", after="add"):
    return {"id": f"scratch-{number}", "source": source, "after": after}


def test_it_works():
    assert check_scratch([]) == [] == check_scratch([cell(1), cell(2, after="")])


@pytest.mark.parametrize(
    "item",
    [
        5, {}, {**cell(), "more": 1}, {**cell(), "source": 5}, {**cell(), "id": "add"}, {**cell(), "id": "scratch-"},
        {**cell(), "id": "scratch-" + "a" * 13}, {**cell(), "after": "A B"}, {**cell(), "after": "a" * 65},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_scratch_cell(item):
    (problem,) = check_scratch([item])
    assert problem.message.startswith("Scratch cell 1 is not an object")


def test_an_id_is_there_once():
    (problem,) = check_scratch([cell(1), cell(1)])
    assert "Scratch cell 2" in problem.message


def test_text_that_cannot_be_stored_is_named_with_its_cell():
    (problem,) = check_scratch([cell(1, "a\0b")])
    assert problem.cell == "scratch-1" and "null byte" in problem.message


def test_there_is_a_limit():
    (problem,) = check_scratch([cell(number) for number in range(MAX_SCRATCH + 1)])
    assert "at most 100 are kept" in problem.message
    (problem,) = check_scratch([cell(1, "x" * (MAX_BYTES + 1))])
    assert "at most 2,097,152 are kept" in problem.message


def test_line_ends_are_those_of_unix():
    assert clean_scratch([cell(1, "a\r\nb\rc")]) == [cell(1, "a\nb\nc")]
