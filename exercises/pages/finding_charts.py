"""Findings of a report as charts (inline SVG), each with a table of the same numbers. Pure, no database.

A finding is what `runner.findings` made. It is drawn as data: every text escaped, every number formatted here; a finding
that is not of the expected shape is left out, because a page must not fail over a decoration.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from exercises.assignment.report import Finding

Data = Mapping[str, Any]  # of a finding, or of one of its rows
CELL, SIDE = 26, 68  # pixels of a cell of a matrix; of the room for its labels
WIDTH, ROW, LABELS = 336, 26, 124
PLOT, BARS = 150, 26
SHADES = 8
_BROKEN = (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError)


@dataclass(frozen=True, kw_only=True)
class Example:
    """One row that anyone may see: a picture or a text, the truth, and what the model said."""

    picture: SafeString | str
    text: str
    truth: str
    predicted: str
    is_right: bool


@dataclass(frozen=True, kw_only=True)
class View:
    """A finding ready to show: a sentence that says the main thing, the picture, and the table under it."""

    title: str
    summary: str
    picture: SafeString | str = ""
    head: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


def views(findings: Iterable[Finding]) -> list[View]:
    """Return what can be shown of a check's findings."""
    shown = []
    for finding in findings:
        draw = _KINDS.get(finding.kind)
        try:
            shown += [_noted(draw(finding.data), finding.data)] if draw else []
        except _BROKEN:
            continue
    return shown


def _noted(view: View, finding: Data) -> View:
    """Say where the numbers are rounded, and why."""
    if not finding.get("is_rounded"):
        return view
    note = _("The numbers are rounded: functions of yours had seen hidden inputs by then.")
    return replace(view, summary=f"{view.summary} {note}")


def _confusion(finding: Data) -> View:
    labels, matrix = [str(label) for label in finding["labels"]], finding["matrix"]
    sizes = [sum(row) for row in matrix]
    mistakes = [(matrix[i][j], i, j) for i in range(len(labels)) for j in range(len(labels)) if i != j and matrix[i][j]]
    count, i, j = max(mistakes, key=lambda item: (item[0], -item[1], -item[2]), default=(0, 0, 0))
    summary = _("Nothing was confused.")
    if count:
        summary = _("Most often confused: %(truth)s taken for %(said)s, %(count)d of %(size)d.") % {
            "truth": labels[i], "said": labels[j], "count": count, "size": sizes[i],
        }  # fmt: skip
    return View(
        title=finding["title"] or _("What was taken for what"),
        summary=summary,
        picture=_matrix_picture(labels, matrix, sizes),
        head=(_("truth"), *labels),
        rows=[(labels[n], *map(str, row)) for n, row in enumerate(matrix)],
    )


def _matrix_picture(labels: list[str], matrix: list[list[int]], sizes: list[int]) -> SafeString:
    side = SIDE + CELL * len(labels)
    parts = [_mark("rect", klass="frame", x=SIDE, y=SIDE, width=side - SIDE, height=side - SIDE)]
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            if value:
                place: dict[str, Any] = {
                    "x": SIDE + CELL * j,
                    "y": SIDE + CELL * i,
                    "width": CELL - 1,
                    "height": CELL - 1,
                }
                parts.append(
                    _mark("rect", klass="hit" if i == j else "miss", fill_opacity=_share(value, sizes[i]), **place)
                )
    for n, label in enumerate(labels):
        x, y = SIDE + CELL * n + 15, SIDE - 6
        parts.append(_mark("text", _cut(label), x=y, y=x + 2, text_anchor="end"))
        parts.append(_mark("text", _cut(label), x=x, y=y, transform=f"rotate(-60 {x} {y})"))
    return _svg(
        side + 20, side, _("Rows are the truth, columns what the model said; the darker, the more often."), parts
    )


def _share(value: int, size: int) -> str:
    return f"{0.15 + 0.85 * value / size:.2f}"


