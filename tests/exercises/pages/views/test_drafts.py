"""Drafts: saved as one types, never silently overwritten, given back after an upload or a restore."""

import json
import threading

import pytest
from django.db import connection
from django.test import Client

from exercises import services
from exercises.models import Draft, HintView, Submission

URL = "/exercises/add/draft/"
HINTS = "/exercises/add/hints/"


@pytest.fixture(autouse=True)
def loaded(exercise):
    """The exercise is there in every test."""


def put(client, base, **sources):
    body = json.dumps({"base": base, "sources": sources})
    return client.put(URL, body, content_type="application/json", headers={"Accept": "application/json"})


def test_it_works(as_alice, alice):
    response = put(as_alice, 0, add="x = 1")
    assert response.status_code == 200
    assert response.json()["revision"] == 1
    assert put(as_alice, 1, add="x = 2").json()["revision"] == 2
    draft = Draft.objects.get(user=alice)
    assert draft.sources == {"add": "x = 2"}
    assert b"x = 2" in as_alice.get("/exercises/add/").content


def test_a_newer_draft_is_not_overwritten(as_alice):
    put(as_alice, 0, add="first tab")
    put(as_alice, 1, add="first tab again")
    response = put(as_alice, 1, add="second tab")
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["draft"]["sources"] == {"add": "first tab again"}
    assert Draft.objects.get().sources == {"add": "first tab again"}
    after_choice = put(as_alice, response.json()["draft"]["revision"], add="second tab")
    assert after_choice.status_code == 200


def test_a_tab_that_knows_of_no_draft_does_not_overwrite_one(as_alice):
    put(as_alice, 0, add="first tab")
    assert put(as_alice, 0, add="second tab").status_code == 409


