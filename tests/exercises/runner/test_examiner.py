"""Frames, held-out files and words of the examiner."""

import pytest

from .in_runtime import assert_holds, examiner, names_of

pytestmark = [pytest.mark.jail, pytest.mark.xdist_group("in_runtime")]


@pytest.mark.parametrize("case", names_of(examiner))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, examiner, case)
