"""Values to nodes (the forms are in `wire`): the trusted half of a message."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from . import dataframes, npy
from .faults import WireError
from .tensors import Tensor, is_tensor, tensor_value

MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_INT_BITS = 4096
Node = Any
_KEYS = (type(None), bool, int, float, complex, str, bytes, range, type(Ellipsis))
_MISSING = {"NAType": "NA", "NaTType": "NaT"}


class Numbers(Protocol):
    """What `shared.Table` knows about the objects of both sides."""

    def number(self, value: Any) -> int: ...
    def is_known(self, number: int) -> bool: ...
    def defined(self, number: int, *, is_viewable: bool) -> None: ...
    def base(self, array: npy.Array) -> int | None: ...
    def get(self, number: Any) -> Any: ...
    def put(self, number: Any, value: Any, *, is_viewable: bool) -> None: ...


class Encoder:
    """Makes the nodes of one message; `buffers` are theirs."""

    def __init__(self, handle: Callable[[Any], Node], numbers: Numbers | None = None) -> None:
        self.buffers: list[bytes] = []
        self._handle = handle
        self._numbers = numbers
        self._nodes = 0
        self._bytes = 0

    def node(self, value: Any, depth: int = 0) -> Node:
        """Return the node of a value. Raises WireError."""
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("too large or too deeply nested to be copied")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return self._text(value)
        if kind is int:
            return self._integer(value)
        if kind is float:
            return ["f", value.hex()]
        if kind in (tuple, frozenset):
            return ["t" if kind is tuple else "fs", [self.node(item, depth + 1) for item in value]]
        if kind in (list, bytearray) or (kind in (set, dict) and all(map(_is_key, value))):
            return self._once(value, depth, self._container)
        return self._rare(value, depth)

    def definition(self, number: int, numbers: "Numbers") -> Node:
        """Return the node of something that the other side has, with its new content."""
        value = numbers.get(number)
        numbers.defined(number, is_viewable=type(value) is np.ndarray and is_viewable(value))
        try:
            return _numbered(self._maker(value)(value, 0), number)
        except dataframes.Unplain:
            raise WireError("A table got values in place that cannot be copied.") from None

    def _maker(self, value: Any) -> Callable[[Any, int], Node]:
        if type(value) in (list, set, dict, bytearray):
            return self._container
        if type(value) is np.ndarray:
            return self._array
        return self._table if dataframes.kind_of(value) else self._tensor

    def _once(self, value: Any, depth: int, make: Callable[[Any, int], Node]) -> Node:
        """Return a reference where the other side has the value, else its definition. The number comes before the content: cycles."""
        if self._numbers is None:
            return make(value, depth)
        number = self._numbers.number(value)
        if self._numbers.is_known(number):
            return ["r", number]
        self._numbers.defined(number, is_viewable=type(value) is np.ndarray and is_viewable(value))
        return _numbered(make(value, depth), number)

    def _container(self, value: Any, depth: int) -> Node:
        kind = type(value)
        if kind is list:
            return ["l", [self.node(item, depth + 1) for item in value], None]
        if kind is bytearray:
            return ["ba", self._buffer(bytes(value)), None]
        if kind is set:
            return ["s", [self.node(item, depth + 1) for item in value], None]
        return ["d", [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in value.items()], None]

    def _text(self, value: str) -> Node:
        self._bytes += len(value)
        self._refuse_if_large()
        try:
            value.encode()
        # JSON texts are UTF-8, which has no half of a surrogate pair; Python's texts may have one.
        except UnicodeEncodeError:
            return ["u", self._buffer(value.encode("utf-8", "surrogatepass"))]
        return value

    def _integer(self, value: int) -> Node:
        # Beyond that, readers of JSON may take a whole number for a float.
        if abs(value) < 2**53:
            return value
        if value.bit_length() > MAX_INT_BITS:
            raise WireError("an integer too long to be copied")
        return ["i", hex(value)]

    def _rare(self, value: Any, depth: int) -> Node:
        kind = type(value)
        if kind is complex:
            return ["c", value.real.hex(), value.imag.hex()]
        if kind is bytes:
            return ["b", self._buffer(value)]
        if kind in (range, slice):
            name = "rg" if kind is range else "sl"
            return [name, *(self.node(part, depth + 1) for part in (value.start, value.stop, value.step))]
        if value is Ellipsis:
            return ["e"]
        if kind is np.ndarray:
            return self._array_or_view(value, depth)
        if issubclass(kind, np.generic) and _is_exact_scalar(value):
            return ["g", self._buffer(npy.write(np.asarray(value))), npy.foreign_name(value.dtype)]
        if kind is Tensor:
            return self._tensor(value, depth) if value.number is None else ["r", value.number]
        if is_tensor(value) and tensor_value(value) is not None:
            return self._once(value, depth, self._tensor)
        if dataframes.kind_of(value):
            return self._table_or_handle(value, depth)
        if kind.__name__ in _MISSING and kind.__module__.startswith("pandas"):
            return ["na", _MISSING[kind.__name__]]
        return self._handle(value)

    def _array_or_view(self, value: npy.Array, depth: int) -> Node:
        if value.dtype.hasobject and value.dtype.kind == "O":
            return self._once(value, depth, self._array) if _is_plain(value, depth) else self._handle(value)
        if not npy.is_plain(value.dtype):
            return self._handle(value)
        base = self._numbers.base(value) if self._numbers is not None else None
        if base is None or self._numbers is None:
            return self._once(value, depth, self._array)
        if value.size * value.itemsize > npy.MAX_BYTES:
            raise WireError("a view that is too large to be copied")
        offset = value.__array_interface__["data"][0] - self._numbers.get(base).__array_interface__["data"][0]
        return ["v", base, offset, list(value.shape), list(value.strides), bool(value.flags.writeable)]

    def _array(self, value: npy.Array, depth: int) -> Node:
        is_writeable = bool(value.flags.writeable)
        if value.dtype.kind == "O":
            return ["o", list(value.shape), [self.node(item, depth + 1) for item in value.flat], None, is_writeable]
        foreign = npy.foreign_name(value.dtype)
        return ["a", self._buffer(npy.write(value)), None, is_writeable, is_viewable(value), foreign]

    def _tensor(self, value: Any, depth: int) -> Node:
        array = value.view(np.ndarray) if type(value) is Tensor else tensor_value(value)
        copies = Encoder(self._handle)
        copies.buffers = self.buffers
        return ["x", copies._array(np.asarray(array), depth), None]

    def _table_or_handle(self, value: Any, depth: int) -> Node:
        """Tables cross as a whole or not at all."""
        mark = len(self.buffers)
        try:
            node = self._table(value, depth)
        except dataframes.Unplain:
            del self.buffers[mark:]
            return self._handle(value)
        node = self._once(value, depth, lambda *_: node)
        if node[0] == "r":
            del self.buffers[mark:]
        return node

    def _table(self, value: Any, depth: int) -> Node:
        """A table's cells are copies without numbers."""
        # Numbering every cell would make a table of a million values a message of a million objects.
        cells = Encoder(no_handle)
        cells.buffers, cells._nodes, cells._bytes = self.buffers, self._nodes, self._bytes
        content = dataframes.describe(value, lambda cell: cells.node(cell, depth + 1))
        self._nodes, self._bytes = cells._nodes, cells._bytes
        return [dataframes.kind_of(value), content, None]

    def _buffer(self, data: bytes) -> int:
        self._bytes += len(data)
        self._refuse_if_large()
        self.buffers.append(data)
        return len(self.buffers) - 1

    def _refuse_if_large(self) -> None:
        if self._bytes > npy.MAX_BYTES:
            raise WireError("too many bytes to be copied")


