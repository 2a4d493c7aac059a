"""The RPC server in the learner's kernel: performs the examiner's requests on the notebook's namespace.

Nothing here is trusted by anyone: a learner may replace all of it and gains only the power to answer wrongly, which an
ordinary wrong solution has too. A request is `{"op", "args", "also", "forget"}`, a reply one of `{"ok": node}`,
`{"error": [built-in type, text, missing name or None, arguments, object]}`, `{"fault": text}`, with `also` (new contents of what both sides
have, in either), `gone` (numbers that mean nothing to the notebook any more) and `printed` (texts on stdout and stderr).
"""

import builtins
import collections
import contextlib
import copy
import importlib
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import graphs, plain, wire
from .decoder import Decoder, number_in
from .encoder import Encoder
from .faults import Fault, WireError
from .operators import OPERATORS
from .shared import Table
from .tensors import is_tensor

_MAX_OBJECTS = 300_000
_MAX_TEXT = 2_000
_MAX_PRINTED = 256 * 2**10  # characters of one call; what is more goes the way of all output, where it is counted
_PLAIN = (type(None), bool, int, float, str)


class RpcServer:
    """Performs requests on `namespace` (the notebook's globals); one server lives as long as its examiner."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._table = Table(1)
        self._operations: dict[str, Callable[..., Any]] = {
            "get": self._get,
            "has": lambda name: name in namespace,
            "names": lambda: [name for name in namespace if type(name) is str],
            "set": namespace.__setitem__,
            "delete": self._delete,
            "getattr": getattr,
            "setattr": setattr,
            "delattr": delattr,
            "call": lambda target, args, kwargs: target(*args, **dict(kwargs)),
            "getitem": operator.getitem,
            "setitem": operator.setitem,
            "delitem": operator.delitem,
            "len": len,
            "iter": lambda target: _AsHandle(iter(target)),
            "reversed": lambda target: _AsHandle(reversed(target)),
            "next": _next,
            "is_text": lambda target: isinstance(target, str | bytes | bytearray | collections.UserString),
            "dir": dir,
            "format": format,
            "type": lambda value: _AsHandle(type(value)),
            "is": operator.is_,
            "id": id,
            "isinstance": lambda value, kinds: bool(isinstance(value, kinds)),
            "issubclass": lambda kind, kinds: bool(issubclass(kind, kinds)),
            "copy": copy.copy,
            "deepcopy": copy.deepcopy,
            "operate": lambda name, *operands: OPERATORS[name](*operands),
            "enter": lambda target: type(target).__enter__(target),
            "exit": _exit,
            "model": _describe_model,
            "predictions": _predictions,
            "plain": lambda *values: tuple(map(plain.value_of, values)),
            "graphs": lambda function: graphs.describe(function, namespace),
        }

    def answer(self, tree: Any, buffers: list[bytes]) -> wire.Encoded:
        """Return the reply to one request. Never raises."""
        printed = _PrintCapture(sys.stdout), _PrintCapture(sys.stderr)
        try:
            with contextlib.redirect_stdout(printed[0]), contextlib.redirect_stderr(printed[1]):
                reply = self._perform(tree, buffers)
        except BaseException as error:
            message = (
                str(error) if isinstance(error, Fault) else f"the notebook could not answer ({type(error).__name__})"
            )
            reply = wire.Encoded({"fault": _clean(message)}, [])
            # The examiner drops its table on a fault too: after half a message neither side knows what the other has seen.
            self._table.clear()
        reply.tree["gone"] = self._table.idle()
        reply.tree["printed"] = [stream.captured() for stream in printed]
        self._table.settle()
        return reply

    def _perform(self, tree: Any, buffers: list[bytes]) -> wire.Encoded:
        """Do what is asked and encode what came of it; nothing of it is referred to any more when this returns."""
        operation, arguments = self._read(tree, buffers)
        try:
            result = self._operations[operation](*arguments)
        except BaseException as error:
            return self._encode_reply(tree, "error", _describe(error))
        return self._encode_reply(tree, "ok", result)

    def _read(self, tree: Any, buffers: list[bytes]) -> tuple[str, list[Any]]:
        self._table.forget(tree["forget"])
        decoder = Decoder(buffers, self._object, _as_tensor, self._table, _named)
        for node in tree["also"]:
            decoder.update(node)
            self._table.touch(number_in(node))
        arguments = [decoder.value(node) for node in tree["args"]]
        self._table.settle()
        return tree["op"], arguments

    def _encode_reply(self, tree: Any, outcome: str, result: Any) -> wire.Encoded:
        encoder = Encoder(self._handle, self._table)
        changed = [number for number in self._table.changed() if self._is_shared(number, tree["args"])]
        also = [encoder.definition(number, self._table) for number in changed]
        try:
            node = self._node(encoder, outcome, result)
            return wire.Encoded({outcome: node, "also": also}, encoder.buffers)
        except WireError:
            if outcome == "error" or also:
                raise
        # Too large to be copied is no fault of a check: the object stays here, and its parts can be asked for.
        self._table.abandon()
        encoder = Encoder(self._handle, self._table)
        return wire.Encoded({"ok": self._handle(result), "also": []}, encoder.buffers)

    def _is_shared(self, number: int, sent: Any) -> bool:
        """Tell whether a change is the examiner's to see. Its copy of a variable is a moment's value, except as an argument."""
        return not is_tensor(self._table.get(number)) or f"['r', {number}]" in str(sent)

    def _node(self, encoder: Encoder, outcome: str, result: Any) -> Any:
        if outcome == "error":
            *description, arguments, error = result
            return [*description, encoder.node(arguments), None if error is None else self._handle(error)]
        return self._handle(result.value) if type(result) is _AsHandle else encoder.node(result)

    def _get(self, name: str) -> Any:
        try:
            return self._namespace[name]
        except KeyError:
            raise NameError(f"The notebook does not define {name!r}.", name=name) from None

    def _delete(self, name: str) -> None:
        self._get(name)
        del self._namespace[name]

    def _handle(self, value: Any) -> list[Any]:
        if len(self._table) >= _MAX_OBJECTS:
            raise WireError("too many objects")
        nature = "value" if plain.is_kind(value) else "callable" if callable(value) else "object"
        return ["h", self._table.handle(value), _clean(type(value).__qualname__[:200]), nature]

    def _object(self, node: list[Any]) -> Any:
        value = self._table.get(node[1])
        if value is None:
            raise WireError("an object that the notebook has forgotten")
        return value


class _AsHandle:
    """A result that crosses as a handle, whatever it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _PrintCapture:
    """A stream that keeps what a call prints, and passes it on."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._parts: list[str] = []
        self._room = _MAX_PRINTED

    def write(self, text: str) -> int:
        self._stream.write(text)
        self._parts.append(text[: self._room])
        self._room -= len(self._parts[-1])
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._stream.flush()

    def captured(self) -> str:
        """Return the text, with what no message can hold replaced."""
        return _clean("".join(self._parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _next(iterator: Iterator[Any]) -> tuple[bool, Any]:
    try:
        return True, next(iterator)
    except StopIteration:
        return False, None


def _exit(target: Any, name: str | None, text: str) -> bool:
    """Leave a context as the check does; an error of the check's comes as a built-in type with the same text."""
    if name is None:
        type(target).__exit__(target, None, None, None)
        return False
    kind = getattr(builtins, name, Exception)
    kind = kind if isinstance(kind, type) and issubclass(kind, Exception) else Exception
    return bool(type(target).__exit__(target, kind, kind(text), None))


