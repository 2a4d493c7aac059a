"""The globals of a check: the examiner's own names, Python's builtins, and the notebook's names by remote call.

Names resolve in that order. A plain assignment stays in the examiner, whatever the notebook defines: otherwise a learner who
guesses the name of a check's variable could read or forge it. Only a *handle* assigned to a name goes to the notebook.
Asked for as a mapping (`globals()`, `vars()`, `dir()`, `"x" in locals()`), it is the notebook with the check's own names;
what the engine put there (`np`, `rng`, …) does not count, so that `"np" in globals()` tells whether the learner imported it.
"""

from collections.abc import Iterator, KeysView, Mapping, MutableMapping
from types import FunctionType, ModuleType
from typing import Any

from . import bound_names
from .faults import Unfinished, WireError
from .handles import is_handle
from .rpc_client import RpcClient

_MODULE = frozenset({"__name__", "__spec__", "__loader__", "__package__", "__path__", "__file__"})


class Learner(ModuleType):
    """The learner's notebook, asked for by name: `learner.f`, `learner["f"]`, `"f" in learner`; also `__main__`, as a module."""

    def __init__(self, client: RpcClient) -> None:
        super().__init__("__main__")
        object.__setattr__(self, "_client", client)

    def __getattribute__(self, name: str) -> Any:
        client = object.__getattribute__(self, "_client")
        if name == "__dict__":
            return NotebookNames(client)
        if name == "__class__" or (name in _MODULE and name != "__file__"):
            return object.__getattribute__(self, name)
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if not client.ask_for(bool, "has", name):
            raise AttributeError(f"The notebook does not define {name!r}.", name=name, obj=self)
        return client.ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_client").ask("set", name, value)

    def __delattr__(self, name: str) -> None:
        object.__getattribute__(self, "_client").ask("delete", name)

    def __getitem__(self, name: str) -> Any:
        return object.__getattribute__(self, "_client").ask("get", name)

    def __contains__(self, name: str) -> bool:
        return bool(object.__getattribute__(self, "_client").ask_for(bool, "has", name))

    def __dir__(self) -> list[str]:
        return list(object.__getattribute__(self, "_client").ask_for(list, "names"))

    __setitem__, __delitem__ = __setattr__, __delattr__


class NotebookNames(Mapping[str, Any]):
    """The notebook's globals, read by remote call."""

    def __init__(self, client: RpcClient) -> None:
        self._client = client

    def __getitem__(self, name: str) -> Any:
        if name not in self:
            raise KeyError(name)
        return self._client.ask("get", name)

    def __contains__(self, name: object) -> bool:
        return bool(self._client.ask_for(bool, "has", name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._client.ask_for(list, "names"))

    def __len__(self) -> int:
        return len(list(iter(self)))


class CheckNamespace(dict[str, Any]):
    """Globals of a check; see the module's docstring."""

    def __init__(self, client: RpcClient, values: dict[str, Any]) -> None:
        super().__init__(values)
        self._client = client
        self._own: set[str] = set()  # assigned by checks
        self._asked: set[str] = set()  # names that checks took from the notebook
        self._withheld: set[str] = set()

    def withhold(self, source: str) -> None:
        """Never look in the notebook for what this code (which has run, or did not finish) was to define here."""
        self._withheld |= bound_names.assigned(source)

    def __missing__(self, name: str) -> Any:
        pythons = dict.__getitem__(self, "__builtins__")
        if name in pythons:
            return pythons[name]  # a learner's `len` must not replace the real one
        if not isinstance(name, str) or (name.startswith("__") and name.endswith("__") and not self._has(name)):
            raise KeyError(name)
        if name in self._withheld:
            raise self._client.remember(
                Unfinished("This check builds on an earlier one, which did not come to its end.")
            )
        value = self._client.ask("get", name)
        self._asked.add(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._asked and _is_replacement(value) and not dict.__contains__(self, name):
            self._refuse_replacement(name)
        super().__setitem__(name, value)
        self._own.add(name)
        if is_handle(value):
            self._client.ask("set", name, value)

    def __delitem__(self, name: str) -> None:
        if dict.__contains__(self, name):
            super().__delitem__(name)
            self._own.discard(name)
        else:
            self._client.ask("delete", name)

    def __contains__(self, name: object) -> bool:
        return name in self._own or (isinstance(name, str) and self._has(name))

    def __iter__(self) -> Iterator[str]:
        theirs = self._client.ask_for(list, "names")
        return iter([*theirs, *(name for name in self._own if name not in theirs)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(iter(self)))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return "<the names of a check>"

    __hash__ = None

    def keys(self) -> Any:
        return KeysView(self)

    def values(self) -> Any:
        return [self._value(name) for name in self]

    def items(self) -> Any:
        return [(name, self._value(name)) for name in self]

    def get(self, name: str, default: Any = None) -> Any:
        return self._value(name) if name in self else default

    def copy(self) -> dict[str, Any]:
        return dict(self.items())

    def _value(self, name: str) -> Any:
        return dict.__getitem__(self, name) if name in self._own else self._client.ask("get", name)

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        if name not in self and default:
            return default[0]
        value = self[name]
        del self[name]
        return value

    update = MutableMapping.update

    def popitem(self) -> Any:
        raise self._client.remember(WireError("A check cannot take an arbitrary name out of the notebook."))

    clear = popitem

    def _has(self, name: str) -> bool:
        return bool(self._client.ask_for(bool, "has", name))

    def _refuse_replacement(self, name: str) -> None:
        """A check that puts a function of its own in the place of the notebook's expects the notebook to call it."""
        text = f"A check replaced {name}, which it took from the notebook, by a function that cannot be sent there."
        raise self._client.remember(WireError(text))


def _is_replacement(value: Any) -> bool:
    """Tell whether a value is what checks put in the place of a function."""
    kind = type(value)
    return issubclass(kind, FunctionType | type) or kind.__module__ == "unittest.mock"
