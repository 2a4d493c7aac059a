"""Say what to do where a notebook asks for what no jail has: the network, a package to install, somebody who types.

Courtesies only: they change what is shown of an error that nobody caught, and a learner may undo them. No hint runs an
error's own `__str__`, which may fail or never end.
"""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from . import commands, offline, packages

NO_INPUT = "Nobody can type while a notebook runs here: write the value into the cell, as in `name = 'Ada'`."
NO_DEBUGGER = (
    "There is no debugger here, because nobody can type while a notebook runs. "
    "Print the values that you want to see: `print(name, value)`."
)
NO_BOARD = "There is no TensorBoard server to look at here. In the page, the curves of a fit appear below its cell."
MAX_MESSAGE = 1000  # characters of an error's message that stay before what is added
_OURS = str(Path(__file__).parent)
_MOST = 50  # errors of a chain that are looked at
_NO_ROUTE = (101, 113)  # error numbers: no route to the network, to the host
_BRINGS_DATA = {"tensorflow_datasets", "datasets", "keras_hub", "tensorflow_hub", "kagglehub", "gdown", "torchvision"}


def install(shell: Any) -> None:
    """Add the messages to an IPython shell. Nothing is imported, and no name enters the notebook's namespace."""
    show, load = shell._showtraceback, shell.extension_manager.load_extension

    def show_with_hint(kind: Any, error: Any, lines: list[str]) -> None:
        said, text = _hint_or_nothing(error), _message(error)
        show(kind, f"{text[:MAX_MESSAGE]}\n{said}" if said else text, [*lines, said] if said else lines)

    def load_or_words(name: str) -> Any:
        return print(NO_BOARD) if name == "tensorboard" else load(name)

    sys.breakpointhook = _no_breakpoint
    shell._showtraceback = show_with_hint
    shell.extension_manager.load_extension = load_or_words
    _answer_commands(shell)
    for name in ("pip", "conda", "mamba", "uv"):
        shell.register_magic_function(
            lambda line, name=name: print(commands.about(f"{name} {line}").said), "line", name
        )
    shell.register_magic_function(lambda line: print(NO_BOARD), "line", "tensorboard")
    shell.register_magic_function(lambda line: print(NO_DEBUGGER), "line", "pdb")
    shell.register_magic_function(lambda line, cell=None: print(NO_DEBUGGER), "line_cell", "debug")


def _answer_commands(shell: Any) -> None:
    """Have `!command`, `x = !command` and `%%bash` say what cannot work, and run the rest."""
    system, getoutput = shell.system, shell.getoutput

    def system_or_words(command: str) -> Any:
        answer = commands.about(command)
        _say(answer.said)
        return system(answer.rest) if answer.rest else None

    def getoutput_or_words(command: str, split: bool = True, depth: int = 0) -> Any:
        answer = commands.about(command)
        _say(answer.said)
        return getoutput(answer.rest or "true", split=split, depth=depth)

    shell.system, shell.getoutput = system_or_words, getoutput_or_words
    shell.var_expand = _beyond_our_frames(shell.var_expand)
    for name in ("bash", "sh", "script"):
        shell.register_magic_function(_script_or_words(shell.find_cell_magic(name)), "cell", name)


def _beyond_our_frames(expand: Any) -> Any:
    """Have IPython look for `$name` in the frame of the notebook's function, not in ours, which wrap its methods."""

    def var_expand(cmd: str, depth: int = 0, **options: Any) -> Any:
        frame = sys._getframe(depth + 1)
        while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
            frame, depth = frame.f_back, depth + 1
        return expand(cmd, depth=depth + 1, **options)

    return var_expand


def _script_or_words(run: Any) -> Any:
    def script(line: str, cell: str) -> Any:
        answer = commands.about(cell)
        _say(answer.said)
        return run(line, answer.rest) if answer.rest else None

    return script


def _no_breakpoint(*_: Any, **__: Any) -> None:
    raise RuntimeError(NO_DEBUGGER)


def _say(text: str) -> None:
    if text:
        print(text)


def hint(error: BaseException) -> str:
    """Return what to do about an error that ended a cell; empty where there is nothing to add."""
    if isinstance(error, ModuleNotFoundError):
        name = str.__str__(error.name) if isinstance(error.name, str) else ""
        said = packages.about_missing(name)
        return f"{said}\n{offline.words()}" if said and name.partition(".")[0] in _BRINGS_DATA else said
    if type(error).__name__ == "StdinNotImplementedError":
        return NO_DEBUGGER if {"pdb", "bdb"} & _modules(error.__traceback__) else NO_INPUT
    chain = list(_chain(error))
    if not any(_is_network(step) for step in chain):
        return ""
    return offline.words(frozenset().union(*(_modules(step.__traceback__) for step in chain)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen and len(seen) < _MOST:
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
    said = [text[:500] for text in (*step.args, getattr(step, "message", None)) if type(text) is str]
    return (
        isinstance(step, socket.gaierror)
        or type(step).__name__ == "URLError"
        or (isinstance(step, OSError) and step.errno in _NO_ROUTE)
        or any(text.startswith("URL fetch failure on ") or "Could not resolve host" in text for text in said)
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
