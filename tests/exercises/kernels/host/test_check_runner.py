"""Public checks against a kernel: which run, and what is published when they are stopped."""

import pytest

from exercises.kernels import journal, sessions
from exercises.kernels.commands import RunCells
from exercises.kernels.host.check_runner import CheckRunner
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.work import Stopped, Work
from exercises.sandbox.examination import CheckRun
from tests.exercises.conftest import ANSWERS
from tests.exercises.kernels.test_sessions import host, opening, run, take

__all__ = ["host"]
RUN = RunCells(run="r", kind="check", cells=(), version=7)


class ScriptedConsole:
    """Passes every check, or is stopped before the first."""

    is_stopped = False

    def examine(self, checks, *, tick, **options):
        self.options = options
        if self.is_stopped:
            raise Stopped
        yield from ((check.id, CheckRun("passed")) for check in checks)


@pytest.fixture
def console():
    return ScriptedConsole()


@pytest.fixture
def check(console, host, definition):
    """Run the public check; return whether it ended, and what was published."""
    sessions.send(opening(), run())
    session = take(host)
    runner = CheckRunner(console, EventPublisher(session), seed=5)

    def check(sources=ANSWERS, work=None):
        work = work or Work(60.0)
        has_ended = runner.run(RUN, definition, ["adds"], dict(sources), work=work, tick=lambda: None)
        return has_ended, [(event.kind, event.data.get("outcome")) for event in journal.read(session.key)]

    return check


def test_it_works(check, console, definition):
    assert check() == (True, [("check", "passed")])
    assert console.options == {"seed": 5, "held_out": {}, "limits": definition.limits}


def test_what_nobody_attempted_is_not_run(check, console, definition):
    console.is_stopped = True  # never asked
    starters = {cell.id: cell.starter for cell in definition.solution_cells}
    assert check(starters) == (True, [("check", "unattempted")])


def test_checks_that_somebody_stopped_say_nothing(check, console):
    console.is_stopped = True
    assert check() == (False, [])


def test_checks_that_took_too_long_name_the_limit(check, console):
    console.is_stopped = True
    assert check(work=Work(60.0, is_late=True)) == (False, [("output", None)])
