"""What a model needs is added up from its graph before it runs."""

import pytest

from .in_runtime import assert_holds, names_of, traces

pytestmark = [pytest.mark.jail, pytest.mark.xdist_group("in_runtime")]


@pytest.mark.parametrize("case", names_of(traces))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, traces, case)
