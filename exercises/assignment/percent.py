"""An exercise's notebook file as cells with their line numbers: jupytext's percent format, or `.ipynb`."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from learnpaths.catalog.tables import Problem, SourceFile

MAX_BYTES = 16 * 2**20  # an .ipynb may carry its author's outputs
OPENING = re.compile(r"^# ?%%(?P<rest>.*)$")
KEY = re.compile(r"\s*([A-Za-z_][\w-]*)=")


@dataclass(kw_only=True)
class SourceCell:
    """A cell as written: `line` is where its first line of `source` stands in the file."""

    line: int
    is_markdown: bool
    metadata: dict[str, Any]
    source: str = ""


@dataclass(kw_only=True)
class SourceNotebook:
    """All cells of one file, and what was wrong with the file."""

    file: SourceFile
    cells: list[SourceCell] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return self.file.problems

    def report(self, line: int, message: str) -> None:
        self.file.report(line, message)


def read_cells(path: Path) -> SourceNotebook:
    """Return the cells of a `.py` or `.ipynb` file. Never raises for what is in the file."""
    notebook = SourceNotebook(file=SourceFile(path, str(path), []))
    text = notebook.file.text(maximum=MAX_BYTES)
    if text is None:
        return notebook
    if path.suffix == ".ipynb":
        _read_ipynb(text, notebook)
    else:
        _read_percent(text, notebook)
    return notebook


def _read_percent(text: str, notebook: SourceNotebook) -> None:
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        opening = OPENING.match(line)
        if opening:
            _close(notebook, lines)
            lines = []
            notebook.cells.append(_opened(notebook, number, opening["rest"].strip()))
        elif notebook.cells:
            lines.append(line)
        elif line.strip() and not line.startswith("#"):
            notebook.report(number, "Text stands before the first cell; open a cell with `# %%` above it.")
    _close(notebook, lines)
    if not notebook.cells:
        notebook.report(1, "This notebook has no cells; a cell opens with `# %%`.")


def _opened(notebook: SourceNotebook, number: int, rest: str) -> SourceCell:
    is_markdown = rest.startswith("[markdown]")
    metadata, leftover = _metadata(rest.removeprefix("[markdown]"))
    if leftover:
        notebook.report(number, f"A cell's metadata is written key=json; this is not: {leftover[:60]!r}.")
    return SourceCell(line=number + 1, is_markdown=is_markdown, metadata=metadata)


def _metadata(text: str) -> tuple[dict[str, Any], str]:
    """Return the pairs of `a="x" b=[1]` and the first text that is not such a pair."""
    # JSON's own decoder says where a value ends, so texts may contain spaces, brackets and quotes.
    decoder = json.JSONDecoder()
    values: dict[str, Any] = {}
    position = 0
    while position < len(text.rstrip()):
        key = KEY.match(text, position)
        if key is None or key[1] in values:
            return values, text[position:].strip()
        try:
            values[key[1]], position = decoder.raw_decode(text, key.end())
        except (ValueError, RecursionError):
            return values, text[position:].strip()
    return values, ""


def _close(notebook: SourceNotebook, lines: list[str]) -> None:
    if not notebook.cells:
        return
    cell = notebook.cells[-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
        cell.line += 1
    if cell.is_markdown:
        for offset, line in enumerate(lines):
            if line.strip() and not line.startswith("#"):
                notebook.report(cell.line + offset, "A line of a Markdown cell begins with `# `.")
        lines = [re.sub(r"^# ?", "", line) for line in lines]
    cell.source = "\n".join(lines).rstrip()


def _read_ipynb(text: str, notebook: SourceNotebook) -> None:
    try:
        document = json.loads(text)
        cells = document["cells"]
        for number, cell in enumerate(cells, start=1):
            source = cell["source"]
            metadata = dict(cell.get("metadata", {}))
            # A notebook that we wrote keeps our keys apart from those of editors.
            metadata = metadata.get("learnpaths", metadata)
            if "id" not in metadata and "id" in cell:
                metadata = {"id": cell["id"], **metadata}
            notebook.cells.append(
                SourceCell(
                    line=_line_of_cell(text, number),
                    is_markdown=cell["cell_type"] != "code",
                    metadata=metadata,
                    source=(source if isinstance(source, str) else "".join(source)).rstrip(),
                )
            )
    except (ValueError, RecursionError) as error:
        notebook.report(getattr(error, "lineno", 1), f"This is not JSON: {error}.")
    except (KeyError, TypeError, AttributeError):
        notebook.report(1, "This is not a notebook of format 4: `cells` with `cell_type` and `source` is missing.")


def _line_of_cell(text: str, number: int) -> int:
    """Return the line of the n-th `"cell_type"`: near enough for a file that a machine wrote."""
    heads = list(re.finditer(r'"cell_type"', text))
    return text.count("\n", 0, heads[number - 1].start()) + 1 if len(heads) >= number else 1
