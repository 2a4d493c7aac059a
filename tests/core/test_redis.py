import asyncio

import pytest

from learnpaths.core import redis


def test_it_works():
    redis.connection().set("learnpaths:test", "ä")
    assert redis.connection().get("learnpaths:test") == "ä"
    assert redis.connection() is redis.connection()


def test_each_event_loop_has_its_own():
    async def ask():
        client = redis.async_connection()
        assert client is redis.async_connection()
        await client.set("learnpaths:test", "x")
        answer = await client.get("learnpaths:test")
        await client.aclose()
        return answer

    assert [asyncio.run(ask()), asyncio.run(ask())] == ["x", "x"]


def test_outside_of_a_loop_it_refuses():
    with pytest.raises(RuntimeError):
        redis.async_connection()
