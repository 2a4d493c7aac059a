"""Objects that the notebook and the examiner both have, by number, so that both speak of the same list, array or table.

Each side keeps a table. The examiner's numbers are negative, the notebook's positive. An entry remembers what the other side
has seen of the object; what differs from it since was changed in place. What nobody but the table refers to can no longer be
changed by anyone: it leaves the table, and the object of the other side is from then on its own.

A message is made or read in this order: `changed` (and their new content first of all), the values, `settle`.
"""

import itertools
import json
import operator
import sys
import weakref
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from . import dataframes, npy, wire
from .encoder import no_handle
from .faults import WireError
from .tensors import is_tensor, is_variable, tensor_value

Print = tuple[Any, ...]
_CONSTANT: Print = ("constant",)


class _Entry:
    __slots__ = ("is_kept", "is_viewable", "seen", "value")

    def __init__(self, value: Any, *, is_kept: bool = False) -> None:
        self.value = value
        self.seen: Print | None = None
        self.is_kept = is_kept  # a handle's object or a tensor: the other side says when it is done with it
        self.is_viewable = False


class Table:
    """One side's shared objects; `step` is 1 in the notebook, -1 in the examiner."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._last = 0
        self._entries: dict[int, _Entry] = {}
        # Numbers are looked up by id() and not by hash(): an object's own __eq__ and __hash__ have no say in what is
        # the same.
        self._numbers: dict[int, int] = {}  # by id, of copies; an entry's object lives
        self._handles: dict[int, int] = {}  # by id, of handles
        self._weak: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._touched: set[int] = set()  # its content is in the message under way

    def __len__(self) -> int:
        return len(self._entries)

    def number(self, value: Any) -> int:
        """Return the number of an object that crosses as a copy, a new one where it has none.

        A variable that has changed gets a new one: a copy of it is a moment's value, and the older copy stays as it is.
        """
        number = self._numbers.get(id(value))
        if number is not None:
            entry = self._entries[number]
            is_stale = entry.is_kept and number not in self._touched and entry.seen and is_changed(entry.seen, value)
            if not is_stale:
                return number
        number = self._numbers[id(value)] = self._new(_Entry(value, is_kept=is_tensor(value)))
        return number

    def handle(self, value: Any) -> int:
        """Return the number of an object that crosses as a handle, always the same one."""
        number = self._handles.get(id(value))
        if number is None:
            number = self._handles[id(value)] = self._new(_Entry(value, is_kept=True))
        return number

    def _new(self, entry: _Entry) -> int:
        self._last += self._step
        self._entries[self._last] = entry
        return self._last

    def is_known(self, number: int) -> bool:
        """Tell whether the other side has the object as it is, or was told of it in the message under way."""
        return number in self._touched or self._entries[number].seen is not None

    def defined(self, number: int, *, is_viewable: bool) -> None:
        """Note that the message under way has the object's content."""
        self._touched.add(number)
        self._entries[number].is_viewable = is_viewable

    def base(self, array: npy.Array) -> int | None:
        """Return the number of the array that this one is a view of, where the other side can make the same view."""
        base = array.base
        number = self._numbers.get(id(base)) if type(base) is np.ndarray and array.size else None
        if number is None or not self._entries[number].is_viewable or not self.is_known(number):
            return None
        return number if self._entries[number].value.dtype == array.dtype else None

    def get(self, number: Any) -> Any:
        """Return the object of that number, or None."""
        if type(number) is not int:
            return None
        entry = self._entries.get(number)
        return entry.value if entry else self._weak.get(number)

    def put(self, number: Any, value: Any, *, is_viewable: bool = False) -> None:
        """Note an object that the other side has numbered. Raises WireError for a number that is not its to give."""
        self._check_new(number)
        entry = self._entries[number] = _Entry(value)
        entry.is_viewable = is_viewable
        self._numbers[id(value)] = number
        self._touched.add(number)

    def put_weakly(self, number: Any, value: Any) -> None:
        """Note a tensor that the other side has numbered, and keeps until it is told that this one is gone."""
        self._check_new(number)
        self._weak[number] = value

    def touch(self, number: int) -> None:
        """Note that the message under way brought the object's content."""
        self._touched.add(number)

    def settle(self) -> None:
        """Remember what both sides have seen now: a message has crossed."""
        for number in self._touched:
            if entry := self._entries.get(number):
                entry.seen = print_of(entry.value)
        self._touched.clear()

    def abandon(self) -> None:
        """Forget what was defined in the message under way: it will not be sent."""
        self.forget(self._touched)
        self._touched.clear()

    def changed(self) -> list[int]:
        """Return the numbers of what was changed in place since both sides saw it."""
        entries = self._entries.items()
        return [number for number, entry in entries if entry.seen is not None and is_changed(entry.seen, entry.value)]

    def forget(self, numbers: Iterable[Any]) -> None:
        """Let go of these; unknown ones do no harm."""
        for number in numbers:
            if type(number) is int and (entry := self._entries.pop(number, None)):
                for ids in (self._numbers, self._handles):
                    if ids.get(id(entry.value)) == number:
                        del ids[id(entry.value)]

    def idle(self) -> list[int]:
        """Let go of what only this table refers to, and return the numbers."""
        gone: list[int] = []
        while alone := [number for number, entry in self._entries.items() if not entry.is_kept and _is_alone(entry)]:
            self.forget(alone)
            gone += alone
        return gone

    def clear(self) -> list[int]:
        """Let go of all that the other side does not keep, and return the numbers."""
        numbers = [number for number, entry in self._entries.items() if not entry.is_kept]
        self.forget(numbers)
        self._touched.clear()
        return numbers

    def _check_new(self, number: Any) -> None:
        if type(number) is not int or number * self._step >= 0 or number in self._entries or number in self._weak:
            raise WireError("a message with a number that is not the other side's to give")


