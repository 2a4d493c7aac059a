"""What the kernel of an open page reports of training."""

import pytest

from .in_runtime import assert_holds, names_of, page_kernel

pytestmark = [pytest.mark.jail, pytest.mark.xdist_group("in_runtime")]


@pytest.mark.parametrize("case", names_of(page_kernel))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, page_kernel, case)
