"""What happens in a session, as it happens: a Redis stream for each, from which a page that comes back catches up.

The entries are those of `journal_entries`. The host that holds the kernel writes, and keeps the stream small: it takes out the
outputs of a cell that runs again, and the oldest ones beyond the caps.
"""

import json
from collections import deque
from typing import Any, NamedTuple

from exercises.grading.events import START, Event, position
from exercises.kernels.journal_entries import Entry
from learnpaths.core import stream_notifier
from learnpaths.core.redis import async_connection, connection

LIFE_SECONDS = 24 * 60 * 60
MAX_EVENTS = 5_000
MAX_BYTES = 12 * 2**20


def stream(key: str) -> str:
    """Return the name of a session's stream."""
    return f"{key}:events"


def publish(key: str, entry: Entry) -> str:
    """Append one entry and return its id. Raises redis.RedisError."""
    return _append(key, entry.kind, json.dumps(entry.as_json()))


def _append(key: str, kind: str, text: str) -> str:
    pipe = connection().pipeline(transaction=False)
    pipe.xadd(stream(key), {"kind": kind, "data": text}, maxlen=MAX_EVENTS, approximate=True)
    pipe.expire(stream(key), LIFE_SECONDS)
    stream_notifier.notify(pipe, stream(key))
    return str(pipe.execute()[0])


class _Written(NamedTuple):
    id: str
    of_cell: str
    size: int  # in characters


class Journal:
    """The writing end of one session. Knows the sizes of what it wrote; not safe for several threads."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._kept: deque[_Written] = deque()
        self._bytes = 0

    def write(self, entry: Entry, *, of_cell: str = "") -> None:
        """Append one entry. `of_cell` marks what is of no use once that cell runs again. Raises redis.RedisError."""
        text = json.dumps(entry.as_json())
        self._kept.append(_Written(_append(self._key, entry.kind, text), of_cell, len(text)))
        self._bytes += len(text)
        while self._bytes > MAX_BYTES or len(self._kept) > MAX_EVENTS:
            self._drop([self._kept.popleft()])

    def forget_cell(self, cell: str) -> None:
        """Take out what a cell has shown so far."""
        outdated = [written for written in self._kept if written.of_cell == cell]
        if outdated:
            self._kept = deque(written for written in self._kept if written.of_cell != cell)
            self._drop(outdated)

    def clear(self) -> None:
        """Forget everything; ids of later events still follow those of earlier ones."""
        connection().xtrim(stream(self._key), maxlen=0, approximate=False)
        self._kept.clear()
        self._bytes = 0

    def _drop(self, outdated: list[_Written]) -> None:
        self._bytes -= sum(written.size for written in outdated)
        connection().xdel(stream(self._key), *(written.id for written in outdated))


def last_id(key: str) -> str:
    """Return the id of the newest event, or the start. Raises redis.RedisError."""
    entries: Any = connection().xrevrange(stream(key), count=1)
    return str(entries[0][0]) if entries else START


def read(key: str, after: str = START) -> list[Event]:
    """Return the events after an id, oldest first. Raises redis.RedisError."""
    return _events(connection().xrange(stream(key), f"({position(after)}"))


async def wait(key: str, after: str, *, count: int, seconds: float) -> list[Event]:
    """Return the next events after an id, waiting at most so long for the first one. Raises redis.RedisError."""

    async def look() -> list[Event]:
        return _events(await async_connection().xrange(stream(key), f"({after}", count=count))

    return await stream_notifier.wait(stream(key), look, seconds)


def _events(entries: Any) -> list[Event]:
    return [Event(id=entry_id, kind=fields["kind"], data=json.loads(fields["data"])) for entry_id, fields in entries]
