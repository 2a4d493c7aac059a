"""Objects that both sides have, by number: what was changed in place, and what nobody uses any more."""

import numpy as np
import pytest

from exercises.runner import shared
from exercises.runner.faults import WireError


@pytest.fixture
def table():
    return shared.Table(1)


def seen(table, value):
    """Have both sides see a value, and return its number."""
    number = table.number(value)
    table.defined(number, is_viewable=False)
    table.settle()
    return number


def test_the_two_sides_number_in_opposite_directions():
    assert [shared.Table(step).number([]) for step in (1, -1)] == [1, -1]


def test_an_object_keeps_its_number(table):
    items, same = [1], [1]
    number = seen(table, items)
    assert table.number(items) == number != table.number(same)
    assert table.is_known(number) and table.get(number) is items and len(table) == 2


CHANGES = {
    "list": ([1, 2], lambda value: value.append(3)),
    "set": ({1}, lambda value: value.add(2)),
    "dict": ({"a": 1}, lambda value: value.update(b=2)),
    "bytearray": (bytearray(b"a"), lambda value: value.extend(b"b")),
    "array": (np.zeros(3), lambda value: value.__setitem__(0, 1)),
    "objects": (np.array([1, None], object), lambda value: value.__setitem__(0, 2)),
    "order": ([True, False], lambda value: value.reverse()),
    "an equal object": ([1.0], lambda value: value.__setitem__(0, 1)),
}


@pytest.mark.parametrize(("value", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_in_place_is_noticed(table, value, change):
    number = seen(table, value)
    assert table.changed() == []
    change(value)
    assert table.changed() == [number]
    table.touch(number)
    table.settle()
    assert table.changed() == []


def test_what_only_the_table_refers_to_leaves_it(table):
    kept = [[1], [2]]
    seen(table, kept)
    seen(table, kept[0])
    number = seen(table, [3])
    assert table.idle() == [number] and len(table) == 2
    del kept
    assert sorted(table.idle()) == [1, 2]


def test_a_handle_stays_until_the_other_side_lets_go(table):
    number = table.handle(object())
    assert table.idle() == [] == table.clear()
    table.forget([number, 99, "odd", None])
    assert len(table) == 0


@pytest.mark.parametrize("number", [5, 0, True, "x", None])
def test_the_other_side_may_give_only_its_own_numbers(table, number):
    with pytest.raises(WireError):
        table.put(number, [])


def test_no_number_is_given_twice(table):
    table.put(-1, [])
    with pytest.raises(WireError):
        table.put(-1, [])


def test_what_was_not_sent_is_forgotten(table):
    number = table.number([1])
    table.defined(number, is_viewable=False)
    table.abandon()
    assert table.get(number) is None


def test_a_view_has_a_base_that_the_other_side_can_view_too(table):
    base = np.zeros(4)
    number = table.number(base)
    assert table.base(base[1:]) is None, "not sent yet"
    table.defined(number, is_viewable=True)
    assert table.base(base[1:]) == number
    assert table.base(base.view("i8")) is None and table.base(np.zeros(4)) is None
