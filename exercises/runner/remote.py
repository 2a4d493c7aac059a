"""The examiner's side of a remote call: the learner's namespace as seen by a check.

`CheckNamespace` is given to `exec` as globals. Names resolve in the examiner's own values, then in Python's builtins, then in
the learner's notebook. A plain assignment stays in the examiner, whatever the notebook defines: otherwise a learner who
guesses the name of a check's variable could read or forge it. Only a *handle* assigned to a name of the notebook goes back.
"""

import builtins
from collections.abc import Callable, Iterator
from typing import Any

from . import wire
from .faults import Fault, HandleMisuse, WireError

Call = Callable[[wire.Encoded], tuple[Any, list[bytes]]]


class LearnerError(Exception):
    """The learner's code raised; the built-in type of the original is mixed in, so that `except ValueError` works."""


class Handle:
    """An object of the learner's that was not copied. Call it, index it, iterate it, ask for attributes."""

    __slots__ = ("_link", "_number", "_type")

    def __init__(self, link: "Link", number: int, kind: str) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_type", kind)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._link.ask("call", self, list(args), dict(kwargs))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__") and name not in ("__name__", "__doc__"):
            raise AttributeError(name)  # copy, pickle and NumPy's protocols look for these
        return self._link.ask("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.ask("setattr", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._link.ask("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._link.ask("setitem", self, key, value)

    def __len__(self) -> int:
        return int(self._link.ask_for(int, "len", self))

    def __contains__(self, item: Any) -> bool:
        return bool(self._link.ask_for(bool, "contains", self, item))

    def __iter__(self) -> Iterator[Any]:
        iteration = self._link.ask("iter", self)
        while True:
            match self._link.ask_for(list, "next", iteration):
                case [True, item]:
                    yield item
                case [False, None]:
                    return
                case _:
                    raise self._link.remember(WireError("an answer that is not one of ours"))

    def __repr__(self) -> str:
        return f"<the notebook's {self._type}>"

    def _refuse(self, *_: Any) -> Any:
        text = f"A check used {self!r} as if it were a value. Ask it for a number, a string or an array."
        raise self._link.remember(HandleMisuse(text))

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __float__ = __int__ = __index__ = _refuse
    __array__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _refuse
    __hash__ = object.__hash__


class Link:
    """Asks the learner's kernel, through the worker. Remembers the first fault, and asks nothing more after it."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._fault: Fault | None = None

    def ask(self, operation: str, *arguments: Any) -> Any:
        """Return the answer's value. Raises what the learner's code raised, as a built-in type with capped text."""
        if self._fault:
            raise self._fault
        try:
            request = wire.encode([operation, *arguments], _own_handle)
            answer = self._read(*self._call(request))
        except Fault as fault:
            raise self.remember(fault) from None
        except (MemoryError, RecursionError) as error:
            raise self.remember(WireError(f"a question that is too large ({type(error).__name__})")) from None
        if isinstance(answer, BaseException):
            raise answer
        return answer[0]

    def ask_for(self, kind: type[Any], operation: str, *arguments: Any) -> Any:
        """Return the answer's value where it is exactly of this type; anything else is a fault."""
        value = self.ask(operation, *arguments)
        if type(value) is not kind:
            raise self.remember(WireError(f"an answer that is not a {kind.__name__}"))
        return value

    def remember(self, fault: Fault) -> Fault:
        """Keep the first fault of a check, and return it."""
        self._fault = self._fault or fault
        return self._fault

    def take_fault(self) -> Fault | None:
        """Return the fault that was met since the last time, and forget it."""
        fault, self._fault = self._fault, None
        return fault

    def _read(self, tree: Any, buffers: list[bytes]) -> tuple[Any] | BaseException:
        """Return the answer as a tuple of one, or what the learner's code raised. Raises WireError."""
        match wire.decode(tree, buffers, self._handle, wire.as_tensor):
            case ["ok", value]:
                return (value,)
            case ["error", str(name), str(text), None | str() as missing]:
                return _as_error(name, text[:2000], missing)
            case ["fault", str(text)]:
                raise WireError(text[:2000])
        raise WireError("an answer that is not one of ours")

    def _handle(self, node: list[Any]) -> Handle:
        return Handle(self, int(node[1]), str(node[2])[:200])


class Learner:
    """The learner's notebook, asked for by name: `learner.f`, `learner["f"]`, `"f" in learner`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        object.__setattr__(self, "_link", link)

    def __getattr__(self, name: str) -> Any:
        return self._link.ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.ask("set", name, value)

    def __delattr__(self, name: str) -> None:
        self._link.ask("delete", name)

    def __contains__(self, name: str) -> bool:
        return bool(self._link.ask_for(bool, "has", name))

    __getitem__, __setitem__, __delitem__ = __getattr__, __setattr__, __delattr__


class CheckNamespace(dict[str, Any]):
    """Globals of a check; see the module's docstring for how names resolve."""

    def __init__(self, link: Link, values: dict[str, Any]) -> None:
        super().__init__(values)
        self._link = link

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)  # Python then looks it up itself: a learner's `len` must not replace the real one
        return self._link.ask("get", name)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        if isinstance(value, Handle):
            self._link.ask("set", name, value)

    def __delitem__(self, name: str) -> None:
        if name in self:
            super().__delitem__(name)
        else:
            self._link.ask("delete", name)


def _own_handle(value: Any) -> list[Any]:
    if isinstance(value, Handle):
        return ["h", value._number, value._type, False]
    raise WireError(f"A {type(value).__name__} cannot be sent to the notebook; send numbers, strings or arrays.")


def _as_error(name: str, text: str, missing: str | None) -> BaseException:
    if missing is not None and name == "NameError":
        return NameError(text, name=missing)
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)) or issubclass(kind, AssertionError | StopIteration):
        return LearnerError(f"{name}: {text}")
    try:
        error: BaseException = type(f"Learner{name}", (LearnerError, kind), {})(text)
    except TypeError:  # UnicodeDecodeError and its like want more than a text
        return LearnerError(f"{name}: {text}")
    return error
