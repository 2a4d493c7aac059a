"""Server-sent events: replay, resuming, the end; only for those who may see the submission."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from exercises import services
from exercises.grading import events, job_runner
from learnpaths.accounts.services import rotate_token
from tests.exercises.graders import passing

pytestmark = pytest.mark.django_db(transaction=True)


def url(submission):
    return f"/api/v1/submissions/{submission.id}/events/"


async def client_of(user):
    client = AsyncClient()
    await client.aforce_login(user)
    return client


async def messages(response, *, until="finished", limit=100):
    """Read a stream as (id, kind, data) until a kind came."""
    found, text = [], ""
    async for part in response.streaming_content:
        text += part.decode()
        while "\n\n" in text:
            block, text = text.split("\n\n", 1)
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in fields:
                found.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
            if found and (found[-1][1] == until or len(found) >= limit):
                return found
    return found


async def test_a_finished_run_is_replayed_and_ends(alice, submission):
    await sync_to_async(job_runner.run)(submission.id, grade_notebook=passing)
    response = await (await client_of(alice)).get(url(submission))
    assert response["Content-Type"].startswith("text/event-stream")
    assert response["Cache-Control"] == "no-store"
    found = await messages(response)
    assert [kind for _, kind, _ in found] == ["queued", "started", "cell", "finished"]
    assert found[-1][2] == {"verdict": "passed", "points": 4, "max_points": 4, "passed": True}


@pytest.mark.parametrize("way", ["header", "query"])
async def test_it_resumes_after_the_last_event(alice, submission, way):
    await sync_to_async(job_runner.run)(submission.id, grade_notebook=passing)
    client = await client_of(alice)
    first = await messages(await client.get(url(submission)))
    started = first[1][0]
    if way == "header":
        response = await client.get(url(submission), headers={"Last-Event-ID": started})
    else:
        response = await client.get(f"{url(submission)}?after={started}")
    assert await messages(response) == first[2:]


async def test_an_event_arrives_while_waiting(alice, submission):
    response = await (await client_of(alice)).get(url(submission))
    reading = asyncio.ensure_future(messages(response))
    await asyncio.sleep(0)
    await sync_to_async(job_runner.run)(submission.id, grade_notebook=passing)
    assert [kind for _, kind, _ in await reading] == ["queued", "started", "cell", "finished"]


async def test_a_lost_stream_still_ends(alice, submission, broker):
    await sync_to_async(job_runner.run)(submission.id, grade_notebook=passing)
    await sync_to_async(broker.flushdb)()
    found = await messages(await (await client_of(alice)).get(url(submission)))
    assert found == [(None, "finished", {"verdict": "passed", "points": 4, "max_points": 4, "passed": True})]


async def test_waiting_is_kept_alive_and_notices_a_lost_end(alice, submission, broker, monkeypatch):
    monkeypatch.setattr("exercises.api.submission_stream.WAIT_SECONDS", 0.01)
    response = await (await client_of(alice)).get(url(submission))
    parts = response.streaming_content
    while b"keep-alive" not in await anext(parts):
        pass
    await sync_to_async(services.cancel_submission)(submission=submission)
    await sync_to_async(broker.flushdb)()
    assert [kind for _, kind, _ in await messages(response)] == ["finished"]


@pytest.mark.parametrize("said", ["nonsense", "-", "1-1\r\nx", "9" * 50 + "-0", "+"])
async def test_a_senseless_position_means_the_start(alice, submission, said):
    await sync_to_async(job_runner.run)(submission.id, grade_notebook=passing)
    response = await (await client_of(alice)).get(url(submission), headers={"Last-Event-ID": said})
    assert len(await messages(response)) == 4


async def test_a_token_is_enough(alice, submission):
    token = await sync_to_async(rotate_token)(user=alice)
    response = await AsyncClient().get(url(submission), headers={"Authorization": f"Token {token}"})
    assert response.status_code == 200
    assert (await messages(response, limit=1))[0][1] == "queued"


async def test_strangers_are_refused(submission):
    response = await AsyncClient().get(url(submission))
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    wrong = await AsyncClient().get(url(submission), headers={"Authorization": "Token wrong"})
    assert wrong.status_code == 401


async def test_others_cannot_see_that_it_exists(bob, submission):
    response = await (await client_of(bob)).get(url(submission))
    assert response.status_code == 404


def test_a_stream_lives_for_a_day(submission, broker):
    events.publish(submission.id, "started", {})
    assert 0 < broker.ttl(f"submission:{submission.id}") <= events.LIFE_SECONDS


def test_only_so_many_events_are_kept(submission, broker, monkeypatch):
    monkeypatch.setattr(events, "MAX_EVENTS", 100)
    for number in range(400):
        events.publish(submission.id, "cell", {"id": str(number)})
    assert broker.xlen(f"submission:{submission.id}") <= 200  # Redis trims whole nodes of a hundred
