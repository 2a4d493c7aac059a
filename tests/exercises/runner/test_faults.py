"""A fault of a check or of the engine is no Exception: `except ValueError` around a learner's call must not take it for the learner's."""

import pytest

from exercises.runner import faults

KINDS = [kind for kind in vars(faults).values() if isinstance(kind, type) and issubclass(kind, BaseException)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_except_of_ordinary_errors_takes_it(kind):
    assert issubclass(kind, faults.Fault) and not issubclass(kind, Exception)
