"""Printed text as it is seen: what is written over counts once, and escape codes are no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.runner import printed
from exercises.templatetags import exercises

PROGRESS = "1/3\r2/3\r3/3\nok\n"
texts = st.text(alphabet="ab\r\n\b", max_size=30)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (PROGRESS, "3/3\nok\n"),
        ("windows\r\nline\r\n", "windows\nline\n"),
        ("abc\b\bd", "ad"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_what_a_text_looks_like_in_the_end(text, seen):
    assert printed.settle(text) == seen


def test_a_return_at_the_end_of_a_piece_may_still_be_written_over():
    assert printed.collapse("50 %\r") == "50 %"
    assert printed.collapse("ab\rc") == "\rc"


def test_what_is_written_over_counts_once():
    counter = printed.Printed()
    assert counter.take(PROGRESS, 100) == PROGRESS and counter.seen == len("3/3\nok\n")


def test_a_text_is_cut_where_the_room_ends():
    counter = printed.Printed()
    assert counter.take("abc\rxyz\rlonger", 3) == "abc\rxyz\rlon" and counter.seen == 3
    assert counter.take("more", 0) == "" and counter.take("\n", 0) == ""


@given(st.lists(texts, max_size=4), st.integers(0, 20))
def test_no_way_of_cutting_a_text_into_pieces_takes_more_than_the_room(pieces, room):
    counter = printed.Printed()
    for piece in pieces:
        counter.take(piece, room - counter.seen)
    assert counter.seen <= room


@pytest.mark.parametrize("code", ["\x1b[31m", "\x1b[0;1m", "\x1b[2J", "\x1b[?25l", "\x1b[38:5:9m", "\x1bM", "\x1b\\"])
def test_escape_codes_go(code):
    assert printed.without_escape_codes(f"a{code}b") == "ab"


def test_the_page_leaves_out_the_same_codes():
    assert exercises.ESCAPE_CODES.pattern == printed.ESCAPE_CODES.pattern
