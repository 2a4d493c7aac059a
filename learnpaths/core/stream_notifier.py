"""Waits for Redis streams to grow, for any number of clients with one connection of this process.

Whoever appends to a stream publishes its name in the same pipeline; whoever waits reads the stream first and then listens. A message
that is lost, or a broker that is away, only means that the waiter reads again when its time is over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import redis

from learnpaths.core.redis import async_connection

CHANNEL = "learnpaths:bells"  # the name that processes of earlier versions listen to while a site is updated
PAUSE_SECONDS = 1.0
IDLE_PAUSES = 10  # then the subscription ends; the next waiter begins another
Entry = TypeVar("Entry")
_per_loop: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Subscription]" = WeakKeyDictionary()


def notify(pipe: Any, stream: str) -> None:
    """Add to a pipeline that a stream has grown."""
    pipe.publish(CHANNEL, stream)


async def wait(stream: str, read: Callable[[], Awaitable[list[Entry]]], seconds: float) -> list[Entry]:
    """Return what `read` finds in a stream, waiting at most so long for it to find anything. Raises what `read` raises."""
    loop = asyncio.get_running_loop()
    subscription = _per_loop.setdefault(loop, _Subscription())
    has_grown = subscription.add(stream)
    deadline = loop.time() + seconds
    try:
        while not (entries := await read()) and (left := deadline - loop.time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(has_grown.wait(), left)
            has_grown.clear()
        return entries
    finally:
        subscription.remove(stream, has_grown)


class _Subscription:
    """The waiters of one event loop, and the task that listens to the channel while there are any."""

    def __init__(self) -> None:
        self._waiters: dict[str, set[asyncio.Event]] = {}  # by stream
        self._task: asyncio.Task[None] | None = None

    def add(self, stream: str) -> asyncio.Event:
        """Return an event that is set each time the stream has grown."""
        has_grown = asyncio.Event()
        self._waiters.setdefault(stream, set()).add(has_grown)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        return has_grown

    def remove(self, stream: str, has_grown: asyncio.Event) -> None:
        waiters = self._waiters[stream]
        waiters.discard(has_grown)
        if not waiters:
            del self._waiters[stream]

    async def _listen(self) -> None:
        idle = 0
        while idle < IDLE_PAUSES:
            try:
                async with async_connection().pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    self._wake_all()  # for what grew before we listened
                    while idle < IDLE_PAUSES:
                        if (task := asyncio.current_task()) and task.cancelling():
                            raise asyncio.CancelledError  # the client library can swallow one, and the loop waits for us
                        message = await channel.get_message(timeout=PAUSE_SECONDS)
                        idle = 0 if self._waiters else idle + 1
                        if message:
                            self._wake(str(message["data"]))
            except redis.RedisError:
                await asyncio.sleep(PAUSE_SECONDS)
                idle = 0 if self._waiters else idle + 1

    def _wake(self, stream: str) -> None:
        for has_grown in self._waiters.get(stream, ()):
            has_grown.set()

    def _wake_all(self) -> None:
        for stream in self._waiters:
            self._wake(stream)
