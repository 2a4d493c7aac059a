"""What `!command`, `%%bash` and `%pip` do in a notebook: run what can run in a jail, and say of the rest why it cannot.

Which parts those are, `commands` decides; here IPython's shell is changed so that each command passes through it.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import shell_commands

_OURS = str(Path(__file__).parent)
_NO_SUCH_PROGRAM = 127  # exit status of a POSIX shell


def install(shell: Any) -> None:
    """Change how an IPython shell runs system commands. No name enters the notebook's namespace."""
    shell.system = _naming_missing_programs(shell, _reviewed_system(shell.system))
    shell.getoutput = _reviewed_getoutput(shell.getoutput)
    shell.var_expand = _beyond_our_frames(shell.var_expand)
    for name in ("bash", "sh", "script"):
        shell.register_magic_function(_reviewed_script(shell.find_cell_magic(name)), "cell", name)
    for name in ("pip", "conda", "mamba", "uv"):
        shell.register_magic_function(_package_magic(name), "line", name)


def _reviewed_system(system: Any) -> Callable[[str], Any]:
    def run(command: str) -> Any:
        review = shell_commands.review(command)
        _print(review.message)
        return system(review.runnable) if review.runnable else None

    return run


def _reviewed_getoutput(getoutput: Any) -> Callable[..., Any]:
    def run(command: str, split: bool = True, depth: int = 0) -> Any:
        review = shell_commands.review(command)
        _print(review.message)
        # `x = !pip install …` must still give a list of lines, so something has to run.
        return getoutput(review.runnable or "true", split=split, depth=depth)

    return run


def _reviewed_script(magic: Any) -> Callable[[str, str], Any]:
    def run(line: str, cell: str) -> Any:
        review = shell_commands.review(cell)
        _print(review.message)
        return magic(line, review.runnable) if review.runnable else None

    return run


def _package_magic(program: str) -> Callable[[str], None]:
    return lambda line: print(shell_commands.review(f"{program} {line}").message)


def _naming_missing_programs(shell: Any, system: Callable[[str], Any]) -> Callable[[str], Any]:
    """Have a command whose program is not here say so: IPython keeps the exit status and says nothing."""

    def run(command: str) -> Any:
        shell.user_ns.pop("_exit_code", None)
        result = system(command)
        if shell.user_ns.get("_exit_code") == _NO_SUCH_PROGRAM:
            words = command.split() or [""]
            print(f"!{words[0]}: there is no such program here. The cell goes on.", file=sys.stderr)
        return result

    return run


def _beyond_our_frames(expand: Any) -> Callable[..., Any]:
    """Have IPython look for `$name` in the frame of the notebook's function, not in ours, which wrap its methods."""

    def var_expand(cmd: str, depth: int = 0, **options: Any) -> Any:
        frame = sys._getframe(depth + 1)
        while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
            frame, depth = frame.f_back, depth + 1
        return expand(cmd, depth=depth + 1, **options)

    return var_expand


def _print(message: str) -> None:
    if message:
        print(message)
