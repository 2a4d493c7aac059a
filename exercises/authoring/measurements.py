"""What exercise validation measured, kept as `measured.json` beside each exercise. No database, no engine.

A measurement holds for one `version` of the exercise; when that changes, the exercise has to be measured again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Definition
from exercises.authoring.mutants import kinds

FILE = "measured.json"
FOR_READERS = {"title", "summary", "minutes", "cards", "pool", "variant_of"}  # of a definition: they change no grading


@dataclass(frozen=True)
class Measurement:
    """The rows and attacks of a `validation.Validation` for one version of an exercise."""

    version: str
    rows: tuple[dict[str, Any], ...]
    attacks: tuple[dict[str, Any], ...]

    def runs(self, name: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["run"] == name]


def save(measurement: Measurement, folder: Path) -> None:
    """Keep a measurement in the exercise's folder."""
    # One row a line, so that one measurement that changed is one line of a diff.
    rows, attacks = _lines(measurement.rows), _lines(measurement.attacks)
    text = f'{{\n "version": {json.dumps(measurement.version)},\n "rows": [\n{rows}\n ],\n "attacks": [\n{attacks}\n ]\n}}\n'
    (folder / FILE).write_text(text, encoding="utf-8")


def _lines(items: Iterable[dict[str, Any]]) -> str:
    return ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in items)


def read(folder: Path) -> Measurement | None:
    """Return what is kept in an exercise's folder, or None where nothing (sound) is."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Measurement(data["version"], tuple(data["rows"]), tuple(data.get("attacks", ())))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_stale(definition: Definition, folder: Path) -> bool:
    """Tell whether the exercise has changed since it was measured, or never was."""
    kept = read(folder)
    return kept is None or kept.version != version_of(definition)


def version_of(definition: Definition) -> str:
    """Return "sha256:…" over all of a definition that can change a measurement: not its prose, hints or titles."""
    data = {key: value for key, value in definition.to_json().items() if key not in FOR_READERS}
    data["cells"] = [
        {key: cell[key] for key in ("id", "role", "source", "starter", *(["opens"] if cell["opens"] else []))}
        for cell in data["cells"]
        if cell["role"] != "text"
    ]
    data["checks"] = [
        {key: check[key] for key in ("id", "points", "hidden", "required", "requires")} for check in data["checks"]
    ]
    data["thresholds"] = [{key: value for key, value in row.items() if key != "words"} for row in data["thresholds"]]
    data["other_ways"] = [{key: value for key, value in way.items() if key != "why"} for way in data["other_ways"]]
    # Junk of another kind might pass where the kinds of before did not.
    data["automatic mutants"] = kinds.VERSION
    data["mutants"] = [{key: value for key, value in mutant.items() if key != "why"} for mutant in data["mutants"]]
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
