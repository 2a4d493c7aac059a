"""What a cell shows: the kernel's untrusted messages in, outputs of nbformat 4 out, only of kinds and sizes that we allow.

Whatever is left out is named once, as printed text, with the limit and what to do. The page shows these outputs, and a graded
run keeps their text (`Transcript`): both count and cut alike. No Django: `translate` translates the notices, which `_` marks.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from exercises.assignment.definition import Limits
from exercises.runner.printed import Printed, collapse, settle, without_escape_codes
from exercises.sandbox.messages import error_text

FIT = "application/vnd.learnpaths.fit+json"  # exercises.runner.page_kernel
KIB, MIB = 2**10, 2**20
MAX_ITEM = {
    "text/plain": 64 * KIB, "text/markdown": 64 * KIB, "text/latex": 64 * KIB, "application/json": 64 * KIB,
    "text/html": 512 * KIB, "image/svg+xml": 512 * KIB, "image/png": 2 * MIB, "image/jpeg": 2 * MIB,
}  # fmt: skip
MAX_RICH_PER_CELL = 8 * MIB
MAX_RICH_OUTPUTS = 1_000
MAX_METRICS = 2_000
MAX_LEFT_OUT = 20  # notices of one cell
_MAX_TRACEBACK = 32 * KIB
_MAX_UNSETTLED = MIB
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_OWN_LINE = re.compile(r"Cell In\s?\[(\d{1,9})\], line (\d{1,7})")
_DISPLAYS = {"execute_result", "display_data", "update_display_data"}
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)
Output = dict[str, Any]
OutputEvent = tuple[str, dict[str, Any]]  # a kind of event, and what is in it


def _(text: str) -> str:
    """Mark a text for translation."""
    return text


def notice(text: Any) -> OutputEvent:
    """Return a notice of ours as an output."""
    return "output", {"output_type": "stream", "name": "stderr", "text": f"\n{text}\n"}


_INTERACTIVE = ("application/javascript", "application/vnd.", "application/x-")
_NO_OBJECT = re.compile(r"\s*<[\w.]+( object)?( at 0x[0-9a-f]+)?>\s*")
_LEFT_OUT = {
    re.compile(r"trust the notebook", re.I): _(
        "The diagram of an estimator was left out: it needs scripts, which do not run here. Its text is shown; get_params() has the rest."
    ),
    re.compile(r"<audio\b|data:audio/", re.I): _(
        "A sound was left out: the page plays none. Plot the wave, or print some of its values."
    ),
    re.compile(r"<video\b|data:video/|jsanimation|class=.animation", re.I): _(
        "A film or an animation was left out: the page shows still pictures. Plot a few of its steps beside each other."
    ),
    re.compile(r"<(script|iframe|object|embed)\b", re.I): _(
        "An interactive output was left out: it needs scripts, which do not run here. Show a picture of matplotlib, or print the values."
    ),
}


def _without_scripts(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a bundle without what only scripts or players could show, and a notice for each thing that is missing."""
    html = data.get("text/html")
    if isinstance(html, str):
        notices = [text for pattern, text in _LEFT_OUT.items() if pattern.search(html)][:1]
    else:
        is_other = any(str(name).startswith(_INTERACTIVE) for name in data)
        notices = (
            list(_LEFT_OUT.values())[-1:]
            if is_other and not any(str(name).startswith("image/") for name in data)
            else []
        )
    if not notices:
        return data, []
    kept = {name: item for name, item in data.items() if name != "text/html"}
    if isinstance(kept.get("text/plain"), str) and _NO_OBJECT.fullmatch(kept["text/plain"]):
        del kept["text/plain"]
    return kept, notices


@dataclass
class Quota:
    """How much text the cells of one run may still print together."""

    text: int


