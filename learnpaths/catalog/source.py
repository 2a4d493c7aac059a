"""A TOML text whose values know their lines. No Django here."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]")
_KEY = re.compile(r"\s*\"?([A-Za-z0-9_-]+)\"?\s*=")


class BadToml(ValueError):
    """Not TOML. `line` counts from 1 in the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Section:
    """Where a table and its keys stand: mirrors the shape of the parsed tables."""

    line: int
    keys: dict[str, int] = field(default_factory=dict)
    tables: dict[str, list["Section"]] = field(default_factory=dict)


def parse(text: str, *, first_line: int = 1) -> tuple[dict[str, Any], Section]:
    """Return the values of a TOML text and where they stand. Raises BadToml."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise BadToml(f"Not valid TOML: {error}", first_line + line - 1) from error
    return values, _sections(text, first_line)


def _sections(text: str, first_line: int) -> Section:
    root = section = Section(first_line)
    quotes = ""  # inside a string of several lines: its quotes
    for line, content in enumerate(text.splitlines(), first_line):
        if not quotes:
            if header := _HEADER.match(content):
                section = _open(root, header[2].split("."), line)
            elif key := _KEY.match(content):
                section.keys.setdefault(key[1], line)
        quotes = _open_quotes(content, quotes)
    return root


def _open(root: Section, names: list[str], line: int) -> Section:
    section = root
    for name in names[:-1]:
        section = section.tables.setdefault(name, [Section(line)])[-1]
    new = Section(line)
    section.tables.setdefault(names[-1], []).append(new)
    return new


def _open_quotes(content: str, quotes: str) -> str:
    """Return the triple quotes that are open after the line."""
    for mark in re.findall(r'"""|\'\'\'', content):
        quotes = "" if mark == quotes else quotes or mark
    return quotes
