"""What a page may ask: only of the person's own kernel, only sound cells, and never too much."""

import asyncio
import json
import threading
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from exercises.grading import heartbeats
from exercises.kernels import journal, sessions
from exercises.kernels.commands import CellToRun, Interrupt, Restart, RunCells
from exercises.kernels.journal_entries import CellEntry, KernelEntry
from exercises.kernels.session import CellRecord, SessionState

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/exercises/add/kernel/"


@pytest.fixture
def host(exercise):
    """A host that lives; what a session asks of it is looked up in its inbox."""
    heartbeats.announce("interactive", "ready", 2)
    host = str(uuid4())
    sessions.send_heartbeat(host)
    return host


def take(host):
    return sessions.take(host, ["tf-2.21"], seconds=0.1)


def post(client, path, body):
    return client.post(BASE + path, json.dumps(body), content_type="application/json")


def run(client, *cells, kind="cells"):
    return post(client, "runs/", {"kind": kind, "cells": [{"id": cell, "source": source} for cell, source in cells]})


def test_it_works(as_alice, alice, host):
    assert as_alice.get(BASE).json()["state"] == "none"
    response = run(as_alice, ("add", "def add(a, b):\r\n    return a + b"))
    assert response.status_code == 202
    session = take(host)
    assert session.key == f"kernel:{alice.pk}:add"
    command = sessions.next_command(session, 0)
    assert command.run == response.json()["run"]
    assert command.cells == (CellToRun(id="add", source="def add(a, b):\n    return a + b", role="code"),)
    assert as_alice.get(BASE).json()["state"] == "starting"


def test_locked_cells_run_as_we_have_them(as_alice, host):
    run(as_alice, ("imports", "import os"), ("adds", "assert True"), ("scratch-1a", "add"))
    cells = sessions.next_command(take(host), 0).cells
    assert [(cell.id, cell.role) for cell in cells] == [
        ("imports", "code"),
        ("adds", "check"),
        ("scratch-1a", "code"),
    ]
    assert cells[0].source.strip() == "import math" and "add(1, 2)" in cells[1].source


@pytest.mark.parametrize(
    "cell", ["story", "answers", "adds-unseen", "nobody", "scratch-", "scratch-A", "scratch-../x", ""]
)
def test_other_cells_are_refused(as_alice, host, cell):
    response = run(as_alice, (cell, "1"))
    assert response.status_code == 422 and response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["message"] and take(host) is None


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"cells": []}, {"cells": "x"}, {"cells": [1]}, {"cells": [{"id": 1, "source": "x"}]},
        {"cells": [{"id": "add", "source": None}]}, {"cells": [{"id": "add", "source": "\0"}]},
        {"cells": [{"id": "add", "source": "\ud800"}]}, {"cells": [{"id": "add", "source": "1"}] * 501},
        {"kind": "other", "cells": [{"id": "add", "source": "1"}]},
    ],
)  # fmt: skip
def test_what_is_not_a_run_is_refused(as_alice, host, body):
    assert post(as_alice, "runs/", body).status_code == 422
    assert take(host) is None


def test_nonsense_is_refused(as_alice, host):
    for raw in (b"{", b"\xff", b"[" * 100_000):
        response = as_alice.post(BASE + "runs/", raw, content_type="application/json")
        assert response.status_code == 422 and response["Content-Type"] == "application/problem+json"


def test_a_huge_cell_is_refused(as_alice, host):
    for size in (2 * 2**20 + 1, 5 * 2**20):
        response = run(as_alice, ("add", "x" * size))
        assert response.status_code == 413 and response["Content-Type"] == "application/problem+json"


def test_without_a_worker_it_says_so(as_alice, exercise):
    response = run(as_alice, ("add", "1"))
    assert response.status_code == 503 and "you can submit" in response.json()["detail"]
    assert as_alice.get(BASE).json()["state"] == "none"


def test_a_fourth_busy_kernel_is_refused(as_alice, alice, host):
    for number in range(3):
        opening = sessions.Opening(user=alice.pk, exercise=f"e{number}", version=1, runtime="tf-2.21", seed=1)
        sessions.send(opening, RunCells(run="r", kind="cells", cells=(), version=1))
        sessions.update(take(host), "busy")
    response = run(as_alice, ("add", "1"))
    assert response.status_code == 409 and "3 notebooks" in response.json()["detail"]


