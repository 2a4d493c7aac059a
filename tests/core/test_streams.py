"""How many streams there may be: counted over all processes, given back at the end, free again after a crash."""

import asyncio
from itertools import count

import pytest
import redis

from learnpaths.core import streams
from learnpaths.core.problems import TooMany
from learnpaths.core.redis import async_connection
from learnpaths.core.streams import LIFE_SECONDS, PER_PERSON, ServerEvent

KEY = "learnpaths:streams:7"


async def source():
    while True:
        yield ServerEvent(kind="cell", data={})
        await asyncio.sleep(0.001)


async def begin(user=7):
    """Open one stream and read its first line."""
    parts = (await streams.respond(user, source()))._iterator
    await anext(parts)
    return parts


async def end(parts):
    """End streams; they are given back a moment later."""
    for part in parts:
        await part.aclose()


def test_one_person_has_so_many(broker):
    async def run():
        open_ones = [await begin() for _ in range(PER_PERSON)]
        with pytest.raises(TooMany) as refusal:
            await begin()
        assert "Close other tabs" in str(refusal.value.detail) and int(refusal.value.headers["Retry-After"]) > 0
        other = await begin(user=8)
        await end(open_ones[:1])
        while broker.zcard(KEY) == PER_PERSON:
            await asyncio.sleep(0.01)
        open_ones = [*open_ones[1:], await begin()]
        await end([*open_ones, other])
        while broker.zcard(KEY):
            await asyncio.sleep(0.01)

    asyncio.run(run())


def test_it_is_counted_with_many_at_once(broker):
    async def run():
        answers = await asyncio.gather(*(begin() for _ in range(60)), return_exceptions=True)
        opened = [answer for answer in answers if not isinstance(answer, TooMany)]
        assert len(opened) == PER_PERSON == broker.zcard(KEY)
        await end(opened)

    asyncio.run(run())


def test_what_another_process_holds_counts_until_it_is_silent(broker):
    seconds, micros = broker.time()
    now = seconds * 1000 + micros // 1000
    broker.zadd(KEY, {f"alive-{number}": now + 30_000 for number in range(PER_PERSON - 1)})
    broker.zadd(KEY, {f"crashed-{number}": now - 1 for number in range(PER_PERSON)})

    async def run():
        last = await begin()
        with pytest.raises(TooMany):
            await begin()
        await end([last])

    asyncio.run(run())
    assert LIFE_SECONDS < 60


def test_leases_are_renewed_while_the_stream_lives(broker, monkeypatch):
    monkeypatch.setattr(streams, "RENEW_SECONDS", 0.01)

    async def run():
        parts = await begin()
        lease = broker.zrange(KEY, 0, -1)[0]
        broker.zadd(KEY, {lease: 1})
        while broker.zscore(KEY, lease) == 1:
            await asyncio.sleep(0.01)
        await end([parts])

    asyncio.run(run())


def test_an_answer_that_is_never_sent_keeps_nothing(broker):
    async def run():
        await streams.respond(7, source())

    asyncio.run(run())
    assert 0 < broker.pttl(KEY) <= LIFE_SECONDS * 1000  # nobody renews it


def test_a_process_holds_so_many(settings):
    settings.STREAMS = 3

    async def run():
        open_ones = [await begin(user) for user in range(3)]
        with pytest.raises(TooMany) as refusal:
            await begin(9)
        assert "Retry-After" in refusal.value.headers
        await end(open_ones)
        await end([await begin(9)])

    asyncio.run(run())


def test_by_itself_it_is_as_the_memory_allows(settings):
    settings.STREAMS = 0
    assert 0 < streams.most() <= 4000


def test_without_a_broker_nothing_is_counted(monkeypatch):
    async def run():
        async def away(*_):
            raise redis.ConnectionError

        monkeypatch.setattr(async_connection(), "evalsha", away)
        await end([await begin() for _ in range(PER_PERSON + 3)])

    asyncio.run(run())


# --- what a stream says ---


def read(source, **times):
    """Read a stream to its end."""

    async def run():
        return "".join([part async for part in (await streams.respond(7, source, **times))._iterator])

    return asyncio.run(run())


def test_events_are_written_with_their_ids():
    async def source():
        yield ServerEvent(kind="cell", data={"n": 1}, id="1-0")
        yield ServerEvent(kind="kernel", data={"state": "idle"})

    first = 'id: 1-0\nevent: cell\ndata: {"n": 1}\n\n'
    assert read(source()) == f'retry: 2000\n\n{first}event: kernel\ndata: {{"state": "idle"}}\n\n'


def test_silence_is_broken_only_after_a_while():
    async def source():
        for _ in range(3):
            yield None

    assert (read(source())).count(": keep-alive\n\n") == 3
    assert read(source(), keep_alive_seconds=60) == "retry: 2000\n\n"


@pytest.mark.parametrize("event", [None, ServerEvent(kind="cell", data={})], ids=["silent", "busy"])
def test_a_stream_ends_in_time(event):
    async def source():
        try:
            for _ in count():
                yield event
        finally:
            closed.append(True)

    closed = []
    assert read(source(), life_seconds=0)
    assert closed == [True]


def test_a_broker_that_goes_away_ends_the_stream():
    async def source():
        yield ServerEvent(kind="cell", data={})
        raise redis.ConnectionError

    assert (read(source())).endswith("data: {}\n\n")


@pytest.mark.parametrize(
    ("headers", "query", "seen"), [({}, {}, ""), ({"Last-Event-ID": "2-0"}, {"after": "1-0"}, "2-0"), ({}, {"after": "1-0"}, "1-0")]
)  # fmt: skip
def test_a_client_says_what_it_saw_last(rf, headers, query, seen):
    assert streams.last_seen(rf.get("/", query, headers=headers)) == seen