def _named(module: str, name: str) -> Any:
    target: Any = importlib.import_module(module)
    for part in name.split(".") if name else ():
        target = getattr(target, part)
    return target


def _as_tensor(array: Any) -> Any:
    import tensorflow as tf

    return tf.constant(array)


def _describe(error: BaseException) -> tuple[Any, ...]:
    """Return the built-in type, the text, the name that is missing, plain arguments or None, the error or None."""
    name = next(base.__name__ for base in type(error).__mro__ if hasattr(builtins, base.__name__))
    is_own = type(error).__name__ != name
    try:
        text = _clean(str(error)[:_MAX_TEXT])
        arguments = error.args if all(type(item) in _PLAIN for item in error.args) else None
        if len(str(arguments)) > _MAX_TEXT:
            arguments = None
        # They hold the frames of the call, and with them the arguments: the table could never let go of those.
        error.__traceback__ = error.__context__ = error.__cause__ = None
    except BaseException:
        text, arguments = "(an error whose text cannot be read)", None
    missing = getattr(error, "name", None) if type(error) is NameError else None
    shown = _clean(f"{type(error).__name__}: {text}") if is_own else text
    return name, shown, missing if type(missing) is str else None, arguments, error if is_own else None


def _describe_model(model: Any) -> dict[str, Any]:
    """Return what `rebuild` needs: the class, the configuration as JSON text, and the weights in order."""
    return {
        "class": type(model).__name__,
        "config": model.to_json(),
        "weights": [weight.numpy() for weight in model.weights],
    }


def _predictions(model: Any, inputs: list[Any]) -> list[Any]:
    """Return what a Keras model says for inputs, which are given in its own order, as a list of arrays."""
    import keras
    import numpy as np

    is_one = isinstance(model, keras.Sequential)
    given = inputs[0] if is_one else keras.tree.pack_sequence_as(model.input, list(inputs))
    return [np.asarray(value) for value in keras.tree.flatten(model.predict_on_batch(given))]
