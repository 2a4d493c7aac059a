"""Reviews shell commands: which parts cannot work in a jail, what is said instead of running them, and what still runs."""

import contextlib
import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from . import offline, packages

_INSTALLERS = {"pip", "conda", "mamba", "uv", "apt", "apt-get", "easy_install"}
_ABOUT_PACKAGES = {"list", "show", "freeze", "check", "inspect", "search", "--version", "-V"}
_DOWNLOADERS = {"wget", "curl", "git", "gdown", "kaggle"}
_GIT_DOWNLOADS = {"clone", "pull", "fetch", "push", "submodule", "ls-remote"}
_BEFORE = {"sudo", "env", "time", "nohup", "exec", "command", "!", "then", "do", "else", "{", "("}
_TAKES_A_VALUE = {"-r", "-c", "-i", "-f", "-t", "-e", "-n", "--requirement", "--index-url", "--extra-index-url",
                  "--find-links", "--target", "--channel", "--name"}  # fmt: skip
# Quoted text, an escaped character, a comment, what stands between two commands, or a run of anything else.
_PIECE = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|\#[^\n]*|&&|\|\||[;\n]|&(?![>\d])|[^'"\\;\n&|#]+|.""", re.DOTALL)
_BETWEEN = {"&&", "||", ";", "\n", "&"}
# A server that the notebook itself started is within reach.
_LOCAL = re.compile(r"file:|(https?://)?(localhost|127\.0\.0\.1)\b")


class Review(NamedTuple):
    """What is said of a command, and what of it still runs; `runnable` is empty where nothing does."""

    message: str
    runnable: str


def review(command: str) -> Review:
    """Read a shell command or script: parts that need the network or an installer are explained, the others run.

    In `runnable` such a part is `true` where all that it asks for is here, else `false`: what follows `&&` runs or not, as it would.
    """
    if "<<" in command:
        return Review("", command)  # text for a file may stand in it
    messages: dict[str, None] = {}  # in order, each once
    parts: list[str] = []
    does_run = False
    for part in _parts(command):
        words = _about_one(part) if part not in _BETWEEN else None
        if words is None:
            parts.append(part)
            does_run = does_run or (bool(part.strip()) and part not in _BETWEEN and not part.lstrip().startswith("#"))
        else:
            text, is_there = words
            messages[text] = None
            parts.append(" true " if is_there else " false ")
    return Review("\n".join(messages), "".join(parts) if does_run or not messages else "")


def _parts(command: str) -> Iterator[str]:
    """Divide a command at what stands between two of them; quoted text and comments stay whole. Joined, it is the command."""
    part = ""
    for piece in _PIECE.findall(command):
        if piece in _BETWEEN:
            yield from (part, piece)
            part = ""
        else:
            part += piece
    yield part


def _about_one(pipeline: str) -> tuple[str, bool] | None:
    """Return what to say of one pipeline and whether what it asks for is here; None where it may run."""
    for command in pipeline.split("|"):
        words = _words(command)
        program = re.sub(r"^(pip)[\d.]*$", r"\1", words[0].rsplit("/", 1)[-1]) if words else ""
        if program in _INSTALLERS:
            return _about_installer(words[1:])
        if program in _DOWNLOADERS and _downloads(program, words[1:]):
            return offline.words(), False
    return None


def _words(command: str) -> list[str]:
    """Return the words of one command, without what only starts it: `sudo`, `python -m`, settings of variables."""
    words = command.split()
    with contextlib.suppress(ValueError):  # a quote that nothing closes
        words = shlex.split(command, comments=True)
    while words and (words[0] in _BEFORE or re.match(r"\w+=|-", words[0])):  # `sudo -H`
        words = words[1:]
    is_module = (
        len(words) > 2 and re.match(r"(.*/)?python[\d.]*$|\{?sys\.executable\}?$", words[0]) and words[1] == "-m"
    )
    return words[2:] if is_module else words


def _about_installer(words: list[str]) -> tuple[str, bool]:
    arguments: list[str] = []
    skip = False
    for word in words:
        if not skip and not word.startswith("-"):
            arguments.append(word)
        skip = word in _TAKES_A_VALUE
    if arguments[:1] == ["pip"]:  # uv pip
        arguments = arguments[1:]
    verb = arguments[0] if arguments else next(iter(words), "")
    if verb in _ABOUT_PACKAGES:
        return packages.listed(), True
    names = arguments[1:]
    return packages.about_installing(names), packages.are_installed(names)


def _downloads(program: str, words: list[str]) -> bool:
    named = [word for word in words if not word.startswith("-")]
    if program == "git":
        is_local = any(word.startswith(("/", "./", "../", "file:")) for word in named[1:])
        return bool(named) and named[0] in _GIT_DOWNLOADS and not is_local
    return bool(named) and not any(_LOCAL.match(word) for word in named)
