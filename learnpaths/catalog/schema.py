"""What content is once it has been read, and how the tables of its files are checked. No Django here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from learnpaths.catalog.source import Section

LEVELS = ("beginner", "intermediate", "advanced")
CHECKPOINT_KINDS = ("choice", "number")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """`definition` is what the page shows and judges by (`catalog.checkpoints`), its Markdown rendered."""

    slug: str
    kind: str
    definition: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    slug: str
    title: str
    summary: str
    minutes: int
    body_html: str
    text: str
    contents: list[dict[str, Any]]
    objectives: list[str]
    prerequisites: list[str]
    further: list[dict[str, str]]
    sources: list[str]
    checkpoints: tuple[Checkpoint, ...]
    figures: tuple[tuple[str, int], ...]  # name and line
    anchors: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Step:
    """A place on a path. Title, minutes and summary of a step that is no lesson come from its own kind of content."""

    kind: str
    slug: str
    line: int
    title: str = ""
    summary: str = ""
    minutes: int = 0
    lesson: Lesson | None = None


@dataclass(frozen=True, kw_only=True)
class Unit:
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Path:
    slug: str
    file: str
    title: str
    summary: str
    level: str
    hours: int
    position: int
    units: tuple[Unit, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for unit in self.units for step in unit.steps)


class Table:
    """A TOML table being read: each method returns a value of the right type and reports what is wrong.

    A value that is wrong comes back as an empty one, so that reading goes on and finds the other problems.
    """

    def __init__(self, values: dict[str, Any], section: Section, report: Callable[[int, str], None]) -> None:
        self.values = values
        self.section = section
        self.report = report
        self._known: set[str] = set()

    def line(self, name: str = "") -> int:
        """Return where the key, or else the table, stands."""
        return self.section.keys.get(name, self.section.line)

    def text(self, name: str, *, maximum: int = 4000, default: str | None = None) -> str:
        value = self._value(name, str, "a text", default)
        if value is None:
            return default or ""
        if not value.strip() and default is None:
            self.report(self.line(name), f"`{name}` is empty.")
        if len(value) > maximum:
            self.report(self.line(name), f"`{name}` has {len(value)} characters; at most {maximum} are allowed.")
        return str(value).strip()

    def one_of(self, name: str, choices: Iterable[str]) -> str:
        value = self.text(name)
        if value and value not in choices:
            self.report(self.line(name), f"`{name}` is {value!r}; it must be one of: {', '.join(choices)}.")
        return value

    def whole(self, name: str, *, minimum: int, maximum: int) -> int:
        value = self._value(name, int, "a whole number")
        if value is not None and not minimum <= value <= maximum:
            self.report(self.line(name), f"`{name}` is {value}; it must be from {minimum} to {maximum}.")
        return minimum if value is None else min(max(int(value), minimum), maximum)

    def number(self, name: str) -> float:
        value = self._value(name, (int, float), "a number")
        if value is not None and not float("-inf") < value < float("inf"):
            self.report(self.line(name), f"`{name}` is {value}; it must be finite.")
        return float(value or 0)

    def flag(self, name: str) -> bool:
        return bool(self._value(name, bool, "true or false", default=False))

    def texts(self, name: str, *, required: bool = False) -> list[str]:
        values = self._value(name, list, "a list of texts", None if required else [])
        if values and not all(isinstance(value, str) and value.strip() for value in values):
            self.report(self.line(name), f"`{name}` must be a list of texts, none of them empty.")
            return []
        if required and values == []:
            self.report(self.line(name), f"`{name}` is empty.")
        return list(values or [])

    def tables(self, name: str, *, required: bool = False) -> "list[Table]":
        """Return the tables of an array, written as `[[name]]` or inline."""
        values = self._value(name, list, "a list of tables", None if required else [])
        if values and not all(isinstance(value, dict) for value in values):
            self.report(self.line(name), f"`{name}` must be a list of tables.")
            return []
        sections = self.section.tables.get(name, [])
        inline = Section(self.line(name))
        return [
            Table(value, sections[index] if index < len(sections) else inline, self.report)
            for index, value in enumerate(values or [])
        ]

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for name in self.values.keys() - self._known:
            known = ", ".join(sorted(self._known))
            self.report(self.line(name), f"Unknown key `{name}`; known here: {known}.")

    def _value(self, name: str, kind: Any, words: str, default: Any = None) -> Any:
        self._known.add(name)
        if name not in self.values:
            if default is None:
                self.report(self.section.line, f"`{name}` is missing.")
            return default
        value = self.values[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.report(self.line(name), f"`{name}` must be {words}, not {value!r}.")
            return default
        return value