def _numbered(node: Node, number: int) -> Node:
    node[3 if node[0] == "o" else 2] = number
    return node


def _is_key(value: Any) -> bool:
    """Tell whether a key is plain: the hash of anything else would be the notebook's to choose."""
    kind = type(value)
    if kind in (tuple, frozenset):
        return all(map(_is_key, value))
    return kind in _KEYS or (issubclass(kind, np.generic) and kind.__module__ == "numpy")


def _is_exact_scalar(value: Any) -> bool:
    """Tell whether NumPy's own scalar comes out of an array as it went in: texts lose zeros at their end."""
    is_ours = type(value).__module__ == "numpy" or npy.foreign_name(value.dtype) is not None
    return is_ours and npy.is_plain(value.dtype) and (value.dtype.kind not in "US" or np.asarray(value)[()] == value)


def no_handle(_: Any) -> Node:
    """Refuse what has no plain form. Raises tables.Unplain."""
    raise dataframes.Unplain


def _is_plain(array: npy.Array, depth: int) -> bool:
    """Tell whether all objects of an array have a plain form; one that has not makes the whole array a handle."""
    try:
        copies = Encoder(no_handle)
        for item in array.flat:
            copies.node(item, depth + 1)
    except (dataframes.Unplain, WireError):
        return False
    return True


def is_viewable(array: npy.Array) -> bool:
    """Tell whether both sides lay out the array's bytes alike, so that a view of it has a meaning on the other one."""
    return bool(array.flags.contiguous or array.flags.f_contiguous) and not array.dtype.hasobject
