"""Values that cross between the jails: exact copies of plain data, handles for the rest, refusals for what lies."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.runner import encoder, faults, npy, tensors, wire


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


def file_of(header: bytes, data: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an array",
        file_of(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}\n"),
        file_of(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n", b"\x80\x04N."),
        file_of(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}\n", b"\0" * 8),
        file_of(b"__import__('os').system('id')\n"),
        file_of(b"(" * 3000),
    ],
    ids=["empty", "text", "lying-shape", "objects", "negative", "code", "deep-header"],
)
def test_arrays_that_lie_are_refused(data):
    with pytest.raises(faults.WireError):
        npy.read(data)


@pytest.mark.parametrize(
    "tree",
    [{"a": 1}, [], ["?"], ["a", 7], ["a", -1], ["a", True], ["f", "x"], ["d", [[1]]], ["l", 3], ["i", "z"], 1.5, ["d", [[["l", []], 1]]]],
    ids=repr,
)  # fmt: skip
def test_messages_that_are_not_ours_are_refused(tree):
    with pytest.raises(faults.WireError):
        wire.decode(tree, [], handle=lambda node: node, tensor=lambda array: array)
