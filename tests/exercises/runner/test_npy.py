"""Arrays as bytes: exactly, or refused."""

import numpy as np
import pytest

from exercises.runner import faults, npy


@pytest.mark.parametrize(
    "array", [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.eye(3)), np.array(5), np.zeros((0, 2), "M8[D]")]
)
def test_it_works(array):
    back = npy.read(npy.write(array))
    assert back.dtype == array.dtype and back.shape == array.shape and np.array_equal(back, array)
    assert back.flags.f_contiguous == array.flags.f_contiguous and back.flags.owndata


@pytest.mark.parametrize(
    ("dtype", "is_plain"),
    [("f8", True), ("U3", True), ("M8[ns]", True), ("O", False), ("i4,f8", False), (np.dtypes.StringDType(), False)],
    ids=str,
)
def test_what_can_cross(dtype, is_plain):
    assert npy.is_plain(np.dtype(dtype)) is is_plain


def test_an_array_that_is_too_large_is_not_written(monkeypatch):
    monkeypatch.setattr(npy, "MAX_BYTES", 8)
    with pytest.raises(faults.WireError, match="too large"):
        npy.write(np.zeros(2))


def test_a_truth_value_is_one_or_zero():
    data = npy.write(np.array([1, 200], np.uint8)).replace(b"'|u1'", b"'|b1'")
    assert npy.read(data).sum() == 2


def test_texts_with_characters_that_do_not_exist_are_refused():
    data = npy.write(np.array([0x110000], "uint32")).replace(b"'<u4'", b"'<U1'")
    with pytest.raises(faults.WireError):
        npy.read(data)


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


@pytest.mark.parametrize("name", [5, "float64"])
def test_a_type_that_nobody_knows_is_refused(name, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ml_dtypes", np)
    with pytest.raises(faults.WireError, match="nobody knows"):
        npy.read(npy.write(np.zeros(1, np.uint8)), name)
