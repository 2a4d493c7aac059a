"""Nodes to values: nothing that comes is trusted; test_wire.py has whole crossings."""

import numpy as np
import pytest

from exercises.runner import decoder, npy, shared
from exercises.runner.faults import WireError
from exercises.runner.tensors import as_tensor


@pytest.fixture
def table():
    return shared.Table(1)


@pytest.fixture
def made(table):
    """A decoder with an array of ten zeros in its message, in the notebook's table."""
    return decoder.Decoder([npy.write(np.zeros(10))], lambda node: ("handle", node[1]), as_tensor, table)


def test_what_is_defined_is_known_from_then_on(made, table):
    items = made.value(["l", [1, ["r", -1]], -1])
    assert items == [1, items] and table.get(-1) is items


def test_a_change_is_made_in_place(made, table):
    items, tags, names = made.value(["t", [["l", [1], -1], ["s", [1], -2], ["d", [["a", 1]], -3]]])
    table.settle()
    for node in (["l", [2], -1], ["s", [2], -2], ["d", [["b", 2]], -3]):
        made.update(node)
    assert (items, tags, names) == ([2], {2}, {"b": 2})


def test_a_change_of_what_was_not_shared_is_refused(made):
    with pytest.raises(WireError, match="not shared"):
        made.update(["l", [], -9])


def test_a_value_does_not_change_what_is_known_on_the_side(made):
    items = made.value(["l", [1], -1])
    with pytest.raises(WireError):
        made.value(["l", [["l", [5], -1]], -2])
    assert items == [1]


@pytest.mark.parametrize(
    "node",
    [
        ["l", [], 5],  # a number that is ours to give
        ["l", [], True],
        ["r", -7],
        ["v", -7, 0, [1], [8], True],
        ["s", [["h", 1, "Liar", "object"]], -1],  # its hash would be asked of the notebook
        ["d", [[["t", [["h", 1, "Liar", "object"]]], 1]], -1],
        ["x", ["l", [], -1], -2],
        ["n", "os", "system"],
        ["b", 7],
        ["i", "f" * 5000],
        ["o", [2, 2], [1], -1, True],
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(made, node):
    with pytest.raises(WireError):
        made.value(node)


@pytest.mark.parametrize(
    ("offset", "shape", "strides"), [(8, [10], [8]), (-8, [1], [8]), (0, [2], [80]), (0, [10**9], [0]), (0, [3], [-8])]
)
def test_a_view_stays_within_its_array(made, offset, shape, strides):
    made.value(["a", 0, -1, True, True, None])
    with pytest.raises(WireError):
        made.value(["v", -1, offset, shape, strides, True])


def test_a_view_is_one(made):
    base = made.value(["a", 0, -1, True, True, None])
    view = made.value(["v", -1, 16, [2], [8], True])
    view[:] = 5
    assert base.tolist() == [0, 0, 5, 5, 0, 0, 0, 0, 0, 0]


def test_an_array_keeps_its_shape_and_its_lock(made, table):
    made.value(["a", 0, -1, False, True, None])
    table.settle()
    with pytest.raises(WireError, match="cannot be written to"):
        made.update(["a", 0, -1, True, True, None])
    made._buffers.append(npy.write(np.zeros(3)))
    with pytest.raises(WireError, match="shape or the type"):
        made.update(["a", 1, -1, True, True, None])


def test_a_handle_in_a_key_is_found_wherever_it_is():
    assert decoder.has_handle(["t", [1, ["fs", [["h", 1, "", ""]]]]]) and not decoder.has_handle(
        ["l", [["h", 1, "", ""]], 1]
    )


@pytest.mark.parametrize(
    ("node", "number"), [(["l", [], 3], 3), (["o", [0], [], 4, True], 4), (["r", 3], None), (5, None), (["l"], None)]
)
def test_the_number_of_a_definition(node, number):
    assert decoder.number_in(node) == number
