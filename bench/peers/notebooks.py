"""The assignments as notebooks, in the form that each of the other graders reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .assignments import Assignment, Part

_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write(assignment: Assignment, path: Path, cell: Callable[[Part], dict[str, Any] | None]) -> None:
    """Write a notebook of what `cell` returns for each part ("source", "metadata"); a part for which it is None is left out."""
    cells = [
        {"cell_type": "code", "id": part.id, "metadata": {}, "outputs": [], "execution_count": None, **content}
        for part in assignment.parts
        if (content := cell(part)) is not None
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": _KERNEL}, "cells": cells}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))


def nbgrader_source(part: Part) -> dict[str, Any]:
    """A cell of nbgrader's source notebook."""
    return {"source": part.source, "metadata": _nbgrader_metadata(part)}


def nbgrader_submission(part: Part) -> dict[str, Any]:
    """The same cell as a learner hands it in."""
    return {"source": part.solved, "metadata": _nbgrader_metadata(part)}


def otter_submission(part: Part) -> dict[str, Any] | None:
    """A cell of the notebook that Otter grades; its checks are files beside it."""
    return None if part.role == "check" else {"source": part.solved}


def _nbgrader_metadata(part: Part) -> dict[str, Any]:
    about: dict[str, Any] = {
        "grade": part.role == "check",
        "grade_id": part.id,
        "locked": part.role != "solution",
        "solution": part.role == "solution",
        "schema_version": 3,
        "task": False,
    }
    if part.role == "check":
        about["points"] = 1
    return {"nbgrader": about}
