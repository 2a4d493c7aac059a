"""Publishes what happens in one kernel: the session's record and its journal."""

from typing import Any

from exercises.assignment.definition import Check
from exercises.kernels import sessions
from exercises.kernels.commands import RunCells
from exercises.kernels.host.work import Closing
from exercises.kernels.journal import Journal
from exercises.kernels.journal_entries import (
    CellEntry,
    CheckEntry,
    KernelEntry,
    MetricsEntry,
    OutputEntry,
    RunEntry,
)
from exercises.kernels.session import CellRecord, HeldSession, SessionStateName
from exercises.sandbox.run import CheckRun


class EventPublisher:
    """`cells` is what has run in this kernel, by the cell's id."""

    def __init__(self, session: HeldSession) -> None:
        self._session = session
        self._journal = Journal(session.key)
        self.cells: dict[str, CellRecord] = {}

    def clear(self) -> None:
        """Forget what was published of the kernel so far."""
        self._journal.clear()
        self.cells = {}

    def save(self, state: SessionStateName, *, reason: str = "", message: str = "") -> None:
        """Write the record. Raises Closing where the session is no longer ours."""
        if not sessions.update(self._session, state, reason=reason, message=message, cells=self.cells):
            raise Closing("worker_stopped")

    def publish_state(self, state: SessionStateName, *, reason: str = "", message: str = "") -> None:
        """Write the record and publish the change. Raises Closing where the session is no longer ours."""
        self.save(state, reason=reason, message=message)
        self._journal.write(KernelEntry(state=sessions.state(self._session.key)))

    def publish_cell(
        self, run: RunCells, cell: str, status: str, *, seconds: float = 0.0, count: int | None = None
    ) -> None:
        """Publish how a cell does."""
        self._journal.write(CellEntry(run=run.run, cell=cell, status=status, seconds=seconds, count=count))

    def begin_cell(self, run: RunCells, cell: str) -> None:
        """Publish that a cell runs, and forget what it showed before."""
        self._journal.forget_cell(cell)
        self.publish_cell(run, cell, "running")

    def publish_output(self, run: RunCells, cell: str, kind: str, content: dict[str, Any]) -> None:
        """Publish what a cell shows (`output`), or how a fit goes (`metrics`)."""
        if kind == "metrics":
            self._journal.write(MetricsEntry(run=run.run, cell=cell, metrics=content), of_cell=cell)
            return
        if content.get("output_type") == "clear_output" and not content["wait"]:
            self._journal.forget_cell(cell)
        self._journal.write(OutputEntry(run=run.run, cell=cell, output=content), of_cell=cell)

    def publish_check(self, run: RunCells, check: Check, outcome: CheckRun) -> None:
        """Publish a check's outcome."""
        has_passed = outcome.outcome == "passed"
        entry = CheckEntry(
            run=run.run,
            id=check.id,
            title=check.title,
            outcome=outcome.outcome,
            points=check.points if has_passed else 0,
            max_points=check.points,
            message="" if has_passed else outcome.words or outcome.message,
            metrics=outcome.metrics,
        )
        self._journal.write(entry)

    def publish_run(self, run: RunCells, status: str, message: Any = "") -> None:
        """Publish how a run ended."""
        self._journal.write(RunEntry(run=run.run, status=status, message=str(message)))
