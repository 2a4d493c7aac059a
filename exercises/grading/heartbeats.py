"""Which workers are alive: each announces itself every few seconds under a key that lives for fifteen."""

import json
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import redis

from learnpaths.core.redis import connection

LIFE_SECONDS = 15
INTERACTIVE = "interactive"  # the queue of the hosts that hold the kernels of pages; no exercise is graded in it
WorkerState = Literal["warming", "ready"]


@dataclass(frozen=True, kw_only=True)
class Worker:
    queue: str
    host: str
    pid: int
    state: WorkerState
    slots: int
    runtimes: tuple[str, ...]  # empty: any (only tests announce themselves so)

    def serves(self, runtime: str) -> bool:
        return not self.runtimes or runtime in self.runtimes


def announce(queue: str, state: WorkerState, slots: int = 1, runtimes: Iterable[str] = ()) -> None:
    """Say that this process serves a queue, `slots` submissions at a time. Repeat it before fifteen seconds pass.

    Raises redis.RedisError.
    """
    value = json.dumps({"state": state, "slots": slots, "runtimes": list(runtimes)})
    connection().set(_key(queue), value, ex=LIFE_SECONDS)


def retire(queue: str) -> None:
    """Say that this process serves the queue no more. Raises redis.RedisError."""
    connection().delete(_key(queue))


def workers(queue: str) -> list[Worker]:
    """Return the live workers of a queue; none where the broker cannot be asked."""
    try:
        keys = list(connection().scan_iter(f"worker:{queue}:*", count=500))
        values = connection().mget(keys) if keys else []
    except redis.RedisError:
        return []
    return [_worker(str(key), str(value)) for key, value in zip(keys, values, strict=True) if value]


def _worker(key: str, value: str) -> Worker:
    _, queue, rest = key.split(":", 2)
    host, _, pid = rest.rpartition(":")
    fields = json.loads(value)
    return Worker(
        queue=queue,
        host=host,
        pid=int(pid),
        state=fields["state"],
        slots=int(fields.get("slots", 1)),
        runtimes=tuple(fields.get("runtimes", ())),
    )


def _key(queue: str) -> str:
    return f"worker:{queue}:{socket.gethostname()}:{os.getpid()}"
