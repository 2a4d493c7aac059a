"""What a page asks of the thread that holds its kernel: commands as data, and as the JSON that lies in a session's inbox.

Only the web process writes into an inbox, but it and the host may be of two versions: what is not exactly a command that we know
is refused (`MalformedCommand`), and never half done.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

RunKind = Literal["cells", "check", "to"]
CellRole = Literal["code", "check"]


class MalformedCommand(Exception):
    """What lies in an inbox is not a command that this version knows."""


@dataclass(frozen=True, kw_only=True)
class CellToRun:
    """A cell of a run, with the source that is to run; a cell of the role `check` is a check of ours."""

    id: str
    source: str
    role: CellRole = "code"


@dataclass(frozen=True, kw_only=True)
class RunCells:
    """Run cells in order, as a version of the exercise has them.

    Of the kind `cells` all of them run. `check`: those that have not run as they are now, and all after them, then the public
    checks. `to` (in a lesson): the last one, and before it those that have not run as they are now.
    """

    run: str
    kind: RunKind
    cells: tuple[CellToRun, ...]
    version: int


@dataclass(frozen=True)
class Interrupt:
    """Stop the cell that runs, and drop the runs that wait."""


@dataclass(frozen=True)
class Restart:
    """Start the kernel anew."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about a place in code; the answer goes into the Redis list `reply`."""

    code: str
    cursor: int
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class Complete(Question):
    """What could stand here?"""


@dataclass(frozen=True, kw_only=True)
class Inspect(Question):
    """What does the kernel know of the name here?"""


Command = RunCells | Interrupt | Restart | Complete | Inspect
_QUESTIONS: dict[str, type[Complete] | type[Inspect]] = {"complete": Complete, "inspect": Inspect}


def write_command(command: Command) -> str:
    """Return a command as JSON."""
    return json.dumps(_fields(command))


def _fields(command: Command) -> dict[str, Any]:
    match command:
        case RunCells():
            return {"do": "run", **vars(command), "cells": [vars(cell) for cell in command.cells]}
        case Interrupt():
            return {"do": "interrupt"}
        case Restart():
            return {"do": "restart"}
        case Question():
            return {"do": "complete" if isinstance(command, Complete) else "inspect", **vars(command)}


def read_command(text: str) -> Command:
    """Read a command from JSON. Raises MalformedCommand."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedCommand("not JSON") from None
    match fields:
        case {"do": "run", "run": str(run), "kind": "cells" | "check" | "to" as kind, "cells": list(cells),
              "version": int(version)}:  # fmt: skip
            return RunCells(run=run, kind=kind, cells=tuple(map(_read_cell, cells)), version=version)
        case {"do": "interrupt"}:
            return Interrupt()
        case {"do": "restart"}:
            return Restart()
        case {"do": "complete" | "inspect" as question, "code": str(code), "cursor": int(cursor), "reply": str(reply)}:
            return _QUESTIONS[question](code=code, cursor=cursor, reply=reply)
    raise MalformedCommand(str(fields)[:200])


def _read_cell(fields: Any) -> CellToRun:
    match fields:
        case {"id": str(cell), "source": str(source), "role": "code" | "check" as role}:
            return CellToRun(id=cell, source=source, role=role)
    raise MalformedCommand(f"not a cell: {str(fields)[:200]}")
