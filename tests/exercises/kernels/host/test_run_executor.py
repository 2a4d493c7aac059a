"""Which cells of a run are run, what is published of them, and how the run ends; the kernel itself is scripted."""

import pytest

from exercises.assignment.definition import Limits
from exercises.kernels import journal, sessions
from exercises.kernels.commands import CellToRun, RunCells
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.run_executor import RunExecutor
from exercises.kernels.host.time_limits import TimeLimits
from exercises.kernels.host.work import Closing, Restarting, WorkMonitor
from exercises.sandbox.console import CellEnd
from exercises.sandbox.examination import CheckRun
from tests.exercises.kernels.test_sessions import host, opening, run, take

__all__ = ["host"]


class ScriptedConsole:
    """Ends cells as their source says: `raise` with an error, `restart` with the learner's wish, else well."""

    def __init__(self):
        self.ran = []
        self.examined = []

    def run_cell(self, source, *, on_output, tick, on_late):
        self.ran.append(source)
        if source == "restart":
            raise Restarting
        if source == "close":
            raise Closing("idle")
        on_output("stream", {"name": "stdout", "text": source})
        return CellEnd("error" if source == "raise" else "ok", len(self.ran))

    def examine(self, checks, **_):
        self.examined += [check.id for check in checks]
        yield from ((check.id, CheckRun("passed")) for check in checks)

    def interrupt(self):
        pass


@pytest.fixture
def console():
    return ScriptedConsole()


@pytest.fixture
def execute(console, host, definition):
    """Execute a run of these sources in one kernel; return what it published, as (kind, cell or check, status)."""
    sessions.send(opening(), run())
    session = take(host)
    monitor = WorkMonitor(TimeLimits(idle_seconds=60.0), console.interrupt)
    executor = RunExecutor(
        console, EventPublisher(session), monitor, session=session, definition=definition,
        limits=Limits(), cell_seconds=60.0, tick=lambda: None,
    )  # fmt: skip

    def execute(*cells, kind="cells"):
        after = journal.last_id(session.key)
        given = tuple(
            cell if isinstance(cell, CellToRun) else CellToRun(id=f"scratch-{number}", source=cell)
            for number, cell in enumerate(cells)
        )
        try:
            executor.execute(RunCells(run="r", kind=kind, cells=given, version=session.version))
        finally:
            execute.events = [
                (event.kind, event.data.get("cell") or event.data.get("id"), event.data.get("status") or event.data.get("outcome"))
                for event in journal.read(session.key, after)
                if event.kind != "output"
            ]  # fmt: skip
        return execute.events

    return execute


def statuses(events):
    return [status for _, _, status in events]


def test_it_works(execute, console):
    assert execute("1", "2") == [
        ("cell", "scratch-0", "running"),
        ("cell", "scratch-0", "ok"),
        ("cell", "scratch-1", "running"),
        ("cell", "scratch-1", "ok"),
        ("run", None, "finished"),
    ]
    assert console.ran == ["1", "2"]


def test_what_follows_an_error_is_skipped(execute):
    assert statuses(execute("raise", "2")) == ["running", "error", "skipped", "failed"]


def test_a_locked_cell_that_raises_stops_nothing(execute, console):
    locked = CellToRun(id="imports", source="raise")
    assert statuses(execute(locked, "2")) == ["running", "error", "running", "ok", "finished"]


@pytest.mark.parametrize(
    ("source", "error", "status"), [("restart", Restarting, "stopped"), ("close", Closing, "failed")]
)
def test_the_end_of_the_kernel_ends_the_run(execute, source, error, status):
    with pytest.raises(error):
        execute(source, "2")
    assert statuses(execute.events) == ["running", "interrupted", "skipped", status]


def test_a_lesson_s_run_goes_through_what_has_not_run_as_it_is_now(execute, console):
    execute("1", "2", "3", kind="to")
    console.ran.clear()
    assert statuses(execute("1", "2", "3", kind="to")) == ["ok", "ok", "running", "ok", "finished"]
    execute("1", "new", "3", kind="to")
    assert console.ran == ["3", "new", "3"]  # what comes after a changed cell runs again


def test_checks_run_after_what_has_changed(execute, console):
    add, twice = CellToRun(id="add", source="def add(a, b): return a"), CellToRun(id="twice", source="twice = 4")
    assert statuses(execute(add, twice, kind="check"))[-2:] == ["passed", "finished"]
    assert console.examined == ["adds"]
    console.ran.clear()
    execute(add, twice, kind="check")
    assert console.ran == [] and console.examined == ["adds", "adds"]


def test_a_check_of_cells_that_nobody_attempted_does_not_run(execute, console, definition):
    starters = [CellToRun(id=cell.id, source=cell.starter) for cell in definition.solution_cells]
    assert ("check", "adds", None) not in execute(*starters, kind="check")
    assert ("check", "adds", "unattempted") in execute.events and console.examined == []


def test_a_check_cell_is_a_check(execute, console):
    execute(CellToRun(id="add", source="def add(a, b): return a"), CellToRun(id="twice", source="twice = 4"))
    check = CellToRun(id="adds", source="", role="check")
    assert execute(check) == [
        ("cell", "adds", "running"), ("check", "adds", "passed"), ("cell", "adds", "ok"), ("run", None, "finished"),
    ]  # fmt: skip
