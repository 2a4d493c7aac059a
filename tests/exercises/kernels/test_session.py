"""The shapes of a session: what stands in Redis, and what a page reads."""

from exercises.kernels.session import CellRecord, Opening, SessionState, key_of, read_record, write_cells

RAN = CellRecord(count=3, digest="d", status="ok")
FIELDS = {
    "id": "i", "state": "idle", "reason": "", "message": "", "cells": write_cells({"add": RAN}), "since": "1.5",
    "host": "h", "runtime": "tf-2.21", "version": "7", "user": "1", "seed": "5",
}  # fmt: skip


def test_it_works():
    record = read_record(FIELDS)
    assert (record.id, record.state, record.since, record.version, record.seed) == ("i", "idle", 1.5, 7, 5)
    assert record.cells == {"add": RAN}
    assert record.shown().as_json() == {
        "state": "idle", "position": 0, "seconds": None, "reason": "", "message": "",
        "cells": {"add": {"count": 3, "digest": "d", "status": "ok"}},
    }  # fmt: skip


def test_where_there_is_no_record_a_page_sees_none():
    assert read_record({}) is None
    state = SessionState().as_json()
    assert (state["state"], state["position"], state["cells"]) == ("none", 0, {})


def test_a_place_is_shown_with_the_state():
    assert read_record({**FIELDS, "state": "waiting"}).shown(position=2).as_json()["position"] == 2


def test_the_key_is_made_of_the_person_and_the_subject():
    opening = Opening(user=1, exercise="lesson/water", version=0, runtime="tf-2.21", seed=5)
    assert opening.key == key_of(1, "lesson/water") == "kernel:1:lesson/water"
