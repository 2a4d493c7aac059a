"""A definition → the learner's `.ipynb`; an uploaded `.ipynb` → the sources of its solution cells.

An upload is untrusted bytes: it is parsed, measured and matched by cell id; nothing of it but the solution cells' text
is kept, and nothing is executed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NewType

from exercises.assignment.definition import Cell, Definition
from exercises.assignment.matching import Given, match_cells, wanted_names

MAX_BYTES = 2 * 2**20  # of what is kept: the solution cells
MAX_FILE_BYTES = 16 * 2**20  # of an upload, outputs and pictures included, which are thrown away
MAX_CELLS = 500
HIDDEN_CELL_ID = "hidden-checks"
TOOLS_CELL_ID = "check-tools"
TOOLS = Path(__file__).parents[1] / "runner" / "checking.py"  # read as text: nothing of the runner is imported here
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


Sources = NewType(
    "Sources", dict[str, str]
)  # what is submitted: every solution cell by id, storable, with Unix line ends


@dataclass(frozen=True, kw_only=True)
class CellProblem:
    """Why a notebook cannot be taken. `cell` is the id of one of our cells, "#3" for the third cell, or "" for all."""

    message: str
    cell: str = ""


class InvalidNotebook(Exception):
    """The bytes are not a notebook of this exercise; `problems` has every reason that was found."""

    def __init__(self, problems: list[CellProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems

    def to_json(self) -> list[dict[str, str]]:
        return [asdict(problem) for problem in self.problems]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What was taken from a notebook: the source of each solution cell, and what we put right, in words."""

    sources: Sources
    repairs: list[str] = field(default_factory=list)


# --- out -----------------------------------------------------------------------------------------------------------


def learner_notebook(definition: Definition, sources: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the learner's copy as nbformat 4.5, with the starters or with `sources` in the solution cells."""
    texts = {**definition.starter_sources(), **(sources or {})}
    cells = [_cell(cell, texts.get(cell.id, cell.source)) for cell in definition.public_cells]
    first = _first_check(definition)
    if first is not None:
        cells.insert(first, _tools())
    hidden = [check for check in definition.checks if check.hidden]
    if hidden:
        rows = "\n".join(f"- {check.title} ({check.points} points)" for check in hidden)
        cells.append(_written(HIDDEN_CELL_ID, "text", f"## Checked when you submit\n\n{rows}"))
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "title": definition.title,
            "kernelspec": dict(KERNELSPEC),
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
            "learnpaths": {"exercise": definition.id, "version": definition.digest()},
        },
        "cells": cells,
    }


def _cell(cell: Cell, source: str) -> dict[str, Any]:
    written = _written(cell.id, cell.role, source)
    if cell.role in ("text", "setup", "check"):
        written["metadata"]["editable"] = False
    written["metadata"]["deletable"] = False
    return written


def _first_check(definition: Definition) -> int | None:
    return next((place for place, cell in enumerate(definition.public_cells) if cell.role == "check"), None)


@cache
def _tools_source() -> str:
    return f"# What the checks below compare with: run it, you need not read it\n{TOOLS.read_text(encoding='utf-8').rstrip()}"


def _tools() -> dict[str, Any]:
    """Return the cell that lets the checks run in any Jupyter; in the page and in grading they bring their own."""
    written = _written(TOOLS_CELL_ID, "setup", _tools_source())
    written["metadata"] |= {"editable": False, "deletable": False, "jupyter": {"source_hidden": True}}
    return written


def _written(cell_id: str, role: str, source: str) -> dict[str, Any]:
    base = {"id": cell_id, "metadata": {"learnpaths": {"id": cell_id, "role": role}}, "source": source}
    if role == "text":
        return {"cell_type": "markdown", **base}
    return {"cell_type": "code", "execution_count": None, "outputs": [], **base}


# --- in ------------------------------------------------------------------------------------------------------------


def read_submission(raw: bytes, definition: Definition) -> Intake:
    """Return what the learner wrote. Raises InvalidNotebook with every problem."""
    document = _parsed(raw)
    origin = _origin(document, definition)
    given, problems = _given(document["cells"])
    matched = match_cells(given, definition, (TOOLS_CELL_ID, HIDDEN_CELL_ID))
    if not problems and given and not (matched.texts or matched.questions or matched.wrong_types):
        raise _invalid(
            f"This is another notebook: none of its {len(given)} cells belongs to {definition.title!r}. "
            "Download this exercise's notebook and copy your cells into it."
        )
    problems += [CellProblem(cell=cell_id, message=question) for cell_id, question in matched.questions]
    ambiguous = {cell_id for cell_id, _ in matched.questions}
    sources = {cell.id: matched.texts[cell.id] for cell in definition.solution_cells if cell.id in matched.texts}
    for cell in definition.solution_cells:
        if cell.id in matched.wrong_types:
            problems.append(CellProblem(cell=cell.id, message="This is no longer a code cell. Change its type back."))
        elif cell.id not in sources and cell.id not in ambiguous:
            names = ", ".join(sorted(wanted_names(cell))[:4])
            message = (
                f"This cell is missing: no cell defines {names}. Undo the deletion, or download the notebook again."
            )
            problems.append(CellProblem(cell=cell.id, message=message))
    problems += check_sources(definition, sources, is_whole=False)
    if problems:
        raise InvalidNotebook(problems)
    order = ["The cells were in another order; they run in the exercise's order."] if matched.is_reordered else []
    return Intake(
        sources=Sources(sources), repairs=origin + matched.repairs + order + _restored(matched.texts, definition)
    )


