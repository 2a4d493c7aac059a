"""The attacks as a table for people: `pytest tests/exercises/attacks --attack-table FILE` writes it as Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEAD = "| group | case | expected | verdict | points | seconds | held |\n|---|---|---|---|---|---|---|\n"


@dataclass
class Row:
    """One test: what it expected, the report that it looked at last, and whether the engine held."""

    group: str
    case: str
    seconds: float = 0.0
    expected: set[str] = field(default_factory=set)
    report: dict[str, Any] | None = None
    held: str = ""

    def as_text(self) -> str:
        verdict, points = (self.report["verdict"], self.report["points"]) if self.report else ("refused", "-")
        expected = " or ".join(sorted(self.expected)) or "refused"
        cells = (self.group, self.case, expected, verdict, points, f"{self.seconds:.1f}", self.held)
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


class Table:
    """Collects rows; `row` is the one of the test that runs now."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.row = Row("", "")

    def begin(self, group: str, name: str) -> None:
        """Open the row of a test; `name` is pytest's, with the case in brackets."""
        test, _, case = name.removeprefix("test_").partition("[")
        words = test.replace("_", " ")
        self.row = Row(group, f"{words}: {case.rstrip(']')}" if case else words)
        self.rows.append(self.row)

    def end(self, *, seconds: float, held: bool) -> None:
        """Close the row of the test that runs now."""
        self.row.seconds, self.row.held = seconds, "yes" if held else "**NO**"

    def expect(self, report: dict[str, Any], verdicts: Iterable[str]) -> None:
        """Note what a test expects of the report that it is looking at."""
        self.row.report = report
        self.row.expected |= set(verdicts)

    def write(self, path: Path) -> None:
        """Write all rows and how many held."""
        held = sum(row.held == "yes" for row in self.rows)
        rows = "".join(row.as_text() for row in self.rows)
        path.write_text(f"{held} of {len(self.rows)} attacks were withstood.\n\n{HEAD}{rows}")


TABLE = Table()
