"""What happens to a submission, as it happens: a Redis stream per submission, kept for a day.

Their kinds and data are in `exercises.assignment.run_events`. The stream is a convenience: the row is the truth, so a broker
that is away never stops a grading.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import redis
import structlog

from exercises.assignment.run_events import Data, Kind
from learnpaths.core import stream_notifier
from learnpaths.core.redis import async_connection, connection

log = structlog.get_logger(__name__)
LIFE_SECONDS = 24 * 60 * 60
MAX_EVENTS = 2000
MAX_AT_ONCE = 500
START = "0-0"
FINISHED: Kind = "finished"
_ID = re.compile(r"\d{1,20}-\d{1,20}")


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event as it was read: `id` is its place in the stream, `data` that of its kind."""

    id: str
    kind: str
    data: dict[str, Any]


def publish(submission_id: UUID, kind: Kind, data: Data) -> None:
    """Append one event. A broker that is away is logged, not raised."""
    key = _key(submission_id)
    try:
        pipe = connection().pipeline()
        pipe.xadd(key, {"kind": kind, "data": json.dumps(data)}, maxlen=MAX_EVENTS, approximate=True)
        pipe.expire(key, LIFE_SECONDS)
        stream_notifier.notify(pipe, key)
        pipe.execute()
    except redis.RedisError as error:
        log.warning("event_not_published", submission=str(submission_id), kind=kind, error=str(error))


def read(submission_id: UUID, after: str = START) -> list[Event]:
    """Return the events after an event's id, oldest first."""
    entries: Any = connection().xrange(_key(submission_id), f"({position(after)}")
    return _events(entries)


def has_finished(submission_id: UUID) -> bool:
    """Tell whether the last event is `finished`. Raises redis.RedisError."""
    last: Any = connection().xrevrange(_key(submission_id), count=1)
    return bool(last) and last[0][1]["kind"] == FINISHED


def forget(submission_id: UUID) -> None:
    """Drop the events of a submission that begins anew. A broker that is away is logged, not raised."""
    try:
        connection().delete(_key(submission_id))
    except redis.RedisError as error:
        log.warning("events_not_forgotten", submission=str(submission_id), error=str(error))


async def wait(submission_id: UUID, after: str, seconds: float) -> list[Event]:
    """Return the events after an id, waiting for the first one as long as `seconds`."""
    key = _key(submission_id)

    async def look() -> list[Event]:
        entries: Any = await async_connection().xrange(key, f"({position(after)}", count=MAX_AT_ONCE)
        return _events(entries)

    return await stream_notifier.wait(key, look, seconds)


def position(last_event_id: str) -> str:
    """Return a stream position for what a client says that it saw last; the start for anything else."""
    return last_event_id if _ID.fullmatch(last_event_id) else START


def _events(entries: Iterable[Any]) -> list[Event]:
    return [Event(id=entry_id, kind=fields["kind"], data=json.loads(fields["data"])) for entry_id, fields in entries]


def _key(submission_id: UUID) -> str:
    return f"submission:{submission_id}"
