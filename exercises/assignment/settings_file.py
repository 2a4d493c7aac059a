"""exercise.toml: its tables, types and ranges, with the line of each problem."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from exercises.assignment.definition import MANNERS, POOLS, QUEUES, WALL_PER_CPU, Limits, OtherWay, Threshold
from learnpaths.catalog.tables import Problem, SourceFile, Table

BETTER = ("higher", "lower")
Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class MutantEntry:
    """A mutant as exercise.toml names it; its code is in a file of that name."""

    name: str
    fails: tuple[str, ...]
    why: str


@dataclass(kw_only=True)
class SettingsFile:
    """What exercise.toml says. Each item of an array comes with its table, which knows its lines; items with a problem are left out."""

    file: SourceFile
    table: Table | None = None  # None where the file cannot be read
    values: dict[str, Any] = field(default_factory=dict)  # of `Definition`, by the names of its fields
    datasets: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    mutants: list[tuple[Table, MutantEntry]] = field(default_factory=list)
    thresholds: list[tuple[Table, Threshold]] = field(default_factory=list)
    other_ways: list[tuple[Table, OtherWay]] = field(default_factory=list)
    baseline: str = ""

    def report(self, message: str, name: str = "", table: str = "") -> None:
        """Report a problem of a key, in `[table]` if one is named, or else of the file as a whole."""
        place = self.table.table(table) if self.table and table else self.table
        if place and name:
            place.report(message, name)
        else:
            self.file.report(0, message)


def read_settings(path: Path) -> SettingsFile:
    """Return the checked content of exercise.toml. Never raises for what is in the file."""
    problems: list[Problem] = []
    file = SourceFile(path, str(path), problems)
    table = file.table()
    settings = SettingsFile(file=file, table=table)
    if table is not None:
        _read_table(settings, table)
    return settings


def _read_table(settings: SettingsFile, table: Table) -> None:
    settings.values = {
        "title": table.text("title"),
        "summary": table.text("summary"),
        "queue": table.one_of("queue", QUEUES),
        "minutes": table.whole("minutes", minimum=1, maximum=600),
        "pass_percent": table.whole("pass_percent", minimum=1, maximum=100),
        **_read_optional(table),
    }
    # Public examples alone must not be enough.
    settings.values.setdefault("pass_hidden_percent", settings.values["pass_percent"])
    if "variant_of" in table and settings.values.get("pool") != "exam":
        table.report('An exercise that varies another belongs to the exam pool: pool = "exam".', "variant_of")
    settings.datasets = _read_datasets(table)
    settings.limits = _read_limits(table)
    baseline = table.table("baseline")
    if baseline is not None:
        settings.baseline = baseline.text("mutant")
        baseline.finish()
    settings.mutants = _read_items(settings, table, "mutant", _read_mutant)
    settings.thresholds = _read_items(settings, table, "threshold", _read_threshold)
    settings.other_ways = _read_items(settings, table, "other_way", _read_other_way)
    table.finish()


def _read_optional(table: Table) -> dict[str, Any]:
    """Return the settings that `Definition` has defaults for, where the file has them; all are then known keys."""
    readers: dict[str, Callable[[], Any]] = {
        "early_checks": lambda: table.flag("early_checks"),
        "pass_hidden_percent": lambda: table.whole("pass_hidden_percent", minimum=0, maximum=100, default=0),
        "runtime": lambda: table.text("runtime", default=""),
        "pool": lambda: table.one_of("pool", POOLS, default=""),
        "variant_of": lambda: table.text("variant_of", default=""),
    }
    values = {name: read() for name, read in readers.items()}
    return {name: value for name, value in values.items() if name in table}


def _read_items(
    settings: SettingsFile, table: Table, name: str, read: Callable[[Table], Item]
) -> list[tuple[Table, Item]]:
    items = []
    for entry in table.tables(name):
        count = len(settings.file.problems)
        item = read(entry)
        entry.finish()
        if len(settings.file.problems) == count:
            items.append((entry, item))
    return items


def _read_mutant(table: Table) -> MutantEntry:
    fails = table.texts("fails", required="fails" not in table)  # an empty list is an answer: it must fail nothing
    return MutantEntry(name=table.text("name"), fails=tuple(fails), why=table.text("why"))


def _read_threshold(table: Table) -> Threshold:
    table.number("value")
    values = {
        "check": table.text("check"),
        "metric": table.text("metric"),
        "value": table.values.get("value", 0),  # as it is written: 1 and 1.0 are other versions
        "better": table.one_of("better", BETTER, default="higher"),
        "words": table.text("words", default=""),
    }
    return Threshold(**values)


def _read_other_way(table: Table) -> OtherWay:
    way = OtherWay(kind=table.text("kind"), why=table.text("why"), cell=table.text("cell", default=""))
    if way.kind and way.kind not in MANNERS:
        table.report(
            f"Only {', '.join(MANNERS)} can be another way; what other automatic mutants answer is wrong.", "kind"
        )
    return way


def _read_datasets(table: Table) -> tuple[str, ...]:
    names = table.texts("datasets")
    if len(set(names)) == len(names):
        return tuple(names)
    table.report("`datasets` must be a list of folder names of data/, each once.", "datasets")
    return ()


def _read_limits(table: Table) -> Limits:
    limits = table.table("limits")
    if limits is None:
        return Limits()
    defaults = {item.name: getattr(Limits(), item.name) for item in fields(Limits)}
    reason = "an exercise may only lower a limit"
    values = {
        name: limits.whole(name, minimum=1, maximum=most, default=most, reason=reason)
        for name, most in defaults.items()
    }
    limits.finish()
    return _with_clock(limits, {name: value for name, value in values.items() if name in limits})


def _with_clock(table: Table, lowered: dict[str, int]) -> Limits:
    """Let the limit of the clock follow that of CPU time; an author may only widen it."""
    net = WALL_PER_CPU * lowered.get("cpu_seconds", Limits().cpu_seconds)
    if lowered.get("wall_seconds", net) < net:
        table.report(
            f"`wall_seconds` is {lowered.pop('wall_seconds')}; it must be at least {net}, {WALL_PER_CPU} times `cpu_seconds`: "
            "set `cpu_seconds` alone.",
            "wall_seconds",
        )
    return Limits(**{"wall_seconds": net, **lowered})
