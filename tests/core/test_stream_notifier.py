"""Many clients wait for streams with one connection; whatever message is lost, nothing is missed."""

import asyncio

import redis.asyncio
from asgiref.sync import async_to_sync

from learnpaths.core import stream_notifier
from learnpaths.core.redis import async_connection, connection


def grow(stream, value):
    pipe = connection().pipeline()
    pipe.xadd(stream, {"value": value})
    stream_notifier.notify(pipe, stream)
    pipe.execute()


async def wait(stream, seconds=20.0):
    async def look():
        return [fields["value"] for _, fields in await async_connection().xrange(stream)]

    return await stream_notifier.wait(stream, look, seconds)


def test_what_is_there_is_returned_at_once(broker):
    grow("submission:a", "1")
    assert async_to_sync(wait)("submission:a") == ["1"]


def test_every_one_who_waits_hears_of_its_own_stream(broker):
    others = len(connection().client_list())  # earlier tests' connections may still be open

    async def scene():
        waiting = [asyncio.ensure_future(wait(f"submission:{number % 3}")) for number in range(300)]
        await asyncio.sleep(0.5)
        for number in (0, 1):
            grow(f"submission:{number}", str(number))
        found = await asyncio.gather(*(each for number, each in enumerate(waiting) if number % 3 < 2))
        assert not any(each.done() for each in waiting[2::3])
        clients = connection().client_list()
        grow("submission:2", "2")
        return found, await asyncio.gather(*waiting[2::3]), len(clients)

    found, last, clients = async_to_sync(scene)()
    assert set(map(tuple, found)) == {("0",), ("1",)} and set(map(tuple, last)) == {("2",)}
    assert clients - others <= 70  # 300 wait


def test_without_a_message_it_reads_again_when_its_time_is_over(broker):
    async def scene():
        waiting = asyncio.ensure_future(wait("submission:a", 0.3))
        await asyncio.sleep(0.1)
        connection().xadd("submission:a", {"value": "1"})
        return await waiting

    assert async_to_sync(scene)() == ["1"]


def test_a_lost_connection_is_made_again(broker):
    async def scene():
        waiting = asyncio.ensure_future(wait("submission:a"))
        await asyncio.sleep(0.3)
        connection().execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await asyncio.sleep(0.3)
        grow("submission:a", "1")
        return await waiting

    assert async_to_sync(scene)() == ["1"]


def test_nothing_in_time_is_nothing(broker):
    assert async_to_sync(wait)("submission:a", 0.05) == []


def test_the_pool_waits_instead_of_refusing(broker):
    async def scene():
        assert isinstance(async_connection().connection_pool, redis.asyncio.BlockingConnectionPool)
        return await asyncio.gather(*(async_connection().ping() for _ in range(500)))

    assert all(async_to_sync(scene)())
