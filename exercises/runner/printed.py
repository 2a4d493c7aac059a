"""Printed text as it is seen: the one rule of what counts, for the jail, the page and the report.

What is written over (carriage return, backspace) counts once; so does a line that grows. Plain Python, used on both sides.
"""

import re

# ECMA-48: CSI sequences (colours, cursor, erasing) and two-character escapes. The site's pages cannot import this package; a test
# holds their pattern to this one.
ESCAPE_CODES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_TOKENS = re.compile(r"\r?\n|\r|\x08+|[^\r\n\x08]+")


class Printed:
    """Counts the characters that are to be seen of a text that comes in pieces; `seen` is their number."""

    def __init__(self) -> None:
        self.seen = 0
        self._width = self._column = 0  # of the line being written

    def take(self, text: str, room: int) -> str:
        """Return the part of a piece with which `seen` does not grow by more than `room`."""
        limit = self.seen + max(0, room)
        kept = []
        for piece in _TOKENS.findall(text):
            part = self._write(piece, limit)
            kept.append(part)
            if len(part) < len(piece):
                break
        return "".join(kept)

    def _write(self, piece: str, limit: int) -> str:
        if piece.endswith("\n"):
            if self.seen >= limit:
                return ""
            self.seen += 1
            self._width = self._column = 0
        elif piece == "\r":
            self._column = 0
        elif piece[0] == "\b":
            self._column = max(0, self._column - len(piece))
        else:
            piece = piece[: max(0, limit - self.seen + self._width - self._column)]
            self._column += len(piece)
            self.seen += max(0, self._column - self._width)
            self._width = max(self._width, self._column)
        return piece


def without_escape_codes(text: str) -> str:
    """Return text without a terminal's colours and movements."""
    return ESCAPE_CODES.sub("", text)


def collapse(text: str) -> str:
    """Return text without what it writes over itself: of each line only what follows the last carriage return."""
    if "\r" not in text and "\b" not in text:
        return text
    return "\n".join(_last_writing(line) for line in re.sub("\r+\n", "\n", text).split("\n"))


def settle(text: str) -> str:
    """Return a whole text as it is seen in the end."""
    return collapse(text).replace("\r", "").replace("\b", "")


def _last_writing(line: str) -> str:
    line = re.sub("\b+(?=\r)", "", line).rstrip("\r")
    _head, is_over, tail = line.rpartition("\r")
    return is_over + (_erase(tail) if "\b" in tail else tail)


def _erase(text: str) -> str:
    """Return text without the characters that its backspaces take away; those that reach further back stay."""
    kept: list[str] = []
    for character in text:
        if character == "\b" and kept and kept[-1] != "\b":
            kept.pop()
        else:
            kept.append(character)
    return "".join(kept)
