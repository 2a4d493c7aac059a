"""Waiting for a Redis stream to grow, for any number of clients with one connection of this process.

Who appends to a stream rings its bell in the same pipeline; who waits for it looks into the stream first and then listens. A
bell that is lost, or a broker that is away, only means that the waiting one looks again when its patience ends.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import redis

from learnpaths.core.redis import async_connection

CHANNEL = "learnpaths:bells"
PAUSE_SECONDS = 1.0
Found = TypeVar("Found")
_belfries: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Belfry]" = WeakKeyDictionary()


def ring(pipe: Any, stream: str) -> None:
    """Add to a pipeline that a stream has grown."""
    pipe.publish(CHANNEL, stream)


async def wait(stream: str, look: Callable[[], Awaitable[list[Found]]], seconds: float) -> list[Found]:
    """Return what `look` finds in a stream, waiting at most so long for it to find anything. Raises what `look` raises."""
    loop = asyncio.get_running_loop()
    belfry = _belfries.setdefault(loop, _Belfry())
    bell = belfry.hang(stream)
    deadline = loop.time() + seconds
    try:
        while not (found := await look()) and (left := deadline - loop.time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), left)
            bell.clear()
        return found
    finally:
        belfry.take_down(stream, bell)


class _Belfry:
    """The bells of one event loop, and the task that hears the channel while there are any."""

    def __init__(self) -> None:
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    def hang(self, stream: str) -> asyncio.Event:
        bell = asyncio.Event()
        self._bells.setdefault(stream, set()).add(bell)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._hear())
        return bell

    def take_down(self, stream: str, bell: asyncio.Event) -> None:
        bells = self._bells[stream]
        bells.discard(bell)
        if not bells:
            del self._bells[stream]

    async def _hear(self) -> None:
        quiet = 0
        while quiet < 10:  # then the task ends, and the next one who waits begins another
            try:
                async with async_connection().pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    self._ring_all()  # what grew before we listened
                    while quiet < 10:
                        if (task := asyncio.current_task()) and task.cancelling():
                            raise asyncio.CancelledError  # the client library can swallow one, and the loop waits for us
                        message = await channel.get_message(timeout=PAUSE_SECONDS)
                        quiet = 0 if self._bells else quiet + 1
                        if message:
                            self._ring(str(message["data"]))
            except redis.RedisError:
                await asyncio.sleep(PAUSE_SECONDS)
                quiet = 0 if self._bells else quiet + 1

    def _ring(self, stream: str) -> None:
        for bell in self._bells.get(stream, ()):
            bell.set()

    def _ring_all(self) -> None:
        for stream in self._bells:
            self._ring(stream)
