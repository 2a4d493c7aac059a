"""Adjusts IPython to notebooks that run from top to bottom and in which nobody types.

What stops a cell is an error with a name, a line and a text, whichever kernel runs it: usage errors, `quit()`, `sys.exit()`.
A cell magic may stand under comments. A module that a cell has just written is found. Debuggers and TensorBoard say that they
are not here.
"""

import contextlib
import re
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

_MAGIC = re.compile(r"%%(\w+)")
_WITH_PYTHON = ("time", "timeit", "capture", "prun")  # what follows these is Python, so comments may stand in it
NO_DEBUGGER = (
    "There is no debugger here, because nobody can type while a notebook runs. "
    "Print the values that you want to see: `print(name, value)`."
)
NO_BOARD = "There is no TensorBoard server to look at here. In the page, the curves of a fit appear below its cell."
_QUIT = "This cell ended the notebook: take quit(), exit(), sys.exit() or raise SystemExit out of it."


def install(shell: Any) -> None:
    """Change an IPython shell. No name enters the notebook's namespace."""
    _let_magics_follow_comments(shell)
    _end_cells_with_errors(shell)
    _find_written_modules()
    _refuse_debuggers(shell)


def _let_magics_follow_comments(shell: Any) -> None:
    transforms = shell.input_transformer_manager.cleanup_transforms
    names = [getattr(each, "__name__", "") for each in transforms]
    transforms.insert(names.index("cell_magic") if "cell_magic" in names else len(transforms), magic_first)


def _end_cells_with_errors(shell: Any) -> None:
    shell.show_usage_error = lambda error: _show(shell, error)
    shell.ask_exit = _quit
    shell.showtraceback = _showing_exits(shell, shell.showtraceback)
    warnings.filterwarnings("ignore", message="To exit: use")


def _find_written_modules() -> None:
    if "" not in sys.path:
        sys.path.insert(0, "")  # the folder that the notebook writes into
    sys.meta_path.insert(0, _FreshFolder())


def _refuse_debuggers(shell: Any) -> None:
    sys.breakpointhook = _no_breakpoint
    load = shell.extension_manager.load_extension
    shell.extension_manager.load_extension = lambda name: print(NO_BOARD) if name == "tensorboard" else load(name)
    shell.register_magic_function(lambda line: print(NO_BOARD), "line", "tensorboard")
    shell.register_magic_function(lambda line: print(NO_DEBUGGER), "line", "pdb")
    shell.register_magic_function(lambda line, cell=None: print(NO_DEBUGGER), "line_cell", "debug")


def _no_breakpoint(*_: Any, **__: Any) -> None:
    raise RuntimeError(NO_DEBUGGER)


def magic_first(lines: list[str]) -> list[str]:
    """Return a cell's lines with its cell magic first, where only comments and empty lines stand above it."""
    above = 0
    while above < len(lines) and (not lines[above].strip() or lines[above].lstrip().startswith("#")):
        above += 1
    magic = _MAGIC.match(lines[above]) if 0 < above < len(lines) else None
    if magic is None:
        return lines
    kept = lines[:above] if magic[1] in _WITH_PYTHON else []
    return [lines[above], *kept, *lines[above + 1 :]]


def _quit() -> None:
    raise SystemExit(_QUIT)


def _showing_exits(shell: Any, show: Any) -> Any:
    def showtraceback(exc_tuple: Any = None, *rest: Any, **options: Any) -> Any:
        error = exc_tuple[1] if isinstance(exc_tuple, tuple) else sys.exc_info()[1]
        if isinstance(error, SystemExit):
            error.args = (_QUIT,)
            error.code = _QUIT
            return _show(shell, error)
        return show(exc_tuple, *rest, **options)

    return showtraceback


def _show(shell: Any, error: BaseException) -> None:
    """Show an error that IPython only prints, as the error that it is: with the line of the cell."""
    cells = shell.compile._filename_map  # file name of a cell → its number
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in cells]
    lines = [f"Cell In[{cells[frame.filename]}], line {frame.lineno}" for frame in frames[-1:]]
    shell._showtraceback(type(error), error, [*lines, f"{type(error).__name__}: {error}"])


class _FreshFolder:
    """Finds nothing; makes Python look into the working folder anew, where a cell may have written a module a moment ago."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if path is None:
            with contextlib.suppress(OSError):
                sys.path_importer_cache.pop(str(Path.cwd()), None)