def _residuals(finding: Data) -> View:
    edges, counts, unit = finding["edges"], finding["counts"], str(finding["unit"])
    summary = _("On average %(mean)s too %(way)s; the mean error without sign is %(absolute)s.") % {
        "mean": _with_unit(abs(finding["mean"]), unit),
        "way": _("high") if finding["mean"] > 0 else _("low"),
        "absolute": _with_unit(finding["mean_absolute"], unit),
    }
    last = len(counts) - 1
    ranges = [
        (f"< {edges[n + 1]:g}" if n == 0 else f"≥ {edges[n]:g}" if n == last else f"{edges[n]:g} … {edges[n + 1]:g}")
        for n in range(len(counts))
    ]
    return View(
        title=finding["title"] or _("How far the predictions are off"),
        summary=summary,
        picture=_bars_picture(edges, counts, unit),
        head=(_("predicted minus true"), _("how often")),
        rows=[(where, str(count)) for where, count in zip(ranges, counts, strict=True)],
    )


def _bars_picture(edges: list[float], counts: list[int], unit: str) -> SafeString:
    right, middle = BARS * len(counts) + 10, BARS * len(counts) / 2 + 8.5
    parts = [_mark("line", x1=middle, x2=middle, y1=10, y2=PLOT)]
    for n, count in enumerate(counts):
        height = round((PLOT - 20) * count / max(counts), 1)
        parts.append(_mark("rect", klass="bar", x=BARS * n + 10, y=PLOT - height, width=BARS - 3, height=height))
    parts.append(_mark("text", f"≤ {edges[0]:g}", x=10, y=PLOT + 18))
    parts.append(_mark("text", "0", x=middle, y=PLOT + 18, text_anchor="middle"))
    parts.append(_mark("text", f"≥ {edges[-1]:g} {unit}", x=right, y=PLOT + 18, text_anchor="end"))
    return _svg(right + 10, PLOT + 26, _("Bars: how often each error occurred; left too low, right too high."), parts)


def _slices(finding: Data) -> View:
    rows = finding["rows"]
    summary = _("Worst: %(name)s with %(value)s (%(low)s to %(high)s), %(overall)s overall.") % {
        "name": rows[0]["name"], "value": _number(rows[0]["value"]), "low": _number(rows[0]["low"]),
        "high": _number(rows[0]["high"]), "overall": _number(finding["overall"]),
    }  # fmt: skip
    if finding["left_out"]:
        summary += " " + _("%(count)d better slices are not shown.") % {"count": finding["left_out"]}
    return View(
        title=finding["title"] or _("Where it is better and where worse"),
        summary=summary,
        picture=_slices_picture(finding),
        head=(_("slice"), _("rows"), str(finding["metric"]), _("95 % interval")),
        rows=[(row["name"], str(row["n"]), _number(row["value"]), _interval(row)) for row in rows],
    )


def _interval(row: Data) -> str:
    return f"{_number(row['low'])} … {_number(row['high'])}"


def _slices_picture(finding: Data) -> SafeString:
    rows = finding["rows"]
    low, high = min(float(row["low"]) for row in rows), max(float(row["high"]) for row in rows)
    if low == high:
        low, high = low - 1, high + 1

    def at(value: float) -> float:
        return round(LABELS + (WIDTH - LABELS - 12) * (value - low) / (high - low), 1)

    overall = at(finding["overall"])
    parts = [_mark("line", x1=overall, x2=overall, y1=4, y2=ROW * len(rows) + 8)]
    for n, row in enumerate(rows):
        y = ROW * n + 18
        parts.append(_mark("text", _cut(row["name"], 16), x=LABELS - 10, y=y + 4, text_anchor="end"))
        parts.append(_mark("line", klass="band", x1=at(row["low"]), x2=at(row["high"]), y1=y, y2=y))
        parts.append(_mark("circle", cx=at(row["value"]), cy=y, r=5))
    below = ROW * len(rows) + 20
    parts += [
        _mark("text", _number(low), x=LABELS, y=below),
        _mark("text", _number(high), x=WIDTH - 4, y=below, text_anchor="end"),
    ]
    label = _("Dots: %(metric)s of each slice, with its interval; the upright line is the average of all.")
    return _svg(WIDTH, below + 6, label % {"metric": finding["metric"]}, parts)


