"""The RPC client in the examiner: sends requests to the learner's kernel, relayed by the worker, and decodes the replies.

What the learner's code changes in place, in what it was given or in what it gave, is changed here too, where the check may
know: in a public check. In a hidden one it ends the check, unless that has said `may_change(value)`; the values that decide there must
not be the learner's to change.
"""

import builtins
import re
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np

from . import wire
from .decoder import Decoder, number_in
from .encoder import Encoder
from .faults import ChangedInPlace, Fault, HandleMisuse, TooManyQuestions, WireError
from .handles import NATURES, Handle, is_handle, kind_of, number_of
from .shared import Table
from .tensors import Tensor, as_tensor

__all__ = ["Call", "Fault", "Handle", "HandleMisuse", "LearnerError", "RpcClient", "WireError"]
Call = Callable[[wire.Encoded], tuple[Any, list[bytes]]]
_LOOKS = ("get", "has", "names")  # run nothing in the notebook
# These read by a name alone. Every other question hands a value to the notebook's code, which may remember it and
# answer with it later.
_TELLS_NOTHING = frozenset(
    {*_LOOKS, "getattr", "type", "isinstance", "issubclass", "model", "graphs", "predictions", "plain"}
)
_MAX_NAME = 40
_CHANGES_NOTHING = frozenset({*_LOOKS, "plain", "type", "is", "id", "isinstance", "issubclass", "is_text"})
MAX_QUESTIONS = 20_000  # of one check
_OURS = re.compile(r"__(main|check)__|exercises(\.|$)")


class LearnerError(Exception):
    """The learner's code raised; the built-in type of the original is mixed in, so that `except ValueError` works."""

    learned = ""
    original: Handle | None = None

    def __str__(self) -> str:
        return self.learned

    def __getattr__(self, name: str) -> Any:
        if self.original is None or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.original, name)


