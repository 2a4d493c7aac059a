"""Seeds, accelerators and errors of the learner's kernel."""

import pytest

from .in_runtime import assert_holds, learner, names_of

pytestmark = [pytest.mark.jail, pytest.mark.xdist_group("in_runtime")]


@pytest.mark.parametrize("case", names_of(learner))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, learner, case)
