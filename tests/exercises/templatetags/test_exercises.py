"""Filters: how results are written."""

import pytest

from exercises.templatetags.exercises import number, outcome, phase, plain, wait


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "about 10 seconds"), (24, "about 20 seconds"), (95, "about 2 minutes"), (3600, "about 60 minutes")],
)
def test_a_wait_is_said_as_coarsely_as_it_is_known(seconds, text):
    assert wait(seconds) == text


def test_text_of_a_notebook_has_no_colours_and_no_reversed_writing():
    assert plain("\x1b[31mred\x1b[0m \u202etxt\x07") == "red txt"


@pytest.mark.parametrize(
    ("value", "text"), [(0.123456, "0.1235"), (44000, "4.4e+04"), (None, "\N{EN DASH}"), ("0.1", "\N{EN DASH}")]
)
def test_a_metric_has_four_digits_or_a_dash(value, text):
    assert number(value) == text


def test_names_have_words():
    assert (str(outcome("not_run")), str(phase("run"))) == ("not run", "your cells")
    assert (outcome("other"), phase("other")) == ("other", "other")
