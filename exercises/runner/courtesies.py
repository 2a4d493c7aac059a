"""Say what to do where a notebook asks for what no jail has: the network, a package to install, somebody who types.

Courtesies only: they change what is shown of an error that nobody caught, and a learner may undo them.
"""

import difflib
import importlib.util
import socket
import sys
from pathlib import Path
from typing import Any

IMPORTED_AS = {
    "scikit-learn": "sklearn",
    "tensorflow-cpu": "tensorflow",
    "nest-asyncio": "nest_asyncio",
}
PACKAGES = (
    "tensorflow", "keras", "numpy", "pandas", "scipy", "sklearn", "matplotlib", "seaborn",
    "tqdm", "jinja2", "tensorboard", "nest_asyncio",
)  # fmt: skip
DATA = Path("/data")
NO_INSTALL = (
    "A notebook has no network here, so no package can be installed. It can import: " + ", ".join(PACKAGES) + "."
)
NO_INPUT = "Nobody can type while a notebook runs here: write the value into the cell, as in `name = 'Ada'`."
NO_BOARD = "There is no TensorBoard server to look at here. In the page, the curves of a fit appear below its cell."
_INSTALLERS = {"pip", "pip3", "conda", "mamba", "uv", "apt", "apt-get"}
_DOWNLOADERS = {"wget", "curl", "git"}


def install(shell: Any) -> None:
    """Add the messages to an IPython shell. Nothing is imported, and no name enters the notebook's namespace."""
    show, system, load = shell._showtraceback, shell.system, shell.extension_manager.load_extension

    def show_with_hint(kind: Any, error: Any, lines: list[str]) -> None:
        said = hint(error) if isinstance(error, BaseException) else ""
        show(kind, f"{error}\n{said}" if said else error, [*lines, said] if said else lines)

    def system_or_words(command: str) -> Any:
        said = about_command(command)
        return print(said) if said else system(command)

    def load_or_words(name: str) -> Any:
        return print(NO_BOARD) if name == "tensorboard" else load(name)

    shell._showtraceback = show_with_hint
    shell.system = system_or_words
    shell.extension_manager.load_extension = load_or_words
    for name in ("pip", "conda", "mamba", "uv"):
        shell.register_magic_function(lambda line, name=name: print(about_command(f"{name} {line}")), "line", name)
    shell.register_magic_function(lambda line: print(NO_BOARD), "line", "tensorboard")


def about_command(command: str) -> str:
    """Return what to say instead of running a shell command that needs the network; empty where it may run."""
    words = command.split()
    program = words[0].rsplit("/", 1)[-1] if words else ""
    if program in _DOWNLOADERS and (program != "git" or "clone" in words):
        return no_network()
    if program not in _INSTALLERS:
        return ""
    asked = [word for word in words[1:] if word[0] not in "-'\"" and word not in ("install", "pip", "add")]
    names = [IMPORTED_AS.get(name, name) for name in asked]
    here = [name for name in names if name in PACKAGES]
    return "\n".join([*(f"{name} is installed already: `import {name}`." for name in here), NO_INSTALL])


def no_network() -> str:
    """Return the words about the network, with the folders of data that this jail holds."""
    folders = sorted(str(path) for path in DATA.glob("*"))
    where = f" Data sets that are here: {', '.join(folders)}. `!ls /data/*` shows their files." if folders else ""
    return f"A notebook has no network here, so nothing can be downloaded.{where}"


def hint(error: BaseException) -> str:
    """Return what to do about an error that ended a cell; empty where there is nothing to add."""
    if isinstance(error, ModuleNotFoundError):
        return _about_module(str(error.name or ""))
    if type(error).__name__ == "StdinNotImplementedError":
        return NO_INPUT
    return no_network() if _is_network(error) else ""


def _about_module(name: str) -> str:
    root = name.partition(".")[0]
    if root != name and root in sys.modules:
        return ""  # a wrong name inside a package that is here
    close = difflib.get_close_matches(root, PACKAGES, n=1, cutoff=0.8)
    if close and importlib.util.find_spec(close[0]):
        return f"Did you mean `import {close[0]}`?"
    return NO_INSTALL


def _is_network(error: BaseException) -> bool:
    seen: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in seen:
        seen.append(step)
        step = step.__cause__ or step.__context__
    return any(
        isinstance(step, socket.gaierror)
        or type(step).__name__ == "URLError"
        or (isinstance(step, OSError) and step.errno in (101, 113))  # no route to the network, to the host
        or str(step).startswith("URL fetch failure on ")
        for step in seen
    )
