"""The learner's side of a remote call: operations on the notebook's namespace, answered in the learner's own process.

Nothing here is trusted by anyone: a learner may replace all of it and gains only the power to answer wrongly, which an
ordinary wrong solution has too. A request is `[operation, *arguments]` as a wire value.
"""

import builtins
from collections.abc import Callable, Iterator
from typing import Any

from . import graphs, wire
from .faults import Fault, WireError

_MAX_HANDLES = 100_000
_MAX_TEXT = 2_000


class Served:
    """Answers requests about `namespace` (the notebook's globals)."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._objects: dict[int, Any] = {}
        self._operations: dict[str, Callable[..., Any]] = {
            "get": self._get,
            "has": lambda name: name in namespace,
            "set": namespace.__setitem__,
            "delete": self._delete,
            "getattr": getattr,
            "setattr": setattr,
            "call": lambda target, args, kwargs: target(*args, **kwargs),
            "getitem": lambda target, key: target[key],
            "setitem": lambda target, key, value: target.__setitem__(key, value),
            "len": len,
            "iter": lambda target: _Iteration(iter(target)),
            "next": lambda iteration: iteration.next(),
            "contains": lambda target, item: bool(item in target),
            "isinstance": lambda target, names: bool({base.__name__ for base in type(target).__mro__} & set(names)),
            "model": _describe_model,
            "graphs": lambda function: graphs.describe(function, namespace),
        }

    def answer(self, tree: Any, buffers: list[bytes]) -> wire.Encoded:
        """Return the encoded `["ok", value]` or `["error", built-in type, text, missing name or None]`, or
        `["fault", text]` where a value cannot cross. Never raises."""
        try:
            operation, *arguments = wire.decode(tree, buffers, self._object, _as_tensor)
            return wire.encode(["ok", self._operations[operation](*arguments)], self._handle)
        except Fault as fault:
            return wire.encode(["fault", str(fault)], self._handle)
        except BaseException as error:
            return wire.encode(_describe(error), self._handle)

    def _get(self, name: str) -> Any:
        try:
            return self._namespace[name]
        except KeyError:
            raise NameError(f"The notebook does not define {name!r}.", name=name) from None

    def _delete(self, name: str) -> None:
        self._get(name)
        del self._namespace[name]

    def _handle(self, value: Any) -> list[Any]:
        if len(self._objects) >= _MAX_HANDLES:
            raise WireError("too many objects")
        number = len(self._objects) + 1
        self._objects[number] = value
        return ["h", number, type(value).__qualname__[:200], callable(value)]

    def _object(self, node: list[Any]) -> Any:
        return self._objects[node[1]]


class _Iteration:
    """A remote iterator: each step answers `[True, item]` or, at the end, `[False, None]`."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator

    def next(self) -> list[Any]:
        try:
            return [True, next(self._iterator)]
        except StopIteration:
            return [False, None]


def _as_tensor(array: Any) -> Any:
    import tensorflow as tf

    return tf.constant(array)


def _describe(error: BaseException) -> list[Any]:
    name = next(base.__name__ for base in type(error).__mro__ if hasattr(builtins, base.__name__))
    try:
        text = str(error)[:_MAX_TEXT]
    except BaseException:
        text = "(an error whose text cannot be read)"
    if type(error).__name__ != name:
        text = f"{type(error).__name__}: {text}"
    return ["error", name, text, getattr(error, "name", None) if type(error) is NameError else None]


def _describe_model(model: Any) -> dict[str, Any]:
    """Return what `rebuild` needs: the class, the configuration as JSON text, and the weights in order."""
    return {
        "class": type(model).__name__,
        "config": model.to_json(),
        "weights": [weight.numpy() for weight in model.weights],
    }