def clean_sources(definition: Definition, sources: Mapping[str, Any]) -> Sources:
    """Return what somebody wants to submit as `Sources`. Raises InvalidNotebook where a cell is missing, unknown or not storable."""
    problems = check_sources(definition, sources)
    if problems:
        raise InvalidNotebook(problems)
    return Sources({cell_id: clean_source(text) for cell_id, text in sources.items()})


def check_sources(definition: Definition, sources: Mapping[str, Any], *, is_whole: bool = True) -> list[CellProblem]:
    """Return what is wrong with sources by cell id; with `is_whole`, each solution cell must be there."""
    known = {cell.id for cell in definition.solution_cells}
    problems = [
        CellProblem(message=f"{_shown(cell_id)} is not a cell that you can change in this exercise.")
        for cell_id in sources
        if cell_id not in known
    ]
    if is_whole:
        missing = [cell.id for cell in definition.solution_cells if cell.id not in sources]
        problems += [CellProblem(cell=cell_id, message="This cell is missing.") for cell_id in missing]
    size = 0
    for cell_id in known & sources.keys():
        text = sources[cell_id]
        if not isinstance(text, str):
            problems.append(CellProblem(cell=cell_id, message="The source of a cell is text."))
            continue
        problem = unstorable(text)
        if problem:
            problems.append(CellProblem(cell=cell_id, message=problem))
        size += len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        problems.append(CellProblem(message=_too_large(size)))
    return problems


def clean_source(text: str) -> str:
    """Return the text with Unix line ends: browsers send text areas with carriage returns."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_FILE_BYTES:
        raise _invalid(
            f"This file has {len(raw):,} bytes; at most {MAX_FILE_BYTES:,} are read. Clear its outputs and try again."
        )
    try:
        document = json.loads(raw)
    except RecursionError:
        raise _invalid("This file is nested too deeply to be a notebook.") from None
    except (ValueError, MemoryError):
        raise _invalid("This file is not JSON. Upload the .ipynb file itself.") from None
    if not isinstance(document, dict) or not isinstance(document.get("cells", document.get("worksheets")), list):
        raise _invalid("This file is JSON but not a notebook: it has no list of cells.")
    major = document.get("nbformat")
    if major != 4 or isinstance(major, bool):
        raise _invalid(f"This is a notebook of format {_shown(major)}; save it in format 4.")
    if not isinstance(document.get("cells"), list):
        raise _invalid("This file is JSON but not a notebook: it has no list of cells.")
    if len(document["cells"]) > MAX_CELLS:
        raise _invalid(f"This notebook has {len(document['cells'])} cells; at most {MAX_CELLS} are taken.")
    return document


def _origin(document: dict[str, Any], definition: Definition) -> list[str]:
    origin = _mapping(_mapping(document.get("metadata")).get("learnpaths"))
    exercise = origin.get("exercise")
    if exercise is not None and exercise != definition.id:
        raise _invalid(f"This is the notebook of another exercise ({_shown(exercise)}), not of {definition.id!r}.")
    if exercise is None:
        return ["The notebook did not say which exercise it is for; its cells were matched one by one."]
    if origin.get("version") != definition.digest():
        return ["The notebook was made for another version of this exercise; it is graded by the current version."]
    return []


def _given(cells: list[Any]) -> tuple[list[Given], list[CellProblem]]:
    """Return the uploaded cells as data, without their outputs, and the problems of those that are none."""
    given, problems = [], []
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict) or not _has_text(cell):
            problems.append(CellProblem(cell=f"#{number}", message="This cell is not written as a cell of a notebook."))
            continue
        given.append(Given(number=number, is_code=cell.get("cell_type") == "code", text=_text(cell), id=_id(cell)))
    return given, problems


def _restored(texts: Mapping[str, str], definition: Definition) -> list[str]:
    locked = [cell for cell in definition.public_cells if cell.role != "solution"]
    edited = [cell.id for cell in locked if cell.id in texts and texts[cell.id].strip() != cell.source.strip()]
    missing = [cell.id for cell in locked if cell.id not in texts]
    repairs = []
    if edited:
        repairs.append(f"Locked cells that were edited run as the exercise has them: {', '.join(edited)}.")
    if missing:
        repairs.append(f"Locked cells that were deleted were put back: {', '.join(missing)}.")
    return repairs


def _id(cell: dict[str, Any]) -> str:
    """Return the id that a cell claims: our own metadata's (an editor keeps it, a copy has it too), else its own."""
    marked = _mapping(_mapping(cell.get("metadata")).get("learnpaths")).get("id")
    plain = cell.get("id")
    return next((value for value in (marked, plain) if isinstance(value, str)), "")


def _has_text(cell: dict[str, Any]) -> bool:
    source = cell.get("source")
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return clean_source(source if isinstance(source, str) else "".join(source))


def unstorable(text: str) -> str:
    """Return why a source cannot be kept or run, or an empty string."""
    if "\0" in text:
        return "This cell contains a null byte, which Python cannot run. Delete it."
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"This cell contains half of a character at position {error.start} (a lone surrogate). Delete it."
    return ""


def _too_large(size: int) -> str:
    return f"Your cells have {size:,} bytes; at most {MAX_BYTES:,} are taken."


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown(value: object) -> str:
    """Return a value of the upload, short and in ASCII, to be named in a message."""
    try:
        return ascii(value)[:60]
    except (RecursionError, ValueError):
        return "something else"


def _invalid(message: str) -> InvalidNotebook:
    return InvalidNotebook([CellProblem(message=message)])
