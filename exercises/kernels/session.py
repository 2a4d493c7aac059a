"""The shapes of a session: its record in Redis, what a page sees of it, and what a host holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

SessionStateName = Literal["none", "waiting", "starting", "idle", "busy", "ended"]
LIVE: tuple[SessionStateName, ...] = ("waiting", "starting", "idle", "busy")
HELD: tuple[SessionStateName, ...] = ("starting", "idle", "busy")  # by a host


def key_of(user: int, subject: str) -> str:
    """Return the name of a session's record. Only ever made from the signed-in user and the address."""
    return f"kernel:{user}:{subject}"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a session needs to begin: whose it is, of which version of an exercise, in which runtime, with which seed."""

    user: int
    exercise: str
    version: int
    runtime: str
    seed: int

    @property
    def key(self) -> str:
        return key_of(self.user, self.exercise)


@dataclass(frozen=True, kw_only=True)
class CellRecord:
    """How a cell ran last in this kernel: its number there (None: it did not end), the SHA-256 of its source, its status."""

    count: int | None
    digest: str
    status: str


CellRecords = Mapping[str, CellRecord]  # by the cell's id


def write_cells(cells: CellRecords) -> str:
    """Return the cells that have run as JSON."""
    return json.dumps({cell: asdict(record) for cell, record in cells.items()})


def _read_cells(text: str) -> dict[str, CellRecord]:
    return {cell: CellRecord(**fields) for cell, fields in json.loads(text).items()}


@dataclass(frozen=True, kw_only=True)
class SessionState:
    """What a page sees of a session. `position` is its place among those that wait, from 1; else 0."""

    state: SessionStateName = "none"
    position: int = 0
    reason: str = ""
    message: str = ""
    cells: CellRecords = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the state as pages and the API read it; `seconds` has no value yet."""
        cells = {cell: asdict(record) for cell, record in self.cells.items()}
        return {
            "state": self.state, "position": self.position, "seconds": None,
            "reason": self.reason, "message": self.message, "cells": cells,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Record:
    """A session as Redis has it. The record is the truth; `since` is when it last changed, in seconds of Unix time."""

    id: str
    state: SessionStateName
    reason: str
    message: str
    cells: CellRecords
    since: float
    host: str
    runtime: str
    version: int
    seed: int

    def shown(self, position: int = 0) -> SessionState:
        """Return what the page sees."""
        return SessionState(
            state=self.state, position=position, reason=self.reason, message=self.message, cells=self.cells
        )


def read_record(fields: Mapping[str, str]) -> Record | None:
    """Read a record from the fields of its Redis hash; None where there is none."""
    if not fields:
        return None
    return Record(
        id=fields["id"],
        state=cast("SessionStateName", fields["state"]),
        reason=fields["reason"],
        message=fields["message"],
        cells=_read_cells(fields["cells"]),
        since=float(fields["since"]),
        host=fields["host"],
        runtime=fields["runtime"],
        version=int(fields["version"]),
        seed=int(fields["seed"]),
    )


@dataclass(frozen=True, kw_only=True)
class HeldSession:
    """A session that a host has taken: its kernel runs there, until the record says otherwise."""

    key: str
    id: str
    host: str
    version: int
    seed: int
