"""Every end of a kernel has words: which limit it was, and what to do."""

from typing import get_args

import pytest

from exercises.kernels import end_messages
from exercises.sandbox.errors import Ending


def test_it_works():
    words = end_messages.message("memory_limit", "300 MiB")
    assert "more memory" in words and "The limit is 300 MiB." in words and "a new kernel starts at once" in words


@pytest.mark.parametrize("ending", [ending for ending in get_args(Ending) if ending.endswith("_limit")])
def test_each_limit_of_a_run_has_words(ending):
    assert end_messages.message(ending)


def test_without_a_reason_there_is_nothing_to_say():
    assert end_messages.message("") == ""
