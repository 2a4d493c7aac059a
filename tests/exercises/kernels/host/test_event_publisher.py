"""What is published of a kernel: a lost session ends it, and a cell that runs again leaves nothing of its last outputs."""

import pytest

from exercises.assignment.definition import Check
from exercises.kernels import journal, sessions
from exercises.kernels.commands import RunCells
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.work import Closing
from exercises.kernels.session import CellRecord
from exercises.sandbox.examination import CheckRun
from tests.exercises.kernels.test_sessions import host, opening, run, take

__all__ = ["host"]
RUN = RunCells(run="r", kind="cells", cells=(), version=7)
TEXT = {"output_type": "stream", "name": "stdout", "text": "a"}


@pytest.fixture
def session(host):
    sessions.send(opening(), run())
    return take(host)


@pytest.fixture
def publisher(session):
    return EventPublisher(session)


def kinds(session):
    return [event.kind for event in journal.read(session.key)]


def test_it_works(publisher, session):
    publisher.cells["a"] = CellRecord(count=1, digest="d", status="ok")
    publisher.publish_state("idle")
    (event,) = journal.read(session.key)
    assert event.data == sessions.state(session.key).as_json()
    assert event.data["cells"] == {"a": {"count": 1, "digest": "d", "status": "ok"}}


def test_a_session_that_is_another_s_ends_the_kernel(publisher, session):
    sessions.end(session.key, session.id, "idle")
    with pytest.raises(Closing, match="worker_stopped"):
        publisher.save("busy")


def test_a_cell_that_runs_again_or_clears_leaves_nothing_of_its_outputs(publisher, session):
    publisher.publish_output(RUN, "a", "output", TEXT)
    publisher.publish_output(RUN, "a", "metrics", {"fit": 1})
    publisher.publish_output(RUN, "b", "output", TEXT)
    publisher.begin_cell(RUN, "a")
    assert kinds(session) == ["output", "cell"]
    publisher.publish_output(RUN, "b", "output", {"output_type": "clear_output", "wait": False})
    assert [event.data.get("output") for event in journal.read(session.key)][1:] == [
        {"output_type": "clear_output", "wait": False}
    ]
    publisher.publish_output(RUN, "b", "output", {"output_type": "clear_output", "wait": True})
    assert len(kinds(session)) == 3


def test_a_fresh_kernel_has_published_nothing(publisher, session):
    publisher.cells["a"] = CellRecord(count=1, digest="d", status="ok")
    publisher.begin_cell(RUN, "a")
    publisher.clear()
    assert publisher.cells == {} and kinds(session) == []


@pytest.mark.parametrize(
    ("outcome", "points", "message"),
    [
        (CheckRun("passed", "never shown"), 2, ""),
        (CheckRun("failed", "1 + 2 is 3."), 0, "1 + 2 is 3."),
        (CheckRun("failed", "author's", words="engine's"), 0, "engine's"),
    ],
)
def test_a_check_that_passed_has_its_points_and_no_message(publisher, session, outcome, points, message):
    check = Check(id="adds", title="Adds", points=2, hidden=False, requires=(), required=False)
    publisher.publish_check(RUN, check, outcome)
    (event,) = journal.read(session.key)
    assert (event.data["points"], event.data["max_points"], event.data["message"]) == (points, 2, message)
