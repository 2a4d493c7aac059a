"""exercise.toml: its tables, types and ranges, with the line of each problem."""

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from exercises.assignment.definition import MANNERS, POOLS, QUEUES, WALL_PER_CPU, Limits, OtherWay, Threshold
from exercises.assignment.percent import Problem

TEXT, WHOLE, NUMBER, NAMES = "a text", "a whole number", "a number", "a list of texts"
TABLES: dict[str, dict[str, str]] = {
    "": {
        "title": TEXT,
        "summary": TEXT,
        "queue": TEXT,
        "minutes": WHOLE,
        "pass_percent": WHOLE,
    },
    "mutant": {"name": TEXT, "fails": NAMES, "why": TEXT},
    "threshold": {"check": TEXT, "metric": TEXT, "value": NUMBER},
    "baseline": {"mutant": TEXT},
    "other_way": {"kind": TEXT, "why": TEXT},
}
OPTIONAL = {"early_checks": bool, "pass_hidden_percent": int, "runtime": str, "pool": str, "variant_of": str}
OPTIONAL_OF: dict[str, dict[str, str]] = {"threshold": {"better": TEXT, "words": TEXT}, "other_way": {"cell": TEXT}}
RANGES = {"minutes": (1, 600), "pass_percent": (1, 100), "pass_hidden_percent": (0, 100)}
KINDS = {bool: "true or false", int: "a whole number", str: "a text"}


@dataclass(kw_only=True)
class SettingsFile:
    """What exercise.toml says. Values that failed a check are missing from `values` or their table's list."""

    file: Path
    text: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    datasets: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    mutants: list[dict[str, Any]] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    other_ways: list[OtherWay] = field(default_factory=list)
    baseline: str = ""
    problems: list[Problem] = field(default_factory=list)

    def report(self, message: str, key: str = "", *, table: str = "", index: int = 0) -> None:
        self.problems.append(Problem(file=self.file, line=self._line(key, table, index), message=message))

    def _line(self, key: str, table: str, index: int) -> int:
        """Return the line of a key (of the index-th `[table]`), or the table's, or 1."""
        position = 0
        if table:
            heads = [found.end() for found in re.finditer(rf"(?m)^\s*\[+\s*{re.escape(table)}\s*\]+", self.text)]
            position = heads[index] if index < len(heads) else 0
        found = re.compile(rf"(?m)^[ \t]*{re.escape(key)}[ \t]*=").search(self.text, position) if key else None
        return self.text.count("\n", 0, found.start() if found else position) + 1


