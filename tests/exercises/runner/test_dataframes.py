"""Tables of pandas cross with dtypes, labels, names and missing values, or not at all."""

import pytest

from .in_runtime import assert_holds, names_of, tables

pytestmark = [pytest.mark.jail, pytest.mark.xdist_group("in_runtime")]


@pytest.mark.parametrize("case", names_of(tables))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, tables, case)
