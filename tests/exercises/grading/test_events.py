"""Events of a submission: read in their order from where one was, and never in the way of a grading."""

from uuid import uuid4

import pytest
import redis
from asgiref.sync import async_to_sync
from structlog.testing import capture_logs

from exercises.grading import events


@pytest.fixture
def submission_id(broker):
    """An id with two events."""
    submission_id = uuid4()
    events.publish(submission_id, "started", {})
    events.publish(submission_id, "cell", {"id": "add", "status": "ok", "seconds": 0.1})
    return submission_id


def test_it_works(submission_id):
    started, cell = events.read(submission_id)
    assert (started.kind, started.data) == ("started", {})
    assert (cell.kind, cell.data) == ("cell", {"id": "add", "status": "ok", "seconds": 0.1})


def test_one_reads_on_from_where_one_was(submission_id):
    first, second = events.read(submission_id)
    assert events.read(submission_id, first.id) == [second]
    assert events.read(submission_id, second.id) == []


def test_waiting_gives_what_is_there_at_once(submission_id):
    assert [event.kind for event in async_to_sync(events.wait)(submission_id, events.START, 1.0)] == ["started", "cell"]


def test_only_finished_is_the_end(submission_id):
    assert not events.has_finished(submission_id) and not events.has_finished(uuid4())
    events.publish(submission_id, "finished", {"verdict": "passed", "points": 4, "max_points": 4, "passed": True})
    assert events.has_finished(submission_id)


def test_what_begins_anew_has_no_events(submission_id):
    events.forget(submission_id)
    assert events.read(submission_id) == []


@pytest.mark.parametrize("text", ["", "0", "1-2-3", "$", "9" * 30 + "-1", "1-0 COUNT"])
def test_what_is_no_position_is_the_start(text):
    assert events.position(text) == events.START
    assert events.position("1700000000000-1") == "1700000000000-1"


def test_a_broker_that_is_away_stops_nothing(monkeypatch):
    def refuse():
        raise redis.ConnectionError("away")

    monkeypatch.setattr(events, "connection", refuse)
    with capture_logs() as lines:
        events.publish(uuid4(), "started", {})
        events.forget(uuid4())
    assert [line["event"] for line in lines] == ["event_not_published", "events_not_forgotten"]
