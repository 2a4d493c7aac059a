"""Arrays as bytes, exactly: NumPy's npy format (numpy.lib.format, versions 1 and 2), never as pickles."""

import io
import tokenize
from typing import Any

import numpy as np

from .faults import WireError

Array = np.ndarray[Any, Any]
MAX_BYTES = 64 * 2**20
_BITS = {1: np.uint8, 2: np.uint16}  # what stands for a small float that NumPy does not know, such as bfloat16
_MAX_EMPTY = 10**5  # values that take no bytes
_MAX_CHARACTER = 0x10FFFF


def is_plain(dtype: "np.dtype[Any]") -> bool:
    """Tell whether arrays of this type can cross and be the same on the other side."""
    if dtype.hasobject or dtype.fields is not None or dtype.subdtype is not None or dtype.metadata:
        return False
    return dtype.isbuiltin != 2 or foreign_name(dtype) is not None


def foreign_name(dtype: "np.dtype[Any]") -> str | None:
    """Return the name of a type of ml_dtypes (bfloat16 and its like, which come with TensorFlow), else None."""
    is_foreign = dtype.isbuiltin == 2 and dtype.type.__module__ == "ml_dtypes" and dtype.itemsize in _BITS
    return dtype.type.__name__ if is_foreign else None


def write(array: Array) -> bytes:
    """Return a plain array as an npy file. Raises WireError where it is too large."""
    if array.nbytes > MAX_BYTES:
        raise WireError(f"an array of {array.nbytes} bytes is too large to be copied")
    if foreign_name(array.dtype):
        array = array.view(_BITS[array.dtype.itemsize])
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=False)
    return file.getvalue()


def read(data: bytes, foreign: str | None = None) -> Array:
    """Return the array of an untrusted npy file, a copy that owns its bytes. Raises WireError; allocates only what was sent."""
    # np.load would allocate what the header claims before it looks at the data.
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, is_fortran, dtype = read_header(file)
    except (ValueError, KeyError, SyntaxError, TypeError, RecursionError, MemoryError, tokenize.TokenError):
        raise WireError("an array that is not in npy format") from None
    count = 1
    for length in shape:
        count *= int(length)
    offset = file.tell()
    if dtype.hasobject or count < 0 or count * dtype.itemsize != len(data) - offset:
        raise WireError("an array whose size is not what it says")
    if not dtype.itemsize and count > _MAX_EMPTY:
        raise WireError("an array of nothing, without end")
    if dtype.fields is not None or dtype.subdtype is not None:
        raise WireError("an array of records")  # their bytes could be what no NumPy operation expects
    dtype = _foreign(dtype, foreign) if foreign is not None else dtype
    array: Array = np.empty(shape, dtype, order="F" if is_fortran else "C")
    if count and dtype.itemsize:
        array.reshape(-1, order="A")[:] = _sound(np.frombuffer(data, dtype=dtype, count=count, offset=offset))
    return array


def _foreign(bits: "np.dtype[Any]", name: str) -> "np.dtype[Any]":
    import ml_dtypes

    dtype = np.dtype(getattr(ml_dtypes, name, None) if type(name) is str else None)
    if foreign_name(dtype) != name or bits != _BITS.get(dtype.itemsize):
        raise WireError("an array of a type that nobody knows")
    return dtype


def _sound(flat: Array) -> Array:
    """Return the values without those that no NumPy operation expects."""
    if flat.dtype.kind == "b":
        return np.not_equal(flat.view(np.uint8), 0)  # a True of 200 would count as 200 in a sum
    if flat.dtype.kind == "U":
        points = flat.view(np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder))
        if points.size and points.max() > _MAX_CHARACTER:
            raise WireError("a text with characters that do not exist")
    return flat