class RpcClient:
    """Asks the learner's kernel, one question at a time. Remembers a check's first fault, and asks nothing more after it."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._lock = threading.RLock()
        self._fault: Fault | None = None
        self._is_hidden = False
        self.moment = 0  # goes up with each question that may change something in the notebook
        self._asked = 0  # questions of this check so far
        self._known: dict[str, Any] = {}  # what names meant in this moment
        self.has_told = False  # whether the notebook may have been told hidden data
        self._changeable: list[Any] = []
        self._table = Table(-1)
        self._handles: weakref.WeakValueDictionary[int, Handle] = weakref.WeakValueDictionary()
        self._unused: list[int] = []  # numbers whose handle or tensor is gone

    def begin(self, *, is_hidden: bool) -> None:
        """Begin a check; a hidden one has values that the learner must not change. What an earlier one has is its own affair."""
        self._is_hidden = is_hidden
        self._asked = 0
        self._known.clear()
        self._changeable.clear()
        # A hidden check starts with nothing shared, so that no object of an earlier check can be changed under it.
        stale = [] if is_hidden else self._table.changed()
        self._unused += self._table.clear() if is_hidden else stale
        self._table.forget(stale)

    def may_change(self, value: Any) -> Any:
        """Return the value; what is in it may be changed by the learner's code until the check ends."""
        self._changeable.append(value)
        return value

    def ask(self, operation: str, *arguments: Any) -> Any:
        """Return the reply's value. Raises what the learner's code raised, as a built-in type with capped text."""
        # A check may use threads; two questions at once would mix their frames.
        with self._lock:
            if self._fault:
                raise self._fault
            if operation == "get" and arguments[0] in self._known:
                return self._known[arguments[0]]
            self._count(operation)
            try:
                result, printed = self._exchange(operation, arguments)
            except Fault as fault:
                raise self.remember(fault) from None
            except (MemoryError, RecursionError) as error:
                raise self.remember(WireError(f"a question that is too large ({type(error).__name__})")) from None
        for stream, text in zip((sys.stdout, sys.stderr), printed, strict=True):
            if text:
                stream.write(text)
        if isinstance(result, BaseException):
            raise result
        if operation == "get":
            self._known[arguments[0]] = result[0]
        return result[0]

    def _count(self, operation: str) -> None:
        self._asked += 1
        if self._asked > MAX_QUESTIONS:
            raise self.remember(TooManyQuestions(f"more than {MAX_QUESTIONS:,} questions"))
        if operation not in _CHANGES_NOTHING:
            self.moment += 1
            self._known.clear()

    def ask_for(self, kind: type[Any], operation: str, *arguments: Any) -> Any:
        """Return the reply's value where it is exactly of this type; anything else is a fault."""
        value = self.ask(operation, *arguments)
        if type(value) is not kind:
            raise self.remember(WireError(f"an answer that is not a {kind.__name__}"))
        return value

    def remember(self, fault: Fault) -> Fault:
        """Keep the first fault of a check, and return it."""
        if self._fault is None:
            self._fault = fault
            self._unused += self._table.clear()  # the two sides may no longer agree
        return self._fault

    def take_fault(self) -> Fault | None:
        """Return the fault that was met since the last time, and forget it."""
        fault, self._fault = self._fault, None
        return fault

    def _exchange(self, operation: str, arguments: tuple[Any, ...]) -> tuple[tuple[Any] | BaseException, list[str]]:
        tree, buffers = self._call(self._request(operation, arguments))
        return self._read(tree, buffers)

    def _request(self, operation: str, arguments: tuple[Any, ...]) -> wire.Encoded:
        edited = self._table.changed()
        if edited and operation in _LOOKS:
            # Looking up a name must not fail a check for what it changed before: the next question carries it, or is refused.
            edited, idle = [], []
        else:
            self._refuse_edits(edited, arguments)
            if self._is_hidden and (edited or not _tells_nothing(operation, arguments)):
                self.has_told = True
            idle = self._table.idle()
        forget = [*self._unused, *idle]
        self._unused.clear()
        encoder = Encoder(_node_of, self._table)
        also = [encoder.definition(number, self._table) for number in edited]
        nodes = [encoder.node(argument) for argument in arguments]
        return wire.Encoded({"op": operation, "args": nodes, "also": also, "forget": forget}, encoder.buffers)

    def _refuse_edits(self, edited: list[int], arguments: tuple[Any, ...]) -> None:
        """The notebook keeps what the check has changed in place. Nothing tells it but a call that is given the object."""
        given = _ids_within(arguments) if edited else set()
        for number in edited:
            value = self._table.get(number)
            if id(value) not in given:
                raise WireError(
                    f"A check changed a {type(value).__name__} in place that the notebook has too. Change a copy of it, "
                    "or pass it to a function of the notebook."
                )

    def _read(self, tree: Any, buffers: list[bytes]) -> tuple[tuple[Any] | BaseException, list[str]]:
        """Return the value as a tuple of one, or what the learner's code raised; and what was printed. Raises WireError."""
        match tree:
            case {"fault": str(text)}:
                raise WireError(text[:2000])
            case {"ok": node, "also": list(also), "gone": list(gone), "printed": [str(), str()] as printed}:
                outcome = "ok"
            case {"error": list(node), "also": list(also), "gone": list(gone), "printed": [str(), str()] as printed}:
                outcome = "error"
            case _:
                raise WireError("an answer that is not one of ours")
        decoder = Decoder(buffers, self._handle, self._tensor, self._table)
        self._take_changes(also, decoder)
        result = (decoder.value(node),) if outcome == "ok" else self._error(node, decoder)
        self._table.forget(gone)
        self._table.settle()
        return result, printed

    def _take_changes(self, also: list[Any], decoder: Decoder) -> None:
        known = [self._table.get(number_in(node)) for node in also]
        if any(value is None for value in known):
            raise WireError("a change of what was not shared")
        if self._is_hidden and known:
            allowed = _ids_within(self._changeable)
            for value in known:
                if id(value) not in allowed:
                    raise ChangedInPlace(
                        f"The notebook changed a {type(value).__name__} in place that a hidden check uses."
                    )
        for node in also:
            decoder.update(node)
            self._table.touch(number_in(node))

    def _error(self, node: list[Any], decoder: Decoder) -> BaseException:
        match node:
            case [str(name), str(text), None | str() as missing, arguments, error]:
                original = None if error is None else decoder.value(error)
                values = decoder.value(arguments)
                return _as_error(name, text[:2000], missing, values, original if is_handle(original) else None)
        raise WireError("an error that is not one of ours")

    def _handle(self, node: list[Any]) -> Handle:
        _, number, kind, nature = node
        if type(number) is not int or number <= 0 or type(kind) is not str or type(nature) is not str:
            raise WireError("an object that is not one of ours")
        handle = self._handles.get(number)
        if handle is None:
            if number in self._unused:
                self._unused.remove(number)  # the notebook has not been told yet, and need not be
            handle = NATURES.get(nature, Handle)(self, number, kind[:200])
            self._handles[number] = handle
            weakref.finalize(handle, self._unused.append, number).atexit = False
        return handle

    def _tensor(self, array: Any, number: Any = None) -> Tensor:
        tensor = as_tensor(array)
        if number is not None:
            self._table.put_weakly(number, tensor)
            tensor.number = number
            tensor.client = self
            weakref.finalize(tensor, self._unused.append, number).atexit = False
        return tensor