class CellOutputs:
    """The outputs of one cell while it runs."""

    def __init__(
        self, source: str, *, limits: Limits, quota: Quota, translate: Callable[[str], str] = lambda text: text
    ) -> None:
        self._lines = source.count("\n") + 1
        self._limits = limits
        self._quota = quota
        self._translate = translate
        self._text = Printed()
        self._is_cut = False
        self._rich_bytes = self._rich_count = self._metrics = self._left_out = 0
        self._noted: set[str] = set()
        self.error = ""  # the name of the error that the cell raised

    def take(self, kind: str, content: dict[str, Any]) -> Iterator[OutputEvent]:
        """Yield ("output", …) and ("metrics", …) for one message. Never raises for what a kernel may send."""
        try:
            yield from self._take(kind, content)
        except _NONSENSE:
            yield from self._note_once("nonsense", self._translate(_("An output could not be read and was left out.")))

    def _note_once(self, key: str, text: Any) -> Iterator[OutputEvent]:
        if key not in self._noted:
            self._noted.add(key)
            yield notice(text)

    def _take(self, kind: str, content: dict[str, Any]) -> Iterator[OutputEvent]:
        if kind == "stream":
            yield from self._take_text(content)
        elif kind in _DISPLAYS:
            yield from self._take_display(kind, content)
        elif kind == "clear_output":
            self._quota.text += self._text.seen  # what is cleared does not count
            self._text = Printed()
            self._is_cut = False
            self._noted.discard("text")
            yield "output", {"output_type": "clear_output", "wait": bool(content.get("wait"))}
        elif kind == "error":
            yield "output", self._read_error(content)

    # --- text ---

    def _take_text(self, content: dict[str, Any]) -> Iterator[OutputEvent]:
        text = collapse(str(content["text"]))
        before = self._text.seen
        room = 0 if self._is_cut else self._limits.output_bytes_per_cell - before
        kept = self._text.take(text, min(room, self._quota.text))
        self._quota.text -= self._text.seen - before
        if kept and not self._is_cut:
            name = "stderr" if content.get("name") == "stderr" else "stdout"
            yield "output", {"output_type": "stream", "name": name, "text": kept}
        if len(kept) < len(text) or content.get("cut"):
            self._is_cut = True
            if self._quota.text <= 0:
                size = self._limits.output_bytes // KIB
                text = self._translate(_("… cut here: the cells of a run may print %(size)s KiB in all."))
            else:
                size = self._limits.output_bytes_per_cell // KIB
                text = self._translate(_("… cut here: the output of this cell is cut after %(size)s KiB."))
            yield from self._note_once("text", text % {"size": size})

    # --- rich outputs ---

    def _take_display(self, kind: str, content: dict[str, Any]) -> Iterator[OutputEvent]:
        data = content["data"]
        if FIT in data:
            if self._metrics < MAX_METRICS:
                self._metrics += 1
                yield "metrics", read_metrics(data[FIT])
            return
        data, missing = _without_scripts(data)
        for text in missing:
            yield from self._note_each(self._translate(text))
        too_large = [str(name) for name in content.get("too_large") or ()]
        kept: dict[str, Any] = {}
        for name in MAX_ITEM.keys() & data.keys():
            item = _read_item(name, data[name])
            if len(item) > MAX_ITEM[name]:
                too_large.append(name)
            else:
                kept[name] = json.loads(item) if name == "application/json" else item
        if too_large:
            yield from self._note_too_large(too_large)
        size = sum(len(item) if isinstance(item, str) else MAX_ITEM["application/json"] for item in kept.values())
        if self._rich_bytes + size > MAX_RICH_PER_CELL or self._rich_count >= MAX_RICH_OUTPUTS:
            limit = MAX_RICH_PER_CELL // MIB
            text = self._translate(_("… cut here: a cell may show %(size)s MiB of outputs."))
            yield from self._note_once("rich", text % {"size": limit})
        elif kept:
            self._rich_bytes += size
            self._rich_count += 1
            yield "output", _display(kind, kept, content)

    def _note_each(self, text: str) -> Iterator[OutputEvent]:
        """Name what was left out where it stands, so often as a cell may."""
        self._left_out += 1
        if self._left_out <= MAX_LEFT_OUT:
            yield notice(text)

    def _note_too_large(self, names: list[str]) -> Iterator[OutputEvent]:
        if any(name.startswith("image/") for name in names):
            limit = MAX_ITEM["image/png"] // MIB
            text = _("A picture was left out: it may have %(size)s MiB. Show a smaller one, or with a lower dpi.")
        else:
            limit = MAX_ITEM["text/html"] // KIB
            text = _("An output was left out: it may have %(size)s KiB. Show a part of it, such as the first rows.")
        yield from self._note_once(text, self._translate(text) % {"size": limit})

    # --- errors ---

    def _read_error(self, content: dict[str, Any]) -> Output:
        self.error = str(content.get("ename"))[:200]
        lines = [str(line) for line in content.get("traceback") or []]
        output: Output = {
            "output_type": "error",
            "ename": self.error,
            "evalue": error_text(content),
            "traceback": _last(lines, _MAX_TRACEBACK),
        }
        line = find_line(lines)
        return output | ({"line": line} if 1 <= line <= self._lines else {})