def read_settings(file: Path) -> SettingsFile:
    """Return the checked content of exercise.toml. Never raises for what is in the file."""
    settings = SettingsFile(file=file)
    try:
        settings.text = file.read_text(encoding="utf-8")
        document = tomllib.loads(settings.text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        settings.problems.append(
            Problem(file=file, line=int(line[1]) if line else 1, message=f"This is not TOML: {error}.")
        )
        return settings
    except (OSError, UnicodeDecodeError) as error:
        settings.report(f"This file cannot be read: {error}.")
        return settings
    _read_document(settings, document)
    return settings


def _read_document(settings: SettingsFile, document: dict[str, Any]) -> None:
    optional = {"datasets", "limits", "baseline", "mutant", "threshold", "other_way", *OPTIONAL}
    plain = {key: value for key, value in document.items() if key not in optional}
    settings.values = _checked(settings, plain, "")
    if settings.values.get("queue") not in (None, *QUEUES):
        settings.report(f"queue is {settings.values.pop('queue')!r}; it must be one of {', '.join(QUEUES)}.", "queue")
    for key, kind in OPTIONAL.items():
        if key in document and type(document[key]) is kind:
            settings.values[key] = document[key]
        elif key in document:
            settings.report(f"{key} is {document[key]!r}; it must be {KINDS[kind]}.", key)
    for key, (low, high) in RANGES.items():
        if not low <= settings.values.get(key, low) <= high:
            settings.report(f"{key} is {settings.values.pop(key)}; it must be from {low} to {high}.", key)
    if "pass_percent" in settings.values:  # public examples alone must not be enough
        settings.values.setdefault("pass_hidden_percent", settings.values["pass_percent"])
    if settings.values.get("pool") not in (None, *POOLS):
        settings.report(f"pool is {settings.values.pop('pool')!r}; it must be one of {', '.join(POOLS)}.", "pool")
    if "variant_of" in settings.values and settings.values.get("pool") != "exam":
        settings.report('An exercise that varies another belongs to the exam pool: pool = "exam".', "variant_of")
    settings.datasets = _datasets(settings, document.get("datasets", []))
    settings.limits = _limits(settings, document.get("limits", {}))
    settings.baseline = _checked(settings, _table(settings, document, "baseline"), "baseline").get("mutant", "")
    settings.mutants = [
        {**item, "index": index}
        for index, item in enumerate(_tables(settings, document, "mutant"))
        if len(item) == len(TABLES["mutant"])
    ]
    settings.thresholds = [
        Threshold(**item)
        for index, item in enumerate(_tables(settings, document, "threshold"))
        if TABLES["threshold"].keys() <= item.keys() and _has_direction(settings, item, index)
    ]
    settings.other_ways = [
        OtherWay(**item)
        for index, item in enumerate(_tables(settings, document, "other_way"))
        if TABLES["other_way"].keys() <= item.keys() and _is_manner(settings, item, index)
    ]


def _is_manner(settings: SettingsFile, way: dict[str, Any], index: int) -> bool:
    if way["kind"] in MANNERS:
        return True
    message = f"Only {', '.join(MANNERS)} can be another way; what other automatic mutants answer is wrong."
    settings.report(message, "kind", table="other_way", index=index)
    return False


def _has_direction(settings: SettingsFile, threshold: dict[str, Any], index: int) -> bool:
    if threshold.get("better", "higher") in ("higher", "lower"):
        return True
    settings.report("better is higher or lower.", "better", table="threshold", index=index)
    return False


def _table(settings: SettingsFile, document: dict[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name)
    if isinstance(value, dict):
        return value
    if value is not None:
        settings.report(f"{name} must be a table: [{name}].", name)
    return {}


def _tables(settings: SettingsFile, document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = document.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        settings.report(f"{name} must be tables: [[{name}]].", name, table=name)
        return []
    return [_checked(settings, item, name, index) for index, item in enumerate(items)]


def _checked(settings: SettingsFile, table: dict[str, Any], name: str, index: int = 0) -> dict[str, Any]:
    """Return the well-typed values of one table; report the others, the unknown and the missing."""
    optional = OPTIONAL_OF.get(name, {})
    expected = TABLES[name] | optional
    for key in table.keys() - expected.keys():
        known = ", ".join(expected)
        settings.report(f"{key!r} is not a setting of {name or 'an exercise'}; known: {known}.", key, table=name)
    good = {}
    for key, kind in expected.items():
        if key in table and _is(kind, table[key]):
            good[key] = table[key]
        elif key in table:
            settings.report(f"{key} must be {kind}.", key, table=name, index=index)
        elif key not in optional and (table or name != "baseline"):
            settings.report(f"{key} is missing{f' in [[{name}]]' if name else ''}.", table=name, index=index)
    return good


def _is(kind: str, value: Any) -> bool:
    if kind == TEXT:
        return isinstance(value, str) and bool(value.strip())
    if kind == NAMES:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (kind == NUMBER and isinstance(value, float) and value == value)


def _datasets(settings: SettingsFile, value: Any) -> tuple[str, ...]:
    if _is(NAMES, value) and len(set(value)) == len(value):
        return tuple(value)
    settings.report("datasets must be a list of folder names of data/, each once.", "datasets")
    return ()


def _limits(settings: SettingsFile, value: Any) -> Limits:
    defaults = Limits()
    known = {item.name: getattr(defaults, item.name) for item in fields(Limits)}
    if not isinstance(value, dict):
        settings.report("limits must be a table: [limits].", "limits")
        return defaults
    lowered = {}
    for key, number in value.items():
        if key not in known:
            settings.report(f"{key!r} is not a limit; known: {', '.join(known)}.", key, table="limits")
        elif not _is(WHOLE, number) or not 1 <= number <= known[key]:
            settings.report(
                f"{key} must be a whole number from 1 to {known[key]}; an exercise may only lower a limit.",
                key,
                table="limits",
            )
        else:
            lowered[key] = number
    return _widened(settings, lowered)


def _widened(settings: SettingsFile, lowered: dict[str, int]) -> Limits:
    """Let the limit of the clock follow that of CPU time; an author may only widen it."""
    net = WALL_PER_CPU * lowered.get("cpu_seconds", Limits().cpu_seconds)
    if lowered.get("wall_seconds", net) < net:
        settings.report(
            f"wall_seconds is {lowered.pop('wall_seconds')}; it must be at least {net}, {WALL_PER_CPU} times cpu_seconds: "
            "set cpu_seconds alone.",
            "wall_seconds",
            table="limits",
        )
    return Limits(**{"wall_seconds": net, **lowered})