def _examples(finding: Data) -> View:
    return View(
        title=finding["title"] or _("Examples that anyone may see"),
        summary=_("From the public part of the data, the worst first. The hidden rows are never shown."),
        examples=[
            Example(
                picture=_picture(row), text=str(row.get("text", "")), truth=str(row["truth"]),
                predicted=str(row["predicted"]), is_right=row["right"] is True,
            )
            for row in finding["rows"]
        ],
    )  # fmt: skip


def _picture(row: Data) -> SafeString | str:
    label = _("truth %(truth)s, model %(said)s") % {"truth": row["truth"], "said": row["predicted"]}
    if "series" in row:
        values = row["series"]
        low, spread = min(values), (max(values) - min(values)) or 1.0
        across = 120 / max(len(values) - 1, 1)
        points = " ".join(f"{across * n:.1f},{56 - 52 * (value - low) / spread:.1f}" for n, value in enumerate(values))
        return _svg(120, 60, label, [_mark("polyline", points=points)])
    if "picture" not in row:
        return ""
    height, width, channels = int(row["height"]), int(row["width"]), int(row["channels"])
    data = base64.b64decode(row["picture"], validate=True)
    if len(data) != height * width * channels:
        raise ValueError("a picture of another size")
    paths = [_mark("path", fill=colour, d=runs) for colour, runs in _runs(data, height, width, channels)]
    return _svg(width, height, label, paths, kind="pixels")


def _runs(data: bytes, height: int, width: int, channels: int) -> list[tuple[str, str]]:
    """Return each colour with the horizontal runs of pixels that have it, in eight shades a channel (four with colours)."""
    step = 256 // (SHADES if channels == 1 else SHADES // 2)
    paths: dict[str, list[str]] = {}
    for y in range(height):
        x = 0
        while x < width:
            colour, start = _colour(data, (y * width + x) * channels, channels, step), x
            while x < width and _colour(data, (y * width + x) * channels, channels, step) == colour:
                x += 1
            paths.setdefault(colour, []).append(f"M{start} {y}h{x - start}v1h{start - x}z")
    return [(colour, "".join(runs)) for colour, runs in paths.items()]


def _colour(data: bytes, place: int, channels: int, step: int) -> str:
    levels = [min(255, value // step * 255 // (256 // step - 1)) for value in data[place : place + channels]]
    return "#" + "".join(f"{level:02x}" for level in (levels if channels == 3 else levels * 3))


def _svg(width: float, height: float, label: str, parts: list[SafeString], kind: str = "chart") -> SafeString:
    return format_html(
        '<svg class="finding-{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        *(kind, width, height, width, height, label, format_html_join("", "{}", ((part,) for part in parts))),
    )


def _mark(name: str, text: str = "", *, klass: str = "", **attributes: Any) -> SafeString:
    """Return one element; `text_anchor=` becomes `text-anchor`. Attributes only: the policy of the page forbids styles."""
    pairs = {"class": klass, **attributes} if klass else attributes
    inside = format_html_join("", ' {}="{}"', ((key.replace("_", "-"), value) for key, value in pairs.items()))
    return format_html("<{}{}>{}</{}>", name, inside, text, name)


def _cut(text: str, length: int = 8) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _number(value: float) -> str:
    return f"{value:.3g}"


def _with_unit(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip()


_KINDS: dict[str, Callable[[Data], View]] = {
    "confusion": _confusion,
    "residuals": _residuals,
    "slices": _slices,
    "examples": _examples,
}