def _references(entry: _Entry) -> int:
    return sys.getrefcount(entry.value)


# How many references an object has that nothing but its entry knows: counted, since versions of Python differ.
_ALONE = _references(_Entry([]))


def _is_alone(entry: _Entry) -> bool:
    return _references(entry) <= _ALONE


def print_of(value: Any) -> Print:
    """Return what tells whether an object is changed in place later: its parts by identity, or a checksum of its bytes."""
    kind = type(value)
    if kind in (list, set):
        return (kind, tuple(value))
    if kind is dict:
        return (kind, tuple(itertools.chain.from_iterable(value.items())))
    if kind is bytearray:
        return ("bytes", bytes(value))
    if isinstance(value, np.ndarray):
        return _array_print(value)
    if dataframes.kind_of(value):
        tree, buffers = wire.encode(value, no_handle)
        return ("bytes", zlib.crc32(json.dumps(tree).encode()), tuple(map(zlib.crc32, buffers)))
    array = tensor_value(value) if is_variable(value) else None
    return _CONSTANT if array is None else _array_print(array)


def _array_print(array: npy.Array) -> Print:
    if array.dtype.kind == "O":
        return (list, tuple(array.flat), array.shape)
    flat = np.ascontiguousarray(array).reshape(-1)
    return ("bytes", array.shape, str(array.dtype), zlib.crc32(flat.view(np.uint8).data) if flat.size else 0)


def is_changed(seen: Print, value: Any) -> bool:
    """Tell whether the object is no longer what it was when `seen` was made."""
    if seen is _CONSTANT:
        return False
    now = print_of(value)
    if seen[0] == "bytes" or now[0] == "bytes":
        return seen != now
    if seen[0] is not now[0] or len(seen[1]) != len(now[1]) or seen[2:] != now[2:]:
        return True
    if seen[0] is set:
        return {*map(id, seen[1])} != {*map(id, now[1])}
    return not all(map(operator.is_, seen[1], now[1]))
