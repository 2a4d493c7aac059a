"""Hints below an uncaught error: what to do where a notebook asks for the network, a missing package, or somebody who types.

They change only what is shown of an error, and a learner may undo them. No hint runs an error's own `__str__`, which may fail
or never end.
"""

import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from . import offline, packages
from .ipython_adjustments import NO_DEBUGGER

NO_INPUT = "Nobody can type while a notebook runs here: write the value into the cell, as in `name = 'Ada'`."
MAX_MESSAGE = 1000  # characters of an error's message that stay before what is added
_MAX_CHAIN = 50  # errors of a chain that are looked at
_NO_ROUTE = (101, 113)  # error numbers: no route to the network, to the host
_BRINGS_DATA = {"tensorflow_datasets", "datasets", "keras_hub", "tensorflow_hub", "kagglehub", "gdown", "torchvision"}


def install(shell: Any) -> None:
    """Add the hints to an IPython shell. Nothing is imported, and no name enters the notebook's namespace."""
    show = shell._showtraceback

    def show_with_hint(kind: Any, error: Any, lines: list[str]) -> None:
        words, text = _hint_or_nothing(error), _message(error)
        show(kind, f"{text[:MAX_MESSAGE]}\n{words}" if words else text, [*lines, words] if words else lines)

    shell._showtraceback = show_with_hint


def hint(error: BaseException) -> str:
    """Return what to do about an error that ended a cell; empty where there is nothing to add."""
    if isinstance(error, ModuleNotFoundError):
        name = str.__str__(error.name) if isinstance(error.name, str) else ""
        words = packages.about_missing(name)
        return f"{words}\n{offline.words()}" if words and name.partition(".")[0] in _BRINGS_DATA else words
    if type(error).__name__ == "StdinNotImplementedError":
        return NO_DEBUGGER if {"pdb", "bdb"} & _modules(error.__traceback__) else NO_INPUT
    chain = list(_chain(error))
    if not any(_is_network(step) for step in chain):
        return ""
    return offline.words(frozenset().union(*(_modules(step.__traceback__) for step in chain)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen and len(seen) < _MAX_CHAIN:
        seen.add(id(step))
        yield step
        step = step.__cause__ or step.__context__


def _modules(tb: TracebackType | None) -> frozenset[str]:
    """Return the names of the modules that a traceback went through."""
    names: set[str] = set()
    while tb is not None:
        name = tb.tb_frame.f_globals.get("__name__")
        if type(name) is str:
            names.add(name)
        tb = tb.tb_next
    return frozenset(names)


def _is_network(step: BaseException) -> bool:
    texts = [text[:500] for text in (*step.args, getattr(step, "message", None)) if type(text) is str]
    return (
        isinstance(step, socket.gaierror)
        or type(step).__name__ == "URLError"
        or (isinstance(step, OSError) and step.errno in _NO_ROUTE)
        or any(text.startswith("URL fetch failure on ") or "Could not resolve host" in text for text in texts)
    )


def _hint_or_nothing(error: Any) -> str:
    try:
        return hint(error) if isinstance(error, BaseException) else ""
    except Exception:  # attributes of an error are a learner's too
        return ""


def _message(error: Any) -> str:
    try:
        return str(error)
    except Exception as other:  # a `__str__` of the learner's may raise anything
        return f"<no text: its __str__ raised {type(other).__name__}>"
