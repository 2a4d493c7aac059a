"""Nodes (the forms are in `wire`) to values: nothing that comes is trusted."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from . import dataframes, npy
from .encoder import MAX_DEPTH, MAX_INT_BITS, MAX_NODES, Node, Numbers, is_viewable
from .faults import WireError
from .tensors import Tensor


class Decoder:
    """Makes the values of one untrusted message."""

    def __init__(
        self,
        buffers: list[bytes],
        handle: Callable[[Node], Any],
        tensor: Callable[..., Any],
        numbers: Numbers | None = None,
        library: Callable[[str, str], Any] | None = None,
    ) -> None:
        self._buffers = buffers
        self._handle = handle
        self._make_tensor = tensor
        self._numbers = numbers
        self._library = library
        self._nodes = 0
        self._changing: Any = None

    def update(self, tree: Node) -> Any:
        """Change, in place, what both sides have to its new content. Nothing else may. Raises WireError."""
        self._changing = number_in(tree)
        if self._known(self._changing) is None:
            raise WireError("a change of what was not shared")
        self.value(tree)
        self._changing = None

    def value(self, tree: Node) -> Any:
        """Return the value of a node. Raises WireError."""
        try:
            return self._value(tree, 0)
        # Whatever a hostile message makes NumPy, pandas or Python raise, it is the message that is wrong, not the
        # check.
        except Exception as error:
            raise WireError(f"a message that does not make sense ({type(error).__name__})") from None

    def _value(self, tree: Node, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise WireError("a message too large or too deeply nested")
        if tree is None or type(tree) in (bool, int, str):
            return tree
        if type(tree) is not list or not tree:
            raise WireError("a message that is not one of ours")
        read = _READERS.get(tree[0]) if type(tree[0]) is str else None
        if read is None:
            raise WireError("a message that is not one of ours")
        return read(self, depth, *tree[1:])

    def _items(self, depth: int, items: Any) -> list[Any]:
        return [self._value(item, depth + 1) for item in items]

    def _key(self, tree: Node, depth: int) -> Any:
        if has_handle(tree):
            raise WireError(
                "a key that is not a value"
            )  # its hash would be asked of the notebook, in the middle of an answer
        return self._value(tree, depth)

    def _list(self, depth: int, items: Any, number: Any) -> Any:
        made: list[Any] = self._old(number, list, list)
        made[:] = self._items(depth, items)
        return made

    def _set(self, depth: int, items: Any, number: Any) -> Any:
        made: set[Any] = self._old(number, set, set)
        new = {self._key(item, depth + 1) for item in items}
        made.clear()
        made.update(new)
        return made

    def _dict(self, depth: int, pairs: Any, number: Any) -> Any:
        made: dict[Any, Any] = self._old(number, dict, dict)
        new = {self._key(k, depth + 1): self._value(v, depth + 1) for k, v in pairs}
        made.clear()
        made.update(new)
        return made

    def _bytearray(self, _: int, index: Any, number: Any) -> Any:
        made: bytearray = self._old(number, bytearray, bytearray)
        made[:] = self._buffer(index)
        return made

    def _array(self, _: int, index: Any, number: Any, writeable: Any, viewable: Any, foreign: Any) -> Any:
        return self._keep_array(npy.read(self._buffer(index), foreign), number, writeable, viewable)

    def _objects(self, depth: int, shape: Any, items: Any, number: Any, writeable: Any) -> Any:
        flat = dataframes.objects(self._items(depth, items))
        lengths = [_size(length) for length in shape]
        if math.prod(lengths) != len(flat):
            raise WireError("an array whose size is not what it says")
        array: npy.Array = np.empty(lengths, object)
        array.reshape(-1)[:] = flat
        return self._keep_array(array, number, writeable, False)

    def _keep_array(self, array: npy.Array, number: Any, writeable: Any, viewable: Any) -> npy.Array:
        old = self._changed(number)
        if old is None:
            array.flags.writeable = bool(writeable)
            self._put(number, array, is_viewable=viewable is True)
            return array
        if type(old) is not np.ndarray or (old.shape, old.dtype) != (array.shape, array.dtype):
            raise WireError("The shape or the type of an array was changed in place; that cannot be carried back.")
        _overwrite(old, array)
        return old

    def _view(self, _: int, number: Any, offset: Any, shape: Any, strides: Any, writeable: Any) -> Any:
        base = self._known(number)
        lengths = [_size(length) for length in shape]
        if type(base) is not np.ndarray or not is_viewable(base):
            raise WireError("a view of what is not an array")
        # Strides of 0 let any shape fit into a few bytes; a check that copies such a view would fill its memory.
        if np.prod([float(length) for length in lengths]) * base.itemsize > npy.MAX_BYTES:
            raise WireError("a view that is too large")
        source = base if base.flags.contiguous else base.T
        if base.dtype.kind in "mM" or base.dtype.isbuiltin == 2:  # what Python has no buffers of
            source = source.reshape(-1).view(np.uint8)
        # NumPy itself refuses an offset, a shape or strides that leave the buffer.
        view: npy.Array = np.ndarray(lengths, base.dtype, buffer=source, offset=_size(offset), strides=strides)
        view.flags.writeable = bool(writeable) and base.flags.writeable
        return view

    def _tensor(self, depth: int, array: Any, number: Any) -> Any:
        value = self._value(array, depth + 1)
        if type(value) is not np.ndarray:
            raise WireError("a tensor that is not an array")
        old = self._changed(number)
        if old is None:
            return self._make_tensor(value) if number is None else self._make_tensor(value, number)
        if not isinstance(old, Tensor) or (old.shape, old.dtype) != (value.shape, value.dtype):
            raise WireError("The shape or the type of a variable was changed in place; that cannot be carried back.")
        _overwrite(_base(old), value)
        return old

    def _table(self, kind: str, depth: int, content: Any, number: Any) -> Any:
        cells = Decoder(self._buffers, _no_handle, _no_handle)
        cells._nodes = self._nodes
        made = dataframes.build(kind, content, lambda node: cells._value(node, depth + 1))
        self._nodes = cells._nodes
        old = self._changed(number)
        if old is None:
            self._put(number, made)
            return made
        if type(old) is not type(made):
            raise WireError("a table that has become something else")
        dataframes.replace(old, made)
        return old

    def _reference(self, _: int, number: Any) -> Any:
        value = self._known(number)
        if value is None:
            raise WireError("a message that refers to what it did not send")
        return value

    def _named(self, _: int, module: Any, name: Any) -> Any:
        if self._library is None:
            raise WireError("a message that is not one of ours")
        return self._library(module, name)

    def _known(self, number: Any) -> Any:
        return self._numbers.get(number) if self._numbers is not None and number is not None else None

    def _changed(self, number: Any) -> Any:
        """Return the object that this message changes, or None where it brings a new one."""
        old = self._known(number)
        if old is not None and number != self._changing:
            raise WireError("a message that changes what it does not say it does")
        return old

    def _old(self, number: Any, kind: type[Any], make: Callable[[], Any]) -> Any:
        """Return the object of that number, or a new one under it."""
        old = self._changed(number)
        if old is None:
            old = make()
            self._put(number, old)
        if type(old) is not kind:
            raise WireError("an object that has become something else")
        return old

    def _put(self, number: Any, value: Any, *, is_viewable: bool = False) -> None:
        if self._numbers is not None and number is not None:
            self._numbers.put(number, value, is_viewable=is_viewable)

    def _buffer(self, index: Any) -> bytes:
        if type(index) is not int or not 0 <= index < len(self._buffers):
            raise WireError("a message that refers to bytes it did not send")
        return self._buffers[index]


def number_in(node: Node) -> Any:
    """Return the number in the definition of something shared, else None."""
    at = (3 if node[0] == "o" else 2) if type(node) is list and node and node[0] in _SHARED else 99
    return node[at] if type(node) is list and at < len(node) else None


def has_handle(node: Node) -> bool:
    return type(node) is list and (node[0] == "h" or (node[0] in ("t", "fs") and any(map(has_handle, node[1]))))


def _integer(text: str) -> int:
    if len(text) > MAX_INT_BITS // 4 + 4:
        raise WireError("an integer too long to be copied")
    return int(text, 16)


def _missing(name: Any) -> Any:
    import pandas as pd

    return {"NA": pd.NA, "NaT": pd.NaT}[name]


def _scalar(array: npy.Array) -> Any:
    if array.ndim:
        raise WireError("an array scalar that is an array")
    return array[()]


_SHARED = ("l", "s", "d", "ba", "a", "o", "x", "df", "sr")
_READERS: dict[str, Callable[..., Any]] = {
    "i": lambda d, _, text: _integer(text),
    "f": lambda d, _, text: float.fromhex(text),
    "c": lambda d, _, real, imaginary: complex(float.fromhex(real), float.fromhex(imaginary)),
    "u": lambda d, _, index: d._buffer(index).decode("utf-8", "surrogatepass"),
    "b": lambda d, _, index: bytes(d._buffer(index)),
    "t": lambda d, depth, items: tuple(d._items(depth, items)),
    "fs": lambda d, depth, items: frozenset(d._key(item, depth + 1) for item in items),
    "rg": lambda d, depth, *parts: range(*d._items(depth, parts)),
    "sl": lambda d, depth, *parts: slice(*d._items(depth, parts)),
    "e": lambda d, _: Ellipsis,
    "g": lambda d, _, index, foreign: _scalar(npy.read(d._buffer(index), foreign)),
    "na": lambda d, _, name: _missing(name),
    "h": lambda d, _, *rest: d._handle(["h", *rest]),
    "l": Decoder._list,
    "s": Decoder._set,
    "d": Decoder._dict,
    "ba": Decoder._bytearray,
    "a": Decoder._array,
    "o": Decoder._objects,
    "v": Decoder._view,
    "x": Decoder._tensor,
    "df": lambda d, *rest: d._table("df", *rest),
    "sr": lambda d, *rest: d._table("sr", *rest),
    "r": Decoder._reference,
    "n": Decoder._named,
}


def _no_handle(*_: Any) -> Any:
    raise WireError("a table with what is not a value")


def _base(tensor: Tensor) -> npy.Array:
    if tensor.base is None:
        raise WireError("a tensor that is not one of ours")
    return tensor.base


def _overwrite(old: npy.Array, new: npy.Array) -> None:
    if not old.flags.writeable:
        raise WireError("An array that cannot be written to was changed in place.")
    old[...] = new


def _size(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("an array whose size is not what it says")
    return value
