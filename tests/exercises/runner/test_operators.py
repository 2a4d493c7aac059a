"""Operators and conversions by the names that both sides give them."""

import pytest

from exercises.runner.operators import OPERATORS


@pytest.mark.parametrize(
    ("name", "operands", "result"),
    [
        ("add", (1, 2), 3), ("truediv", (1, 2), 0.5), ("pow", (2, 3), 8), ("pow", (2, 3, 5), 3), ("divmod", (7, 2), (3, 1)), ("and", (6, 3), 2),
        ("round", (2.567, 1), 2.6), ("trunc", (-1.5,), -1), ("floor", (-1.5,), -2), ("ceil", (-1.5,), -1), ("invert", (1,), -2), ("index", (True,), 1),
        ("int", (2.9,), 2), ("bytes", (b"a",), b"a"), ("repr", ("a",), "'a'"), ("hash", (5,), 5),
    ],
)  # fmt: skip
def test_each_is_pythons_own(name, operands, result):
    assert OPERATORS[name](*operands) == result


def test_an_operation_in_place_changes_its_operand():
    items = [1]
    assert OPERATORS["iadd"](items, [2]) is items and items == [1, 2]