def find_line(traceback: list[str]) -> int:
    """Return the line of the cell that ran where an error passed, as the traceback says; 0 where it does not."""
    frames = [(int(cell), int(line)) for cell, line in _OWN_LINE.findall(without_escape_codes("\n".join(traceback)))]
    newest = max((cell for cell, _line in frames), default=0)
    return next((line for cell, line in reversed(frames) if cell == newest), 0)


def read_metrics(report: Any) -> dict[str, Any]:
    """Return one epoch of a fit, each value a finite number. Raises ValueError, TypeError or KeyError for anything else."""
    values = {str(name)[:60]: _number(value) for name, value in list(report["values"].items())[:20]}
    epochs = report.get("epochs")
    return {
        "fit": _whole(report["fit"]),
        "epoch": _whole(report["epoch"]),
        "epochs": None if epochs is None else _whole(epochs),
        "values": values,
        "seconds": _number(report["seconds"]),
    }


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a finite number")
    return float(f"{value:.6g}")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError("not a count")
    return value


def _read_item(name: str, item: Any) -> str:
    """Return a representation as text. Raises ValueError where it is not what its name says."""
    if name == "application/json":
        return json.dumps(item)
    if not isinstance(item, str):
        raise ValueError("not text")
    if name not in ("image/png", "image/jpeg"):
        return item
    picture = "".join(item.split()) if len(item) < 2 * MAX_ITEM[name] else item
    if len(picture) <= MAX_ITEM[name] and not _BASE64.fullmatch(picture):
        raise ValueError("not base64")
    return picture


def _display(kind: str, data: dict[str, Any], content: dict[str, Any]) -> Output:
    output: Output = {"output_type": kind, "data": data, "metadata": _read_metadata(content.get("metadata"))}
    shown_as = (content.get("transient") or {}).get("display_id")
    if isinstance(shown_as, str) and len(shown_as) <= 100:
        output["transient"] = {"display_id": shown_as}
    if kind == "execute_result":
        output["execution_count"] = _whole(content.get("execution_count", 0))
    return output


def _read_metadata(metadata: Any) -> dict[str, Any]:
    """Return the width and height of pictures; nothing else means anything to the page."""
    sizes: dict[str, Any] = {}
    for name in ("image/png", "image/jpeg", "image/svg+xml"):
        given = metadata.get(name) if isinstance(metadata, dict) else None
        if isinstance(given, dict):
            sizes[name] = {
                side: _whole(given[side]) for side in ("width", "height") if isinstance(given.get(side), int)
            }
    return sizes


def _last(lines: list[str], limit: int) -> list[str]:
    """Return as many of the last lines as fit."""
    kept: list[str] = []
    for line in reversed(lines):
        limit -= len(line)
        if limit < 0:
            return ["…", *kept]
        kept.insert(0, line)
    return kept


class Transcript:
    """The text of a cell's outputs, as a report keeps it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._shown: dict[str, int] = {}  # display id → its part
        self._is_to_be_cleared = False
        self._size = 0

    @property
    def text(self) -> str:
        return settle("".join(self._parts))

    def add(self, output: Output) -> None:
        """Take one output (nbformat 4)."""
        kind = output["output_type"]
        if kind == "clear_output":
            self._is_to_be_cleared = True
            if not output["wait"]:
                self._clear()
            return
        if self._is_to_be_cleared and kind != "update_display_data":
            self._clear()
        if kind == "stream":
            self._append(output["text"])
        elif kind in _DISPLAYS:
            plain = output["data"].get("text/plain")
            shown_as = output.get("transient", {}).get("display_id")
            if kind != "update_display_data":
                if shown_as:
                    self._shown[shown_as] = len(self._parts)
                self._append(f"{plain}\n" if plain else "", is_apart=True)
            elif shown_as in self._shown and plain:
                self._parts[self._shown[shown_as]] = f"{plain}\n"

    def _append(self, text: str, *, is_apart: bool = False) -> None:
        self._parts.append(text)
        self._size += len(text)
        if self._size > _MAX_UNSETTLED and not self._shown and not is_apart:
            self._parts = [collapse("".join(self._parts))]
            self._size = len(self._parts[0]) // 2

    def _clear(self) -> None:
        self._parts, self._shown, self._size, self._is_to_be_cleared = [], {}, 0, False
