"""Server-sent events: how they are written, and how many streams there may be of one person and in this process.

A stream holds no thread and no database connection: its source is an asynchronous generator that waits. A person's streams are
leases in Redis that expire, so that what a crashed process held is free again soon. One task for all streams of a process renews
them. Without a broker nothing is counted: a stream then ends by itself.
"""

import asyncio
import json
import math
import os
import resource
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import redis
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from learnpaths.core.problems import TooMany
from learnpaths.core.redis import async_connection
from learnpaths.core.redis_scripts import read_script

PER_PERSON = 12
LIFE_SECONDS = 45  # of a lease that nobody renews
RENEW_SECONDS = 15.0
RETRY_SECONDS = 30
BYTES_OF_ONE = 0.3 * 2**20
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RETRY = "retry: 2000\n\n"  # milliseconds after which the page comes back
KEEP_ALIVE = ": keep-alive\n\n"
Lines = AsyncGenerator[str, None]
_per_loop: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Streams]" = WeakKeyDictionary()
_SCRIPTS = Path(__file__).with_name("scripts")
_TAKE_LEASE = read_script(_SCRIPTS, "take_lease")
_RENEW_LEASES = read_script(_SCRIPTS, "renew_leases")


@dataclass(frozen=True, kw_only=True)
class ServerEvent:
    """One event of a stream; with an `id`, a client that comes back continues after it."""

    kind: str
    data: dict[str, Any]
    id: str = ""


Source = AsyncGenerator[ServerEvent | None, None]  # None: nothing has happened for a moment


async def respond(
    user: int, source: Source, *, keep_alive_seconds: float = 0.0, life_seconds: float = math.inf
) -> StreamingHttpResponse:
    """Answer a person's request with a stream of events. Raises TooMany where there are as many as there may be.

    A stream whose source has been silent for `keep_alive_seconds` says that it lives; after `life_seconds` it ends, and the client comes back.
    """
    streams = _per_loop.setdefault(asyncio.get_running_loop(), _Streams())
    lines = _write(source, keep_alive_seconds, life_seconds)
    counted = await streams.open(f"learnpaths:streams:{user}", lines)
    return StreamingHttpResponse(counted, content_type="text/event-stream", headers=HEADERS)


def last_seen(request: HttpRequest) -> str:
    """Return the id of the event that a client says it saw last (`Last-Event-ID`, or `?after=`); empty for none."""
    return request.headers.get("Last-Event-ID") or request.GET.get("after", "")


async def _write(source: Source, keep_alive_seconds: float, life_seconds: float) -> Lines:
    """Yield the text of a stream. A broker that is away ends it."""
    yield RETRY
    began = written_at = time.monotonic()
    with suppress(redis.RedisError):
        async with aclosing(source):
            async for event in source:
                now = time.monotonic()
                if event or now - written_at > keep_alive_seconds:
                    written_at = now
                    yield _text(event) if event else KEEP_ALIVE
                if now - began > life_seconds:
                    return


def _text(event: ServerEvent) -> str:
    head = f"id: {event.id}\n" if event.id else ""
    return f"{head}event: {event.kind}\ndata: {json.dumps(event.data)}\n\n"


class _Streams:
    """The streams of one event loop, and the task that looks after their leases while there are any."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}  # by lease
        self._ended: dict[str, str] = {}  # those to be given back
        self._has_ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self, key: str, lines: Lines) -> Lines:
        """Return the lines of one more stream. Raises TooMany."""
        if len(self._keys) >= most():
            text = _("As many pages as this site can serve follow a notebook at the moment. This one asks by itself.")
            raise TooMany(text, headers={"Retry-After": str(RETRY_SECONDS)})
        lease = uuid.uuid4().hex
        with suppress(redis.RedisError):
            if not await _TAKE_LEASE.run_async([key], LIFE_SECONDS * 1000, PER_PERSON, lease):
                text = _(
                    "You have %(count)s pages open that follow a notebook or a submission; there can be no more. "
                    "Close other tabs of this site. Until then this page only asks now and then how things stand."
                )
                raise TooMany(text % {"count": PER_PERSON}, headers={"Retry-After": str(RETRY_SECONDS)})
        return self._hold(key, lease, lines)

    async def _hold(self, key: str, lease: str, lines: Lines) -> Lines:
        """Yield the lines and give the lease back. One whose answer is never sent expires: nobody renews it."""
        self._keys[lease] = key
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_after())
        try:
            async with aclosing(lines):
                async for line in lines:
                    yield line
        finally:
            self._ended[lease] = self._keys.pop(lease)
            self._has_ended.set()

    async def _look_after(self) -> None:
        """Renew and give back, until nothing is held. What cannot be given back expires."""
        loop = asyncio.get_running_loop()
        due_at = loop.time() + RENEW_SECONDS
        while self._keys or self._ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._has_ended.wait(), max(0.001, due_at - loop.time()))
            self._has_ended.clear()
            ended, self._ended = self._ended, {}
            with suppress(redis.RedisError):
                await _give_back(ended)
            if loop.time() >= due_at:
                due_at = loop.time() + RENEW_SECONDS
                with suppress(redis.RedisError):
                    await _renew(dict(self._keys))


async def _give_back(leases: dict[str, str]) -> None:
    pipe = async_connection().pipeline(transaction=False)
    for lease, key in leases.items():
        pipe.zrem(key, lease)
    await pipe.execute()


async def _renew(leases: dict[str, str]) -> None:
    if leases:
        await _RENEW_LEASES.run_async(leases.values(), LIFE_SECONDS * 1000, *leases)


def most() -> int:
    """Return how many streams this process holds at most."""
    return settings.STREAMS or default_most()


@cache
def default_most() -> int:
    """Return how many streams a tenth of the memory is good for, from 100 to 4,000, within half of the files that may be open."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # "max" where a container has no limit
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(1, min(max(100, min(int(memory / 10 / BYTES_OF_ONE), 4000)), files // 2))
