"""Values that cross between the jails: exact copies of plain data, handles for the rest, refusals for what lies."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.runner import encoder, faults, tensors, wire


def cross(value):
    tree, buffers = wire.encode(value, handle=lambda item: ["h", 1, type(item).__name__, callable(item)])
    return wire.decode(tree, buffers, handle=lambda node: ("handle", node[2]), tensor=tensors.as_tensor)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats() | st.text() | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    back = cross(value)
    assert repr(back) == repr(value) or _has_surrogates(value)


def _has_surrogates(value):
    return "\\ud" in ascii(value)


@pytest.mark.parametrize(
    "value",
    [(1, 2), {3, 4}, frozenset({5}), 2 + 3j, {(1, 2): "tuple key"}, -0.0, float("inf"), 2**100],
    ids=repr,
)
def test_containers_and_odd_numbers(value):
    back = cross(value)
    assert back == value and type(back) is type(value) and repr(back) == repr(value)


def test_nan_stays_nan():
    assert math.isnan(cross(float("nan")))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.eye(3)),
        np.zeros((0, 4)),
        np.array(["a", "bc"]),
        np.array(True),
    ],
    ids=["matrix", "fortran", "empty", "text", "zero-dimensional"],
)
def test_arrays(array):
    back = cross(array)
    assert type(back) is np.ndarray and back.dtype == array.dtype and np.array_equal(back, array)


EXACT = [
    np.zeros((), "float16"), np.zeros((3, 0), "int8"), np.zeros((0,), bool), np.array([], "U3"), np.array(["a\0b", "c"]), np.array([b"a\0b"]),
    np.array(["2020-01-01", "NaT"], "M8[D]"), np.array([1, 2], "m8[ns]"), np.array([1, 2], ">i2"), np.array([1 + 2j]), np.array([-0.0, np.inf]),
    np.array([1.5], np.longdouble), np.array(["\ud800"]), np.array([2**63], "uint64"), np.ones((2, 3)).T, np.arange(8)[::-2], np.broadcast_to(1.0, (2, 2)),
    np.array([1, "1", None, True, 1.5, b"x", (1, [2])], object), np.empty((0, 2), object), np.array({"a": 1}, object),
]  # fmt: skip


@pytest.mark.parametrize("array", EXACT, ids=lambda array: f"{array.dtype} {array.shape}")
def test_arrays_of_every_kind_arrive_exactly(array):
    back = cross(array)
    assert type(back) is np.ndarray and (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.flags.writeable == array.flags.writeable
    assert repr(back.tolist()) == repr(array.tolist())
    if array.dtype.kind != "O":
        assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "value",
    [
        np.float32(1.5), np.str_("ab"), np.bytes_(b"ab"), np.datetime64("2020-01-01"), np.timedelta64(3, "h"), np.bool_(True), np.longdouble(1),
        "\ud800", {1: "a", "1": "b", None: "c", (1, 2): "d", 1.5: 0}, {"b": 1, "a": 2}, {1, "1", None}, frozenset({(1, 2)}), [(1, [2])], bytearray(b"ab"),
        range(2, 9, 3), slice(1, None, 2), ..., 2**53 + 1, -(2**200), 5e-324,
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_values_of_every_kind_arrive_exactly(value):
    back = cross(value)
    assert type(back) is type(value)
    if isinstance(value, set | frozenset):  # whose order is nobody's
        assert sorted(map(repr, back)) == sorted(map(repr, value))
    else:
        assert repr(back) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        np.str_("a\0"), np.ma.array([1], mask=[1]), np.zeros(2, "i4,f8"), np.array([object()]), np.zeros(1, np.dtypes.StringDType()),
        {object(): 1}, {(1, object())}, math,
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_has_no_exact_form_stays_where_it_is(value):
    assert cross(value)[0] == "handle"


def test_array_scalars_keep_their_type():
    assert type(cross(np.float32(1.5))) is np.float32


class AgreeableFloat(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class AgreeableArray(np.ndarray):
    def __eq__(self, other):
        return np.True_


@pytest.mark.parametrize(
    "value",
    [AgreeableFloat(1), np.ones(2).view(AgreeableArray), object(), len],
    ids=["float", "array", "object", "function"],
)
def test_anything_else_is_a_handle(value):
    assert cross(value)[0] == "handle"


def test_arrays_of_objects_are_handles_not_pickles():
    assert cross(np.array([object()]))[0] == "handle"


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [nested(100), [0] * (encoder.MAX_NODES + 1), 1 << 5000], ids=["deep", "many", "long-integer"]
)
def test_values_beyond_the_caps_are_refused(value):
    with pytest.raises(faults.WireError):
        cross(value)


@pytest.mark.parametrize(
    "tree",
    [{"a": 1}, [], ["?"], ["a", 7], ["a", -1], ["a", True], ["f", "x"], ["d", [[1]]], ["l", 3], ["i", "z"], 1.5, ["d", [[["l", []], 1]]]],
    ids=repr,
)  # fmt: skip
def test_messages_that_are_not_ours_are_refused(tree):
    with pytest.raises(faults.WireError):
        wire.decode(tree, [], handle=lambda node: node, tensor=lambda array: array)