def _tells_nothing(operation: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether a question can carry no data of a check: it only reads, by a name such as code has.

    `predictions` asks for rows that the examiner draws for it.
    """
    texts = [argument for argument in arguments if issubclass(type(argument), str)]
    return operation in _TELLS_NOTHING and all(text.isidentifier() and len(text) <= _MAX_NAME for text in texts)


def has_library_name(value: Any) -> bool:
    """Tell whether a value is a class, function or module of a library, which both sides can name."""
    module, name = _library_name(value)
    return bool(module) and not _OURS.match(module) and _loaded(module, name) is value


def _node_of(value: Any) -> list[Any]:
    """Return the node of what is not copied: a handle, or something of a library that the notebook has too."""
    if is_handle(value):
        return ["h", number_of(value), kind_of(value), "object"]
    if has_library_name(value):
        return ["n", *_library_name(value)]
    raise WireError(f"A {type(value).__name__} cannot be sent to the notebook; send numbers, strings or arrays.")


def _library_name(value: Any) -> tuple[str, str]:
    if type(value) is ModuleType:
        return value.__name__, ""
    if type(value) is np.ufunc:
        return "numpy", value.__name__
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    return (module, name) if type(module) is str and type(name) is str else ("", "")


def _loaded(module: str, name: str) -> Any:
    """Return what is known under a name in a module that is loaded already; a value must not make the examiner import."""
    target: Any = sys.modules.get(module)
    for part in name.split(".") if name else ():
        target = getattr(target, part, None)
    return target


def _ids_within(values: Iterable[Any]) -> set[int]:
    """Return the ids of all that is in these values, in containers, arrays and what arrays are views of."""
    seen: set[int] = set()
    pending = list(values)
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) in (list, tuple, set, frozenset):
            pending.extend(value)
        elif type(value) is dict:
            pending.extend(value.keys())
            pending.extend(value.values())
        elif issubclass(type(value), np.ndarray):
            pending.extend(value.flat if value.dtype.kind == "O" else ())
            pending.extend([] if value.base is None else [value.base])
    return seen


def _as_error(name: str, text: str, missing: str | None, arguments: Any, original: Handle | None) -> BaseException:
    if missing is not None and name == "NameError":
        return NameError(text, name=missing)
    kind = getattr(builtins, name, None)
    is_plain = isinstance(kind, type) and issubclass(kind, Exception)
    error: LearnerError
    # An AssertionError of the notebook's would fail the check with words of its choice, a StopIteration end a loop of the check.
    if not is_plain or issubclass(kind, AssertionError | StopIteration):  # type: ignore[arg-type]
        error, text = LearnerError(), f"{name}: {text}"
    else:
        try:
            error = type(f"Learner{name}", (LearnerError, kind), {})(  # type: ignore[arg-type]
                *(arguments if type(arguments) is tuple else (text,))
            )
        except TypeError:  # UnicodeDecodeError and its like want more than a text
            error, text = LearnerError(), f"{name}: {text}"
    error.learned, error.original = text, original
    return error