def test_too_many_runs_are_refused(as_alice, host, monkeypatch):
    monkeypatch.setattr("exercises.throttles.KernelRunThrottle.rate", "2/min", raising=False)
    statuses = [run(as_alice, ("add", "1")).status_code for _ in range(3)]
    assert statuses == [202, 202, 429]


def test_stopping_what_waits_takes_it_out_of_the_line(as_alice, host):
    run(as_alice, ("add", "1"))
    assert as_alice.get(BASE).json()["position"] == 1
    assert post(as_alice, "interrupt/", {}).status_code == 202
    assert as_alice.get(BASE).json()["state"] == "none" and take(host) is None


@pytest.mark.parametrize("word", ["interrupt", "restart"])
def test_the_host_is_told(as_alice, host, word):
    run(as_alice, ("add", "1"))
    session = take(host)
    sessions.next_command(session, 0)
    assert post(as_alice, f"{word}/", {}).status_code == 202
    assert sessions.next_command(session, 0) == {"interrupt": Interrupt(), "restart": Restart()}[word]


@pytest.mark.parametrize("word", ["interrupt", "restart"])
def test_without_a_kernel_there_is_nothing_to_tell(as_alice, host, word):
    assert post(as_alice, f"{word}/", {}).status_code == 202
    assert as_alice.get(BASE).json()["state"] == "none"


@pytest.mark.parametrize("path", ["", "events/"])
def test_visitors_are_refused(client, exercise, path):
    response = client.get(BASE + path)
    assert response.status_code == 401 and response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["runs/", "interrupt/", "restart/", "complete/", "inspect/"])
def test_an_expired_session_gets_a_problem_and_starts_nothing(client, host, path):
    response = post(client, path, {"cells": [{"id": "add", "source": "1"}]})
    assert response.status_code == 401 and "kept" in response.json()["detail"]
    assert take(host) is None


def test_a_write_needs_the_form_s_token(alice, host):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert run(client, ("add", "1")).status_code == 403
    assert take(host) is None


def test_another_learner_s_kernel_cannot_be_reached(as_alice, as_bob, host):
    run(as_alice, ("add", "secret = 1"))
    session = take(host)
    sessions.next_command(session, 0)
    sessions.update(session, "idle", cells={"add": CellRecord(count=1, digest="d", status="ok")})
    assert as_bob.get(BASE).json() == sessions.state("kernel:0:none").as_json()
    post(as_bob, "interrupt/", {})
    post(as_bob, "restart/", {})
    assert sessions.next_command(session, 0) is None
    for path in (f"/exercises/kernel:{session.key}/kernel/", "/exercises/add:/kernel/", "/exercises/ghost/kernel/"):
        assert as_bob.get(path).status_code == 404


# --- questions ---


async def client_of(user):
    client = AsyncClient()
    await client.aforce_login(user)
    return client


async def ask(client, word, body):
    return await client.post(f"{BASE}{word}/", json.dumps(body), content_type="application/json")


def open_idle(user, host):
    opening = sessions.Opening(user=user.pk, exercise="add", version=1, runtime="tf-2.21", seed=1)
    sessions.send(opening, RunCells(run="r", kind="cells", cells=(), version=1))
    session = take(host)
    sessions.next_command(session, 0)
    sessions.update(session, "idle")
    return session


async def test_a_question_is_answered_by_the_host(alice, host):
    session = await sync_to_async(open_idle)(alice, host)

    def answer():
        command = sessions.next_command(session, 10)
        sessions.answer(command, {"matches": [{"text": command.code, "type": ""}], "start": 0, "end": 2})

    thread = threading.Thread(target=answer)
    thread.start()
    response = await ask(await client_of(alice), "complete", {"code": "np", "cursor": 2})
    await sync_to_async(thread.join)()
    assert response.json() == {"matches": [{"text": "np", "type": ""}], "start": 0, "end": 2}


@pytest.mark.parametrize(
    ("word", "nothing"),
    [("complete", {"matches": [], "start": 2, "end": 2}), ("inspect", {"found": False, "text": ""})],
)
async def test_without_an_idle_kernel_there_is_no_answer(alice, host, word, nothing):
    client = await client_of(alice)
    assert (await ask(client, word, {"code": "np", "cursor": 2})).json() == nothing
    session = await sync_to_async(open_idle)(alice, host)
    await sync_to_async(sessions.update)(session, "busy")
    assert (await ask(client, word, {"code": "np", "cursor": 2})).json() == nothing
    assert await sync_to_async(sessions.next_command)(session, 0) is None


