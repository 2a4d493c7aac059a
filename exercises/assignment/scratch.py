"""A learner's own cells among those of an exercise: to try things in, kept with the draft, never submitted.

As JSON: a list of `{"id": "scratch-…", "source": text, "after": id}` in the order of the notebook, where `after` is the cell above, or empty.
"""

import re
from collections.abc import Sequence
from typing import Any

from exercises.assignment.notebook_files import MAX_BYTES, CellProblem, clean_source, unstorable

SCRATCH_ID = re.compile(r"scratch-[a-z0-9]{1,12}")
MAX_SCRATCH = 100
_AFTER = re.compile(r"[a-z0-9-]{0,64}")


def check_scratch(cells: Sequence[Any]) -> list[CellProblem]:
    """Return what is wrong with such a list, or an empty one."""
    if len(cells) > MAX_SCRATCH:
        return [CellProblem(message=f"There are {len(cells)} scratch cells; at most {MAX_SCRATCH} are kept.")]
    problems = []
    ids = set()
    size = 0
    for number, cell in enumerate(cells, start=1):
        if not _is_scratch(cell) or cell["id"] in ids:
            message = f"Scratch cell {number} is not an object of id, source and after, or another one has its id."
            problems.append(CellProblem(message=message))
            continue
        if problem := unstorable(cell["source"]):
            problems.append(CellProblem(cell=cell["id"], message=problem))
        ids.add(cell["id"])
        size += len(cell["source"].encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        problems.append(CellProblem(message=f"The scratch cells have {size:,} bytes; at most {MAX_BYTES:,} are kept."))
    return problems


def clean_scratch(cells: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return the cells with Unix line ends."""
    return [{**cell, "source": clean_source(cell["source"])} for cell in cells]


def _is_scratch(cell: Any) -> bool:
    return (
        isinstance(cell, dict)
        and cell.keys() == {"id", "source", "after"}
        and all(isinstance(value, str) for value in cell.values())
        and bool(SCRATCH_ID.fullmatch(cell["id"]))
        and bool(_AFTER.fullmatch(cell["after"]))
    )
