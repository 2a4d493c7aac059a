"""What `serve` prints: a prefix for each program's lines, and the few lines that a person came for."""

import sys
from collections.abc import Mapping
from typing import TextIO

from django.utils.translation import gettext as _

COLOURS = {"serve": "1", "broker": "35", "web": "36", "worker": "33", "kernels": "32", "beat": "34"}


class Console:
    """Writes lines with their program's name in front; in colour on a terminal."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._is_terminal = self._out.isatty()

    def say(self, name: str, line: str) -> None:
        label = f"{name:<7} │"
        if self._is_terminal:
            label = f"\033[{COLOURS.get(name, '0')}m{label}\033[0m"
        print(label, line, file=self._out, flush=True)

    def show(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def welcome(origin: str, passwords: Mapping[str, str], *, seconds: float, has_worker: bool) -> str:
    """Return the lines shown when the site answers."""
    lines = ["", _("  Learnpaths is at {origin}   (ready in {seconds:.1f} s; Ctrl-C stops everything)")]
    lines += [_accounts(passwords)] if passwords else [_("  Demo passwords forgotten? manage.py demo_accounts --reset")]
    if has_worker:
        lines.append(_("  The worker is warming up; what you submit meanwhile waits for it and is not lost."))
    else:
        lines.append(_("  Without a worker: lessons work, submissions wait until one runs."))
    return "\n".join([*lines, ""]).format(origin=origin, seconds=seconds)


def accounts(passwords: Mapping[str, str]) -> str:
    """Return a table of addresses and passwords."""
    width = max(map(len, passwords))
    return "\n".join(f"    {address:<{width}}   {password}" for address, password in passwords.items())


def _accounts(passwords: Mapping[str, str]) -> str:
    return _("  Sign in with one of these (shown only now):") + "\n" + accounts(passwords)
