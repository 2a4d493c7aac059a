"""Values between the learner's kernel and the examiner: copies of plain data, handles for everything else.

A value becomes a *tree* (JSON) and *buffers* (bytes). Exact types only: an instance of a subclass of float or ndarray is a
handle, so that an object with an agreeable `__eq__` gains nothing. Arrays travel in NumPy's npy format (numpy.lib.format,
versions 1 and 2) and never as pickles. Decoding allocates no more than it was given. The worker relays trees and buffers unread.

    None, bool, str, int below 2**53   themselves          ["i", hex]  other int        ["f", hex]  float
    ["c", re, im] complex              ["b", n] bytes      ["l"|"t"|"s"|"fs", items]    ["d", pairs]
    ["a", n] array  ["g", n] array scalar  ["x", n] tensor   ["df", columns, index]      ["h", id, type, callable] handle
"""

import io
import tokenize
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .faults import WireError

MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_BYTES = 64 * 2**20
MAX_INT_BITS = 4096
_CONTAINERS: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "fs"}
_MAKE: dict[str, Callable[[Any], Any]] = {"l": list, "t": tuple, "s": set, "fs": frozenset}


class Tensor(np.ndarray[Any, Any]):
    """A tensor's value on the examiner's side: an array that also answers `.numpy()`."""

    def numpy(self) -> "np.ndarray[Any, Any]":
        return self.view(np.ndarray)


class Encoded(NamedTuple):
    tree: Any
    buffers: list[bytes]


def encode(value: Any, handle: Callable[[Any], list[Any]]) -> Encoded:
    """Return `value` as tree and buffers; `handle` makes the node for what cannot be copied. Raises WireError."""
    encoder = _Encoder(handle)
    return Encoded(encoder.node(value, 0), encoder.buffers)


def decode(tree: Any, buffers: list[bytes], handle: Callable[[list[Any]], Any], tensor: Callable[[Any], Any]) -> Any:
    """Return the value of an untrusted tree; `handle` and `tensor` make this side's objects. Raises WireError."""
    decoder = _Decoder(buffers, handle, tensor)
    try:
        return decoder.value(tree, 0)
    except WireError:
        raise
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, MemoryError, RecursionError) as error:
        raise WireError(f"a message that does not make sense ({type(error).__name__})") from None


