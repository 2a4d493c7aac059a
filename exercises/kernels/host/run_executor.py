"""Runs the cells of a run in one kernel, and publishes what they show and how they end."""

import hashlib
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from exercises.assignment.definition import Definition, Limits
from exercises.kernels import end_messages
from exercises.kernels.commands import CellToRun, RunCells
from exercises.kernels.host.check_runner import CheckRunner
from exercises.kernels.host.definitions import find_definition
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.work import Restarting, Work, WorkMonitor, format_seconds
from exercises.kernels.session import CellRecord, HeldSession
from exercises.sandbox.console import Console
from exercises.sandbox.outputs import CellOutputs, Quota, notice


class RunExecutor:
    """Executes runs in one kernel, one after the other; `tick` is called several times a second while the kernel works.

    What `tick` raises ends the run, and so does the kernel's end (RunEnded).
    """

    def __init__(
        self,
        console: Console,
        publisher: EventPublisher,
        monitor: WorkMonitor,
        *,
        session: HeldSession,
        definition: Definition,
        limits: Limits,
        cell_seconds: float,
        tick: Callable[[], None],
    ) -> None:
        self._console = console
        self._publisher = publisher
        self._monitor = monitor
        self._version = session.version
        self._definition = definition
        self._limits = limits
        self._cell_seconds = cell_seconds
        self._tick = tick
        self._check_runner = CheckRunner(console, publisher, seed=session.seed)
        self._sources: dict[str, str] = {}  # of the cells that have run, as they ran

    def execute(self, run: RunCells) -> None:
        """Do the cells of a run in order; what follows an error or a stop is skipped."""
        definition = self._definition if run.version == self._version else find_definition(run.version)
        left = deque(run.cells)
        status, message = "failed", ""
        try:
            status = self._execute_cells(run, left, definition)
            if status == "finished" and run.kind == "check":
                status = self._run_public_checks(run, definition)
        except Restarting:
            status, message = "stopped", _("The kernel was started anew.")
            raise
        except BaseException:
            status, message = "failed", str(end_messages.NOT_RUN) if left else ""
            raise
        finally:
            for cell in left:
                self._publisher.publish_cell(run, cell.id, "skipped")
            self._publisher.publish_run(run, status, message)

    def _execute_cells(self, run: RunCells, left: deque[CellToRun], definition: Definition) -> str:
        """Do the cells that are left until one fails or is stopped; return how the run ends for it."""
        quota = Quota(self._limits.output_bytes)
        has_changed = False
        last_count = 0
        while left:
            cell = left.popleft()
            if not has_changed and (record := self._find_valid(run, cell, last_count, is_last=not left)):
                last_count = record.count or 0
                self._publisher.publish_cell(run, cell.id, "ok", count=record.count)
                continue
            has_changed = True  # what comes after a cell may depend on it
            outcome = self._execute_cell(run, cell, definition, quota)
            if outcome == "error" and cell.id in definition.locked:
                self._publisher.publish_output(run, cell.id, *notice(end_messages.OURS))
            elif outcome != "ok":
                return "stopped" if outcome == "interrupted" else "failed"
        return "finished"

    def _find_valid(self, run: RunCells, cell: CellToRun, last_count: int, *, is_last: bool) -> CellRecord | None:
        """Return the record of a cell that ran well as it is now, where the run asks no more of it.

        A cell of a lesson must also have run after the cell before it, whose number is `last_count`.
        """
        record = self._publisher.cells.get(cell.id)
        if record is None or record.status != "ok" or record.digest != _digest(cell.source):
            return None
        is_in_order = run.kind == "to" and not is_last and (record.count or 0) > last_count
        return record if run.kind == "check" or is_in_order else None

    def _execute_cell(self, run: RunCells, cell: CellToRun, definition: Definition, quota: Quota) -> str:
        if cell.role == "check":
            return self._run_check_cell(run, cell, definition)
        return self._run_code_cell(run, cell, quota)

    def _run_code_cell(self, run: RunCells, cell: CellToRun, quota: Quota) -> str:
        outputs = CellOutputs(cell.source, limits=self._limits, quota=quota, translate=_)
        self._publisher.begin_cell(run, cell.id)
        status, count, started = "interrupted", None, time.monotonic()

        def on_output(kind: str, content: dict[str, Any]) -> None:
            for event, output in outputs.take(kind, content):
                self._publisher.publish_output(run, cell.id, event, output)

        on_late = partial(self._publisher.publish_output, run, cell.id, *notice(end_messages.LATE))
        try:
            with self._monitor.watch(self._seconds) as work:
                ended = self._console.run_cell(cell.source, on_output=on_output, tick=self._tick, on_late=on_late)
            status, count = ended.status, ended.count
            if status == "error" and work.is_stopped and outputs.error == "KeyboardInterrupt":
                status = "interrupted"
            if work.is_late:
                text = _("Stopped: a cell may run for %(seconds)s. What it had done so far is still there.")
                stopped = notice(text % {"seconds": format_seconds(work.seconds)})
                self._publisher.publish_output(run, cell.id, *stopped)
        finally:
            self._publisher.cells[cell.id] = CellRecord(count=count, digest=_digest(cell.source), status=status)
            self._sources[cell.id] = cell.source
            self._publisher.publish_cell(run, cell.id, status, seconds=_since(started), count=count)
        self._publisher.save("busy")
        return status

    @property
    def _seconds(self) -> float:
        return self._cell_seconds or self._definition.limits.wall_seconds

    # --- checks ---

    def _run_check_cell(self, run: RunCells, cell: CellToRun, definition: Definition) -> str:
        self._publisher.publish_cell(run, cell.id, "running")
        started = time.monotonic()
        status = "interrupted"
        try:
            if self._run_checks(run, definition, [cell.id]):
                status = "ok"
        finally:
            self._publisher.publish_cell(run, cell.id, status, seconds=_since(started))
        return status

    def _run_public_checks(self, run: RunCells, definition: Definition) -> str:
        public = [check.id for check in definition.checks if not check.hidden]
        return "finished" if self._run_checks(run, definition, public) else "stopped"

    def _run_checks(self, run: RunCells, definition: Definition, checks: list[str]) -> bool:
        sources = {**self._sources, **{cell.id: cell.source for cell in run.cells}}
        with self._monitor.watch(self._seconds) as work:
            tick = partial(self._tick_unless_stopped, work)
            return self._check_runner.run(run, definition, checks, sources, work=work, tick=tick)

    def _tick_unless_stopped(self, work: Work) -> None:
        self._tick()
        work.check_stopped()


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode(errors="replace")).hexdigest()


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