@pytest.mark.parametrize("body", [{}, {"code": "np"}, {"code": 1, "cursor": 0}, {"code": "np", "cursor": 3},
                                  {"code": "np", "cursor": -1}, {"code": "np", "cursor": True}, {"code": "x" * 70_000, "cursor": 1}])  # fmt: skip
async def test_what_is_not_a_question_is_refused(alice, host, body):
    assert (await ask(await client_of(alice), "complete", body)).status_code == 422


# --- the stream ---


async def messages(response, number):
    """Read so many events of a stream as (id, kind, data)."""
    found, text = [], ""
    async for part in response.streaming_content:
        text += part.decode()
        while "\n\n" in text:
            block, text = text.split("\n\n", 1)
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in fields:
                found.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
            if len(found) >= number:
                return found
    return found


async def follow(alice, query="", **options):
    response = await (await client_of(alice)).get(f"{BASE}events/{query}", **options)
    assert response["Content-Type"].startswith("text/event-stream") and response["Cache-Control"] == "no-store"
    return response


async def test_it_begins_with_the_state_and_goes_on(alice, host):
    session = await sync_to_async(open_idle)(alice, host)
    response = await follow(alice)
    reading = asyncio.ensure_future(messages(response, 2))
    await asyncio.sleep(0.3)
    await sync_to_async(journal.publish)(session.key, CellEntry(run="r", cell="add", status="ok"))
    first, second = await reading
    assert first[1] == "kernel" and first[2]["state"] == "idle"
    assert second[1] == "cell" and (second[2]["cell"], second[2]["status"]) == ("add", "ok") and second[0]


@pytest.mark.parametrize("way", ["header", "query"])
async def test_it_resumes_after_the_last_event(alice, host, way):
    session = await sync_to_async(open_idle)(alice, host)
    ids = [
        await sync_to_async(journal.publish)(session.key, CellEntry(run="r", cell="add", status="ok", count=number))
        for number in range(4)
    ]
    if way == "header":
        response = await follow(alice, headers={"Last-Event-ID": ids[1]})
    else:
        response = await follow(alice, f"?after={ids[1]}")
    assert [data["count"] for _, _, data in await messages(response, 2)] == [2, 3]


async def test_a_reload_gets_everything_that_is_kept(alice, host):
    session = await sync_to_async(open_idle)(alice, host)
    for number in range(3):
        await sync_to_async(journal.publish)(session.key, CellEntry(run="r", cell="add", status="ok", count=number))
    assert [data["count"] for _, _, data in await messages(await follow(alice, "?after=0"), 3)] == [0, 1, 2]


async def test_a_dead_host_is_noticed(alice, host, monkeypatch):
    monkeypatch.setattr("exercises.kernels.views.WAIT_SECONDS", 0.05)
    await sync_to_async(open_idle)(alice, host)
    response = await follow(alice)
    reading = asyncio.ensure_future(messages(response, 2))
    await asyncio.sleep(0.1)
    await sync_to_async(sessions.stop_heartbeat)(host)
    found = await reading
    assert (found[-1][2]["state"], found[-1][2]["reason"]) == ("ended", "worker_stopped")


async def test_one_that_comes_back_late_learns_how_it_is(alice, host, monkeypatch):
    monkeypatch.setattr("exercises.kernels.views.WAIT_SECONDS", 0.05)
    session = await sync_to_async(open_idle)(alice, host)
    last = await sync_to_async(journal.publish)(session.key, KernelEntry(state=SessionState(state="idle")))
    await sync_to_async(sessions.end)(session.key, session.id, "idle")
    end = (await messages(await follow(alice, f"?after={last}"), 1))[0]
    assert end[2]["state"] == "ended"
    again = (await messages(await follow(alice, f"?after={end[0]}"), 1))[0]
    assert again[1] == "kernel" and again[2]["state"] == "ended" and "idle" in again[2]["message"]


async def test_waiting_is_kept_alive_and_ends_in_time(alice, host, monkeypatch):
    monkeypatch.setattr("exercises.kernels.views.WAIT_SECONDS", 0.01)
    monkeypatch.setattr("exercises.kernels.views.KEEP_ALIVE_SECONDS", 0.02)
    monkeypatch.setattr("exercises.kernels.views.STREAM_SECONDS", 0.5)
    response = await follow(alice)
    text = "".join([part.decode() async for part in response.streaming_content])
    assert ": keep-alive" in text and text.startswith("retry: ")
