"""What IPython does otherwise than a learner expects: cells that end a notebook, magics, a module that a cell has just written.

A cell has one end for each cause, whichever kernel runs it: what stops a cell is an error with a name, a line and a text.
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
_QUIT = "This cell ended the notebook: take quit(), exit(), sys.exit() or raise SystemExit out of it."


def teach(shell: Any) -> None:
    """Change IPython's `shell` for learners."""
    transforms = shell.input_transformer_manager.cleanup_transforms
    names = [getattr(each, "__name__", "") for each in transforms]
    transforms.insert(names.index("cell_magic") if "cell_magic" in names else len(transforms), magic_first)
    shell.show_usage_error = lambda error: _show(shell, error)
    shell.ask_exit = _quit
    shell.showtraceback = _showing_exits(shell, shell.showtraceback)
    warnings.filterwarnings("ignore", message="To exit: use")
    shell.system = _naming_what_is_missing(shell, shell.system)
    if "" not in sys.path:
        sys.path.insert(0, "")  # the folder that the notebook writes into
    sys.meta_path.insert(0, _FreshFolder())


def magic_first(lines: list[str]) -> list[str]:
    """Return a cell's lines with its cell magic first, where only comments and empty lines stand above it."""
    above = 0
    while above < len(lines) and (not lines[above].strip() or lines[above].lstrip().startswith("#")):
        above += 1
    found = _MAGIC.match(lines[above]) if 0 < above < len(lines) else None
    if found is None:
        return lines
    kept = lines[:above] if found[1] in _WITH_PYTHON else []
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


def _naming_what_is_missing(shell: Any, system: Any) -> Any:
    def run(command: str) -> Any:
        shell.user_ns.pop("_exit_code", None)
        answer = system(command)
        if shell.user_ns.get("_exit_code") == 127:  # of a shell: no such program
            words = command.split() or [""]
            print(f"!{words[0]}: there is no such program here. The cell goes on.", file=sys.stderr)
        return answer

    return run


class _FreshFolder:
    """Finds nothing; makes Python look into the working folder anew, where a cell may have written a module a moment ago."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if path is None:
            with contextlib.suppress(OSError):
                sys.path_importer_cache.pop(str(Path.cwd()), None)
