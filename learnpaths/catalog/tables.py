"""Content files and their TOML tables, checked value by value: every problem is found in one go, with file and line. No Django here.

Shared by all kinds of content: paths, exercises, data sets and credentials.
"""

import re
import reprlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnpaths.catalog.source import BadToml, Section, parse

MAX_ID = 60  # characters; ids are slugs in the database
MAX_BYTES = 2**20
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_id(value: Any) -> bool:
    """Return whether a value is lower-case words joined by hyphens, at most 60 characters."""
    return isinstance(value, str) and len(value) <= MAX_ID and _ID.fullmatch(value) is not None


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a content file. `line` 0 means the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class SourceFile:
    """One content file being read; what is wrong in it is added to `problems` under the name `name`."""

    def __init__(self, path: Path, name: str, problems: list[Problem]) -> None:
        self.path = path
        self.name = name
        self.problems = problems

    def report(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.name, line, message))

    def text(self, *, maximum: int = MAX_BYTES) -> str | None:
        """Return the text with plain newlines, or None after reporting why there is none."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            self.report(0, f"The file cannot be read: {error.strerror}.")
            return None
        if len(content) > maximum:
            self.report(0, f"The file has {len(content)} bytes; at most {maximum} are allowed.")
            return None
        try:
            return content.decode().replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self.report(content.count(b"\n", 0, error.start) + 1, "The text is not UTF-8.")
            return None

    def table(self) -> "Table | None":
        """Return the whole file as a table, or None after reporting why it is none."""
        text = self.text()
        return None if text is None else self.parse_table(text)

    def parse_table(self, text: str, first_line: int = 1) -> "Table | None":
        """Return a part of the file as a table, or None after reporting that it is no TOML."""
        try:
            values, section = parse(text, first_line=first_line)
        except BadToml as error:
            self.report(error.line, str(error))
            return None
        return Table(values, section, self.report)


class Table:
    """A TOML table being read: each method returns a value of the right type and reports what is wrong.

    A value that is wrong comes back as an empty one, so that reading goes on and finds the other problems.
    """

    def __init__(self, values: dict[str, Any], section: Section, report: Callable[[int, str], None]) -> None:
        self.values = values
        self._section = section
        self._report = report
        self._known: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def line(self, name: str = "") -> int:
        """Return where the key (or its first table), or else the table, stands."""
        tables = self._section.tables.get(name, [])
        return self._section.keys.get(name) or (tables[0].line if tables else self._section.line)

    def report(self, message: str, name: str = "") -> None:
        """Report a problem of the key, or else of the table."""
        self._report(self.line(name), message)

    def text(self, name: str, *, maximum: int = 4000, default: str | None = None) -> str:
        value = self._value(name, str, "a text", default)
        if value is None:
            return default or ""
        if not value.strip() and default is None:
            self.report(f"`{name}` is empty.", name)
        if len(value) > maximum:
            self.report(f"`{name}` has {len(value)} characters; at most {maximum} are allowed.", name)
        return str(value).strip()

    def one_of(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        value = self.text(name, default=default)
        if value and value not in choices:
            self.report(f"`{name}` is {value!r}; it must be one of: {', '.join(choices)}.", name)
        return value

    def whole(self, name: str, *, minimum: int, maximum: int, default: int | None = None, reason: str = "") -> int:
        """Return a whole number within its range; `reason` says why it ends there."""
        value = self._value(name, int, "a whole number", default)
        if value is not None and not minimum <= value <= maximum:
            self.report(f"`{name}` is {value}; it must be from {minimum} to {maximum}{reason and f': {reason}'}.", name)
        return minimum if value is None else min(max(int(value), minimum), maximum)

    def number(self, name: str) -> float:
        value = self._value(name, (int, float), "a number")
        if value is not None and not float("-inf") < value < float("inf"):
            self.report(f"`{name}` is {value}; it must be finite.", name)
        return float(value or 0)

    def flag(self, name: str) -> bool:
        return bool(self._value(name, bool, "true or false", default=False))

    def texts(self, name: str, *, required: bool = False) -> list[str]:
        values = self._value(name, list, "a list of texts", None if required else [])
        if values and not all(isinstance(value, str) and value.strip() for value in values):
            self.report(f"`{name}` must be a list of texts, none of them empty.", name)
            return []
        if required and values == []:
            self.report(f"`{name}` is empty.", name)
        return list(values or [])

    def table(self, name: str) -> "Table | None":
        """Return a table of this one, written as `[name]` or inline; None where it is missing or of another type."""
        values: dict[str, Any] = self._value(name, dict, "a table", default={})
        if values is not self.values.get(name):
            return None
        sections = self._section.tables.get(name) or [Section(self.line(name))]
        return Table(values, sections[0], self._report)

    def tables(self, name: str, *, required: bool = False) -> "list[Table]":
        """Return the tables of an array, written as `[[name]]` or inline."""
        values = self._value(name, list, "a list of tables", None if required else [])
        if values and not all(isinstance(value, dict) for value in values):
            self.report(f"`{name}` must be a list of tables.", name)
            return []
        sections = self._section.tables.get(name, [])
        inline = Section(self.line(name))
        return [
            Table(value, sections[index] if index < len(sections) else inline, self._report)
            for index, value in enumerate(values or [])
        ]

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for name in self.values.keys() - self._known:
            known = ", ".join(sorted(self._known))
            self.report(f"Unknown key `{name}`; known here: {known}.", name)

    def _value(self, name: str, kind: Any, words: str, default: Any = None) -> Any:
        self._known.add(name)
        if name not in self.values:
            if default is None:
                self._report(self._section.line, f"`{name}` is missing.")
            return default
        value = self.values[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.report(f"`{name}` must be {words}, not {reprlib.repr(value)}.", name)
            return default
        return value
