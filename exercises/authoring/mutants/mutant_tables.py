"""What is kept of the automatic mutants (`trials.rows`) as tables in Markdown's columns: one of all exercises, one of each."""

from collections.abc import Iterable, Iterator
from typing import Any

from exercises.assignment.definition import Definition

from .kinds import KINDS, LINEAR
from .trials import WHOLE

Row = tuple[str, ...]
HEAD = ("exercise", "cells", "mutants", "same as the reference", "passing", "most points")


def overview(definition: Definition, attacks: Iterable[dict[str, Any]]) -> Row:
    """Return the exercise's line under HEAD: how many mutants ran, how many of them pass, and the most points of one."""
    rows = list(attacks)
    ran = [row for row in rows if "state" not in row]
    junk = [row for row in ran if "other_way" not in row]
    best = max((row["points"] for row in junk), default=0)
    return (
        f"[{definition.id}](#{definition.id})",
        str(len(definition.solution_cells)),
        str(_count(ran)),
        str(_count(row for row in rows if row.get("state") == "same")),
        str(_count(row for row in junk if row["passed"])),
        f"{best}/{definition.max_points}",
    )


def section(definition: Definition, attacks: Iterable[dict[str, Any]]) -> tuple[Row, list[Row]]:
    """Return the head and the lines of one exercise: a line for each kind, a column for each cell."""
    places = {(row["cell"], kind): row for row in attacks for kind in row["kinds"]}
    cells = [cell.id for cell in definition.solution_cells]
    return ("kind", *cells), list(_lines(cells, places))


def _lines(cells: list[str], places: dict[tuple[str, str], dict[str, Any]]) -> Iterator[Row]:
    for kind in KINDS:
        line = tuple(_entry(places.get((cell, kind.name))) for cell in cells)
        if set(line) != {"-"}:
            yield (kind.name, *line)
    if (WHOLE, LINEAR.name) in places:
        yield (f"{LINEAR.name} (whole notebook)", _entry(places[WHOLE, LINEAR.name]), *("" for _ in cells[1:]))


def _entry(row: dict[str, Any] | None) -> str:
    if row is None or row.get("state") == "not_applicable":
        return "-"
    if row.get("state") == "same":
        return "="
    if row["passed"]:
        return f"{row['points']} (another way)" if "other_way" in row else f"**{row['points']} passes**"
    return str(row["points"])


def _count(rows: Iterable[dict[str, Any]]) -> int:
    return sum(len(row["kinds"]) for row in rows)
