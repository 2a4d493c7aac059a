"""The JSON of each kind of entry is what pages read: no name of it may change."""

import pytest

from exercises.kernels.journal_entries import (
    CellEntry,
    CheckEntry,
    KernelEntry,
    MetricsEntry,
    OutputEntry,
    RunEntry,
)
from exercises.kernels.session import SessionState

CHECK = {"run": "r", "id": "adds", "title": "Adds", "outcome": "failed", "points": 0, "max_points": 2, "message": "no"}
WRITTEN = [
    (KernelEntry(state=SessionState(state="busy")), "kernel", SessionState(state="busy").as_json()),
    (CellEntry(run="r", cell="add", status="ok", seconds=0.5, count=3), "cell",
     {"run": "r", "cell": "add", "status": "ok", "seconds": 0.5, "count": 3}),
    (CellEntry(run="r", cell="add", status="queued"), "cell",
     {"run": "r", "cell": "add", "status": "queued", "seconds": 0.0, "count": None}),
    (OutputEntry(run="r", cell="add", output={"output_type": "stream"}), "output",
     {"run": "r", "cell": "add", "output": {"output_type": "stream"}}),
    (MetricsEntry(run="r", cell="add", metrics={"fit": 1, "epoch": 2}), "metrics",
     {"run": "r", "cell": "add", "fit": 1, "epoch": 2}),
    (CheckEntry(**CHECK), "check", CHECK),
    (CheckEntry(**CHECK, metrics=({"name": "mae"},)), "check", {**CHECK, "metrics": [{"name": "mae"}]}),
    (RunEntry(run="r", status="finished"), "run", {"run": "r", "status": "finished", "message": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "kind", "fields"), WRITTEN)
def test_it_works(entry, kind, fields):
    assert (entry.kind, entry.as_json()) == (kind, fields)