class _Encoder:
    def __init__(self, handle: Callable[[Any], list[Any]]) -> None:
        self.handle = handle
        self.buffers: list[bytes] = []
        self._nodes = 0
        self._bytes = 0

    def node(self, value: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("too large or too deeply nested to be copied")
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return self._text(value) if kind is str else value
        if kind is int:
            return self._integer(value)
        if kind is float:
            return ["f", value.hex()]
        if kind is complex:
            return ["c", value.real.hex(), value.imag.hex()]
        if kind is bytes:
            return ["b", self._buffer(value)]
        if kind in _CONTAINERS:
            return [_CONTAINERS[kind], [self.node(item, depth + 1) for item in value]]
        if kind is dict:
            return ["d", [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in value.items()]]
        return self._array(value, depth)

    def _text(self, value: str) -> str:
        self._bytes += len(value)
        self._refuse_if_large()
        return value.encode("utf-8", "replace").decode()

    def _integer(self, value: int) -> Any:
        if abs(value) < 2**53:
            return value
        if value.bit_length() > MAX_INT_BITS:
            raise WireError("an integer too long to be copied")
        return ["i", hex(value)]

    def _array(self, value: Any, depth: int) -> Any:
        if type(value) is np.ndarray:
            return ["a", self._npy(value)] if _is_plain(value.dtype) else self.handle(value)
        if isinstance(value, np.generic) and type(value).__module__ == "numpy":
            return ["g", self._npy(np.asarray(value))] if _is_plain(value.dtype) else self.handle(value)
        if isinstance(value, Tensor):
            return ["x", self._npy(value.view(np.ndarray))]
        array = _tensor_value(value)
        if array is not None:
            return ["x", self._npy(array)]
        columns = _frame_columns(value)
        if columns is not None:
            return ["df", [[name, self.node(column, depth + 1)] for name, column in columns]]
        return self.handle(value)

    def _npy(self, array: "np.ndarray[Any, Any]") -> int:
        if array.nbytes > MAX_BYTES:
            raise WireError(f"an array of {array.nbytes} bytes is too large to be copied")
        if array.dtype.isbuiltin == 2:  # bfloat16 and friends have no npy form
            array = array.astype(np.float32)
        file = io.BytesIO()
        np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
        return self._buffer(file.getvalue())

    def _buffer(self, data: bytes) -> int:
        self._bytes += len(data)
        self._refuse_if_large()
        self.buffers.append(data)
        return len(self.buffers) - 1

    def _refuse_if_large(self) -> None:
        if self._bytes > MAX_BYTES:
            raise WireError("too many bytes to be copied")


class _Decoder:
    def __init__(self, buffers: list[bytes], handle: Callable[[list[Any]], Any], tensor: Callable[[Any], Any]) -> None:
        self.buffers = buffers
        self.handle = handle
        self.tensor = tensor
        self._nodes = 0

    def value(self, tree: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("a message too large or too deeply nested")
        if tree is None or type(tree) in (bool, int, str):
            return tree
        if type(tree) is not list or not tree:
            raise WireError("a message that is not one of ours")
        tag = tree[0]
        if tag in _MAKE:
            return _MAKE[tag](self.value(item, depth + 1) for item in tree[1])
        if tag == "d":
            return {self.value(k, depth + 1): self.value(v, depth + 1) for k, v in tree[1]}
        return self._leaf(tag, tree, depth)

    def _leaf(self, tag: Any, tree: list[Any], depth: int) -> Any:
        if tag == "i":
            if len(tree[1]) > MAX_INT_BITS // 4 + 4:
                raise WireError("an integer too long to be copied")
            return int(tree[1], 16)
        if tag == "f":
            return float.fromhex(tree[1])
        if tag == "c":
            return complex(float.fromhex(tree[1]), float.fromhex(tree[2]))
        if tag == "b":
            return bytes(self._buffer(tree[1]))
        if tag == "a":
            return read_npy(self._buffer(tree[1]))
        if tag == "g":
            return read_npy(self._buffer(tree[1]))[()]
        if tag == "x":
            return self.tensor(read_npy(self._buffer(tree[1])))
        if tag == "df":
            return _frame([(str(name), self.value(column, depth + 1)) for name, column in tree[1]])
        if tag == "h":
            return self.handle(tree)
        raise WireError("a message that is not one of ours")

    def _buffer(self, index: Any) -> bytes:
        if type(index) is not int or not 0 <= index < len(self.buffers):
            raise WireError("a message that refers to bytes it did not send")
        return self.buffers[index]


def read_npy(data: bytes) -> "np.ndarray[Any, Any]":
    """Return the array of an untrusted npy file, a copy. Raises WireError; allocates only what was sent."""
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
    if dtype.fields is not None or dtype.subdtype is not None:
        raise WireError("an array of records")  # their bytes could be what no NumPy operation expects
    flat = np.frombuffer(data, dtype=dtype, count=count, offset=offset).copy() if count else np.empty(0, dtype)
    if dtype.kind == "b":
        flat = flat.view(np.uint8) != 0  # a True of 200 would count as 200 in a sum
    return flat.reshape(shape, order="F" if is_fortran else "C")


def as_tensor(array: "np.ndarray[Any, Any]") -> Tensor:
    """The examiner's form of a tensor."""
    return array.view(Tensor)


def _is_plain(dtype: "np.dtype[Any]") -> bool:
    return not dtype.hasobject and dtype.fields is None


def _tensor_value(value: Any) -> "np.ndarray[Any, Any] | None":
    """Return the value of an eager tensor or of a variable, else None."""
    kinds = {f"{base.__module__}.{base.__qualname__}" for base in type(value).__mro__[:6]}
    known = {
        "tensorflow.python.framework.ops._EagerTensorBase",
        "tensorflow.python.ops.resource_variable_ops.BaseResourceVariable",
        "keras.src.backend.common.variables.Variable",
    }
    if kinds & known:
        array = np.asarray(value.numpy())
        return array if not array.dtype.hasobject else None
    return None


def _frame_columns(value: Any) -> list[tuple[str, Any]] | None:
    kind = type(value)
    if kind.__module__.startswith("pandas") and kind.__name__ == "DataFrame":
        return [(str(name), _column(value[name])) for name in value.columns]
    if kind.__module__.startswith("pandas") and kind.__name__ == "Series":
        return None if value.dtype.kind in "O" else [("", _column(value))]
    return None


def _column(series: Any) -> Any:
    array = series.to_numpy()
    return array if not array.dtype.hasobject else [None if item is None else str(item) for item in array.tolist()]


def _frame(columns: list[tuple[str, Any]]) -> Any:
    import pandas as pd

    if len(columns) == 1 and columns[0][0] == "":
        return pd.Series(columns[0][1])
    return pd.DataFrame(dict(columns))
