"""Kinds of plain values as the plain value that they are: an OrderedDict as a dict, a named tuple as a tuple, a member of an IntEnum as an int.

Runs in the notebook's process, when the examiner asks. An object whose class has a say of its own in what it is worth (an
`__eq__`, an `__iter__`, an `__add__` …) has no such value here: it stays an object, and is asked.
"""

import array
import collections
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from . import dataframes, npy

_MAX_ITEMS = 200_000
_MAX_DEPTH = 40
_EXACT = (type(None), bool, int, float, complex, str, bytes, bytearray, range)
_LIBRARIES = frozenset(
    "builtins collections enum typing types numbers array numpy pandas tensorflow keras wrapt abc _collections_abc".split()
)
# What makes a class more than a kind of its plain type, where a class of the notebook's own defines it
_OPINIONS = frozenset(
    """__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__ __len__ __iter__ __next__ __reversed__ __getitem__ __contains__ __getattribute__
    __getattr__ __add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__
    __pow__ __rpow__ __matmul__ __rmatmul__ __and__ __rand__ __or__ __ror__ __xor__ __rxor__ __neg__ __pos__ __abs__ __invert__
    __round__ __int__ __float__ __index__ __complex__ __array__ __array_ufunc__ __array_function__ items keys values""".split()
)
_VIEWS: tuple[type, ...] = (type({0: 0}.keys()), type({0: 0}.values()), type({0: 0}.items()))
_KINDS: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((dict, collections.UserDict, collections.ChainMap, types.MappingProxyType), lambda value: dict(value.items())),
    ((list, collections.deque, collections.UserList, *_VIEWS), list),
    ((tuple,), lambda value: tuple(tuple.__iter__(value))),
    ((frozenset,), frozenset),
    ((set,), set),
    ((str,), str.__str__),
    ((bytes,), lambda value: bytes(memoryview(value))),
    ((float,), float.__float__),
    ((int,), int.__int__),
    ((array.array, np.ndarray), lambda value: _array(value)),
)


class Other(Exception):
    """The object is no kind of a plain value."""


def is_kind(value: Any) -> bool:
    """Tell whether an object that does not cross as it is has a plain value."""
    kind = type(value)
    return _of_a_library(kind) or (_maker(kind) is not None and _is_transparent(kind))


def value_of(value: Any) -> tuple[bool, Any]:
    """Return (True, the plain value, in all its depth), or (False, None). An item that has none stays as it is."""
    try:
        return True, _Copy().top(value)
    except Other:
        return False, None


class _Copy:
    def __init__(self) -> None:
        self._left = _MAX_ITEMS

    def top(self, value: Any) -> Any:
        if not is_kind(value):
            raise Other
        return self._items(_made(value), 1)

    def _item(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            raise Other
        kind = type(value)
        if kind in _EXACT or kind is np.ndarray or issubclass(kind, np.generic) or dataframes.kind_of(value):
            return value
        if kind in (dict, list, tuple, set, frozenset):
            return self._items(value, depth)
        return self._items(_made(value), depth) if is_kind(value) else value

    def _items(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is dict:
            return {self._item(key, depth + 1): self._item(item, depth + 1) for key, item in value.items()}
        if kind in (list, tuple, set, frozenset):
            return kind(self._each(value, depth))
        return value

    def _each(self, values: Iterable[Any], depth: int) -> list[Any]:
        return [self._item(item, depth + 1) for item in values]


def _made(value: Any) -> Any:
    """Return the plain value, its items as they are. Raises Other."""
    kind = type(value)
    if kind.__module__.startswith("tensorflow.") and kind.__name__ == "TensorShape":
        return tuple(value) if value.rank is not None else None
    if kind.__module__.partition(".")[0] == "pandas":
        values = value.to_numpy()
        return values.tolist() if values.dtype == object else _array(values)
    make = _maker(kind)
    if make is None:
        raise Other
    return make(value)


def _maker(kind: type) -> Callable[[Any], Any] | None:
    return next((make for bases, make in _KINDS if issubclass(kind, bases)), None)


def _is_transparent(kind: type) -> bool:
    """Tell whether no class of the notebook's own has a say in what such an object is worth."""
    if issubclass(kind, np.ma.MaskedArray):
        return False
    own = [part for part in kind.__mro__ if str(part.__module__).partition(".")[0] not in _LIBRARIES]
    return not any(name in vars(part) for part in own for name in _OPINIONS)


def _of_a_library(kind: type) -> bool:
    """Tell whether it is a shape of TensorFlow, or something of pandas with one row of values."""
    module, name = str(kind.__module__), kind.__name__
    return (module.startswith("tensorflow.") and name == "TensorShape") or (
        module.partition(".")[0] == "pandas" and (name == "Series" or name.endswith("Index") or name == "Categorical")
    )


def _array(value: Any) -> Any:
    """Return NumPy's own array of a kind of array; one of NumPy's variable texts as one of fixed texts. Raises Other."""
    plain = np.asarray(value)
    if plain.dtype.kind == "T":
        plain = np.array(plain.tolist(), str).reshape(plain.shape)
    if not npy.is_plain(plain.dtype) and plain.dtype.kind != "O":
        raise Other
    return plain