def test_saving_the_same_again_is_no_conflict(as_alice):
    put(as_alice, 0, add="x")
    put(as_alice, 1, add="y")
    assert put(as_alice, 0, add="y").json()["revision"] == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_wins(alice, exercise):
    services.save_draft(user=alice, exercise=exercise, sources={"add": "0"}, base=0)
    outcomes = []
    barrier = threading.Barrier(4)

    def save(text):
        barrier.wait()
        try:
            services.save_draft(user=alice, exercise=exercise, sources={"add": text}, base=1)
            outcomes.append("saved")
        except services.DraftConflict:
            outcomes.append("conflict")
        connection.close()

    threads = [threading.Thread(target=save, args=(str(number),)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "conflict", "conflict", "saved"]
    assert Draft.objects.get().revision == 2


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "[" * 50_000,
        '{"base": -1, "sources": {}}',
        '{"base": "x", "sources": {}}',
        '{"sources": {}}',
        '{"base": 0, "sources": []}',
        '{"base": 0, "sources": {"imports": "x"}}',
        '{"base": 0, "sources": {"add": 7}}',
        '{"base": 0, "sources": {"add": "\\u0000"}}',
        '{"base": 0, "sources": {"add": "\\ud800"}}',
    ],
)
def test_bad_drafts_are_refused(as_alice, body):
    response = as_alice.put(URL, body, content_type="application/json", headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert response.json()["errors"]
    assert not Draft.objects.exists()


def scratch(name="scratch-a1", source="x", after="add"):
    return {"id": name, "source": source, "after": after}


def put_whole(client, base, **draft):
    body = json.dumps({"base": base, **draft})
    return client.put(URL, body, content_type="application/json", headers={"Accept": "application/json"})


def test_scratch_cells_are_kept_with_the_draft(as_alice):
    answer = put_whole(as_alice, 0, sources={"add": "x"}, scratch=[scratch(source="a\r\nb")])
    assert answer.json()["scratch"] == [scratch(source="a\nb")]
    assert b'<script id="scratch"' in as_alice.get("/exercises/add/").content
    assert put_whole(as_alice, 1, sources={"add": "y"}).json()["scratch"] == [scratch(source="a\nb")]  # not mentioned
    assert put_whole(as_alice, 2, sources={"add": "y"}, scratch=[]).json()["scratch"] == []
    assert b'<script id="scratch"' not in as_alice.get("/exercises/add/").content


def test_other_scratch_cells_are_a_conflict_too(as_alice):
    put_whole(as_alice, 0, sources={"add": "x"}, scratch=[])
    put_whole(as_alice, 1, sources={"add": "x"}, scratch=[scratch(source="first tab")])
    answer = put_whole(as_alice, 1, sources={"add": "x"}, scratch=[scratch(source="second tab")])
    assert answer.status_code == 409
    assert answer.json()["draft"]["scratch"] == [scratch(source="first tab")]


@pytest.mark.parametrize(
    "cells",
    [
        {},
        "x",
        [7],
        [{"id": "scratch-a"}],
        [scratch("add")],
        [scratch("scratch-A")],
        [scratch(), scratch()],
        [scratch(after="../x")],
        [scratch(source=7)],
        [scratch(source="\0")],
        [scratch(source="\ud800")],
        [scratch(source="x" * (2 * 2**20 + 1))],
        [scratch(f"scratch-{number}") for number in range(101)],
    ],
)
def test_bad_scratch_cells_are_refused(as_alice, cells):
    answer = put_whole(as_alice, 0, sources={"add": "x"}, scratch=cells)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Draft.objects.exists()


def test_submitting_keeps_scratch_cells_and_does_not_submit_them(as_alice):
    page = {"cell-add": "x = 1", "cell-twice": "y = 2", "scratch": json.dumps([scratch(source="try")])}
    assert as_alice.post("/exercises/add/submit/", page).status_code == 302
    assert Draft.objects.get().scratch == [scratch(source="try")]
    assert set(Submission.objects.get().sources) == {"add", "twice"}
    assert as_alice.post("/exercises/add/submit/", page | {"scratch": "]"}).status_code == 422
    assert Draft.objects.get().scratch == [scratch(source="try")]


def test_restoring_leaves_scratch_cells(as_alice, submission):
    put_whole(as_alice, 0, sources={"add": "newer"}, scratch=[scratch()])
    as_alice.post(f"/submissions/{submission.id}/restore/")
    assert Draft.objects.get().scratch == [scratch()]


def test_strangers_are_refused():
    assert put(Client(), 0, add="x").status_code == 401


def test_a_draft_needs_the_csrf_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert put(client, 0, add="x").status_code == 403


def test_drafts_are_ones_own(as_alice, as_bob):
    put(as_alice, 0, add="alice's work")
    assert b"alice&#x27;s work" not in as_bob.get("/exercises/add/").content


def test_restoring_keeps_what_it_replaces(as_alice, submission):
    put(as_alice, 0, add="newer work")
    response = as_alice.post(f"/submissions/{submission.id}/restore/")
    assert response["Location"] == "/exercises/add/"
    draft = Draft.objects.get()
    assert draft.sources == submission.sources and draft.previous == {"add": "newer work"}
    page = as_alice.get("/exercises/add/")
    assert b"Bring back the draft before this one" in page.content
    as_alice.post("/exercises/add/draft/undo/")
    assert Draft.objects.get().sources == {"add": "newer work"}


def test_others_submissions_cannot_be_restored(as_bob, submission):
    assert as_bob.post(f"/submissions/{submission.id}/restore/").status_code == 404
    assert not Draft.objects.exists()


def test_an_opened_hint_is_recorded_once(as_alice):
    for _ in range(2):
        assert as_alice.post(HINTS, {"cell": "add", "stage": 1}).status_code == 204
    assert HintView.objects.get().cell == "add"


@pytest.mark.parametrize(
    "data", [{}, {"cell": "add", "stage": 3}, {"cell": "imports", "stage": 1}, {"cell": "add", "stage": "x"}]
)
def test_a_hint_that_is_not_there_is_refused(as_alice, data):
    assert as_alice.post(HINTS, data).status_code == 422
    assert not HintView.objects.exists()


def test_the_hints_of_visitors_are_not_recorded():
    assert Client().post(HINTS, {"cell": "add", "stage": 1}).status_code == 204
    assert not HintView.objects.exists()
