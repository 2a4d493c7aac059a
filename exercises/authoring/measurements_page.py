"""docs/exercises.md: what exercise validation measured of all exercises, as tables."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Definition, Threshold
from exercises.authoring.measurements import Measurement, read, version_of
from exercises.authoring.mutants import mutant_tables
from exercises.authoring.mutants.kinds import KINDS, LINEAR

HEAD = """# The exercises, measured

Made by `make check-exercises` from each exercise's `measured.json`; do not edit. Every row is a run on the real engine: jail,
limits and examiner. Seconds are the clock's, on two cores that others used too, so pessimistic; in brackets the processor's.
*Margin* is the distance from the threshold to the worst of the reference's seeds, and its share of the gap between that and
the best lazy answer; where there is no gap, the metric alone does not tell them apart and another check does.
"""
JUNK = f"""
## Automatic mutants
One solution cell of the reference is replaced, all others stay right, and a check that does not require the cell counts as passed: so these
are the most points that anybody can have with junk there. In the tables below, `-` says that a kind cannot be made of a cell; `=` that it
said nothing else than the reference; *another way* that the exercise is not about the manner, so that it may pass (the reason is below
the table). The cell is replaced by

{chr(10).join(f"- **{kind.name}**: {kind.words}" for kind in (*KINDS, LINEAR))}
"""
STALE = "**Not measured since its last change**: these are the numbers of an earlier version."


def page(definitions: Mapping[str, Definition], root: Path) -> str:
    """Return docs/exercises.md: one table of all exercises under `root`, then one of each."""
    measured = {name: read(root / name) for name in sorted(definitions)}
    known = [(definitions[name], kept) for name, kept in measured.items() if kept]
    overview = _table(
        ("exercise", "points", "checks", "seconds", "metric", "reference", "lazy", "threshold", "margin"),
        (row for definition, kept in known for row in _overview(definition, kept)),
    )
    junk = _table(mutant_tables.HEAD, (mutant_tables.overview(definition, kept.attacks) for definition, kept in known))
    return "\n".join([HEAD, overview, JUNK, junk, *(_section(definition, kept) for definition, kept in known)])


def _overview(definition: Definition, kept: Measurement) -> Iterable[tuple[str, ...]]:
    first = (
        f"[{definition.id}](#{definition.id})",
        str(definition.max_points),
        f"{len(definition.checks)} ({sum(check.hidden for check in definition.checks)} hidden)",
        _seconds(kept.runs("reference")),
    )
    for threshold in definition.thresholds or (None,):
        yield (
            *first,
            *(_compared(definition, kept, threshold) if threshold else ("none: checks only", "", "", "", "")),
        )
        first = ("", "", "", "")


def _compared(definition: Definition, kept: Measurement, threshold: Threshold) -> tuple[str, ...]:
    """Return metric, reference, lazy, threshold and margin as they stand in the table."""
    lazy_name = next((mutant.name for mutant in definition.mutants if mutant.is_baseline), "")
    reference, lazy = _values(kept.runs("reference"), threshold), _values(kept.runs(lazy_name), threshold)
    is_lower = threshold.better == "lower"
    sign = "≤" if is_lower else "≥"
    return (
        threshold.metric,
        _range(reference),
        _range(lazy) or "not measured: fails before",
        f"{sign} {threshold.value:g}",
        _margin(reference, lazy, threshold.value, is_lower=is_lower),
    )


def _margin(reference: list[float], lazy: list[float], threshold: float, *, is_lower: bool) -> str:
    if not reference:
        return ""
    worst = max(reference) if is_lower else min(reference)
    margin = abs(worst - threshold)
    if not lazy:
        return f"{margin:.3g}"
    best = min(lazy) if is_lower else max(lazy)
    gap = best - worst if is_lower else worst - best
    return f"{margin:.3g} ({margin / gap:.0%} of the gap)" if gap > 0 else f"{margin:.3g} (no gap)"


def _section(definition: Definition, kept: Measurement) -> str:
    why = {mutant.name: mutant for mutant in definition.mutants}
    rows = []
    for row in kept.rows:
        mutant = why.get(row["run"])
        name = f"{row['run']} (lazy)" if mutant and mutant.is_baseline else row["run"]
        missed = "all unattempted" if row["run"] == "starter" else ", ".join(row["missed"])
        metrics = "; ".join(f"{metric['name']} {_number(metric['value'])}" for metric in row["metrics"])
        rows.append((name, str(row["seed"]), f"{row['points']}/{row['max_points']}", missed, metrics, _seconds([row])))
    table = _table(("run", "seed", "points", "fails", "metrics", "seconds"), rows)
    meant = "\n".join(f"- **{mutant.name}**: {mutant.why}" for mutant in definition.mutants)
    pool = f" In the exam pool, a variant of {definition.variant_of}." if definition.variant_of else ""
    junk = _table(*mutant_tables.section(definition, kept.attacks))
    ways = "".join(f"\n- {way.kind} may pass: {way.why}" for way in definition.other_ways)
    stale = "" if kept.version == version_of(definition) else f"\n\n{STALE}"
    parts = (f"## {definition.id}", f"{definition.title}. {definition.summary}{pool} {_to_pass(definition)}{stale}")
    return "\n" + "\n".join(parts) + f"\n\n{table}\n\n{meant}\n\n{junk}\n" + (f"{ways}\n" if ways else "")


def _to_pass(definition: Definition) -> str:
    required = ", ".join(check.id for check in definition.checks if check.required)
    rule = f"{definition.pass_percent} % of {definition.max_points} points"
    if definition.max_hidden_points:
        rule += f", {definition.pass_hidden_percent} % of the {definition.max_hidden_points} hidden ones"
    return f"To pass: {rule}{f'; required: {required}' if required else ''}."


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _values(rows: list[dict[str, Any]], threshold: Threshold) -> list[float]:
    values = [_metric(row, threshold).get("value") for row in rows]
    return [value for value in values if value is not None]


def _metric(row: dict[str, Any], threshold: Threshold) -> dict[str, Any]:
    return next((metric for metric in row["metrics"] if metric["name"] == threshold.metric), {})


def _seconds(rows: list[dict[str, Any]]) -> str:
    clock = _range([row["seconds"] for row in rows])
    processor = _range([row["cpu_seconds"] for row in rows if row.get("cpu_seconds")])
    return f"{clock} ({processor})" if processor else clock


def _range(values: list[float]) -> str:
    if not values:
        return ""
    low, high = _number(min(values)), _number(max(values))
    return low if low == high else f"{low} to {high}"


def _number(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.4g}"
