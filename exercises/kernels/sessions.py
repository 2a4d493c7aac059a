"""Which kernel a learner has for an exercise, where it is and how it does: one Redis record for each, `kernel:<user>:<exercise>`.

A lesson has one too, under a name that no exercise can have (`interactive.lessons`).

The record is the truth. States: `waiting` (in line for a host), `starting`, `idle`, `busy` (held by a host), `ended`. A host
proves that it lives by a key of its own which expires; a record whose host is silent has ended, and whoever sees it first says
so. What a learner asks goes into the inbox of the session, whichever host holds it. Everything here raises redis.RedisError
where the broker is away.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from exercises.kernels import end_messages, journal, waiting_queue
from learnpaths.core.redis import async_connection, connection
from learnpaths.core.redis_scripts import read_script

LIVE = ("waiting", "starting", "idle", "busy")
LIFE_SECONDS = journal.LIFE_SECONDS
BEAT_SECONDS = 3.0
SILENCE_SECONDS = 15
PER_LEARNER = 3
REPLY_SECONDS = 3.0
Command = dict[str, Any]
_SCRIPTS = Path(__file__).with_name("scripts")
_OPEN = read_script(_SCRIPTS, "open")
_SEND_TO_HOST = read_script(_SCRIPTS, "send_to_host")
_UPDATE = read_script(_SCRIPTS, "update")
_END = read_script(_SCRIPTS, "end")


class TooManyKernels(Exception):
    """The learner's other kernels are all at work."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a session needs to begin: whose it is, of which version of an exercise, in which runtime, with which seed."""

    user: int
    exercise: str
    version: int
    runtime: str
    seed: int

    @property
    def key(self) -> str:
        return key_of(self.user, self.exercise)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A session that a host took."""

    key: str
    id: str
    host: str
    version: int
    seed: int


def key_of(user: int, exercise: str) -> str:
    """Return the record's name. Only ever made from the signed-in user and the address."""
    return f"kernel:{user}:{exercise}"


# --- what the page asks ---


def state(key: str) -> dict[str, Any]:
    """Return the state object of a session (docs/architecture.md), ending one whose host is silent."""
    record = _record(key)
    if not record:
        return _state_object({"state": "none"})
    if _is_lost(record):
        end(key, record["id"], "worker_stopped")
        record = _record(key)
    place = _place(key, record) if record["state"] == "waiting" else 0
    return _state_object(record, place)


def send(opening: Opening, command: Command) -> None:
    """Put a command into the session's inbox, opening the session where there is none. Raises TooManyKernels."""
    key = opening.key
    state(key)  # ends one that is lost
    for _ in range(PER_LEARNER + 1):
        answer = _open(opening, command)
        if answer[0] != "full":
            return
        if not _close_one([str(name) for name in answer[1:]]):
            raise TooManyKernels
    raise TooManyKernels


def tell(key: str, command: Command) -> bool:
    """Put a command into the inbox of a session that a host holds; False where there is none."""
    return bool(_SEND_TO_HOST.run([key], json.dumps(command)))


def count() -> dict[str, int]:
    """Return how many live sessions there are, by state."""
    counts: dict[str, int] = {}
    for mine in connection().scan_iter(_mine("*"), count=500):
        for key in connection().sscan_iter(mine):
            state = str(_record(str(key)).get("state"))
            counts[state] = counts.get(state, 0) + 1
    return counts


def withdraw(key: str) -> bool:
    """End a session that still waits in line; False where it does not."""
    record = _record(key)
    return record.get("state") == "waiting" and end(key, record["id"], "", only_if="waiting")


async def ask(key: str, command: Command) -> dict[str, Any] | None:
    """Send a question to the host and return the answer; None where no kernel is idle, or it takes too long."""
    redis = async_connection()
    known: Any = await redis.hmget(key, ["state", "id"])
    if known[0] != "idle":
        return None
    reply = f"kernels:reply:{uuid4()}"
    await redis.rpush(_inbox(key, known[1]), json.dumps({**command, "reply": reply}))
    answer: Any = await redis.blpop([reply], timeout=REPLY_SECONDS)
    found: dict[str, Any] | None = json.loads(answer[1]) if answer else None
    return found


def _open(opening: Opening, command: Command) -> list[Any]:
    key = opening.key
    own_line = _line(opening.runtime)
    names = (key, own_line, _mine(opening.user), journal.stream(key), _knocks(own_line))
    values = (json.dumps(command), time.time(), str(uuid4()), PER_LEARNER, LIFE_SECONDS)
    fields = (opening.version, opening.runtime, opening.seed)
    answer: Any = _OPEN.run(names, *values, *fields)
    return list(answer)


def _close_one(keys: Iterable[str]) -> bool:
    """End the kernel of a learner that has been idle the longest, to make room for another one of theirs."""
    records = {key: _record(key) for key in keys}
    for key, record in records.items():
        if _is_lost(record):
            return end(key, record["id"], "worker_stopped")
    idle = sorted((record["since"], key) for key, record in records.items() if record.get("state") == "idle")
    if not idle:
        return False
    key = idle[0][1]
    return end(key, records[key]["id"], "replaced", only_if="idle")


def _record(key: str) -> dict[str, str]:
    record: Any = connection().hgetall(key)
    return dict(record)


def _is_lost(record: dict[str, str]) -> bool:
    held = record.get("state") in ("starting", "idle", "busy")
    return held and not connection().exists(_beat(record["host"]))


def _place(key: str, record: dict[str, str]) -> int:
    """Return a waiting session's place, from 1, in the order of turns. One that fell out of the line is put back."""
    name = _line(record["runtime"])
    if key not in (waiting := waiting_queue.list_waiting([name])):
        connection().zadd(name, {key: float(record["since"])})
        waiting = waiting_queue.list_waiting([name])
    return waiting.index(key) + 1 if key in waiting else 1


def _state_object(record: dict[str, str], position: int = 0) -> dict[str, Any]:
    return {
        "state": record.get("state", "none"),
        "position": position,
        "seconds": None,
        "reason": record.get("reason", ""),
        "message": record.get("message", ""),
        "cells": json.loads(record.get("cells") or "{}"),
    }


# --- what a host does ---


def beat(host: str) -> None:
    """Say that a host lives."""
    connection().set(_beat(host), "1", ex=SILENCE_SECONDS)


def stop_beating(host: str) -> None:
    """Say that a host has gone: what it still held has ended."""
    connection().delete(_beat(host))


def take(host: str, runtimes: Iterable[str], *, seconds: float) -> Claim | None:
    """Take the session whose turn it is for one of the runtimes, waiting at most so long for one."""
    lines = [_line(runtime) for runtime in runtimes]
    taken = waiting_queue.take(lines, host, time.time())
    if not taken and connection().blpop([_knocks(name) for name in lines], timeout=seconds):
        taken = waiting_queue.take(lines, host, time.time())
    if not taken:
        return None
    key, claim_id = taken
    record = _record(key)
    return Claim(key=key, id=claim_id, host=host, version=int(record["version"]), seed=int(record["seed"]))


def waiting(runtimes: Iterable[str]) -> list[str]:
    """Return the sessions in line for any of the runtimes, in the order of their turns."""
    return waiting_queue.list_waiting(_line(runtime) for runtime in runtimes)


def held(keys: Iterable[str]) -> dict[str, int]:
    """Return for each session how many kernels its person has at any host."""
    return waiting_queue.count_held(keys)


def update(claim: Claim, **fields: Any) -> bool:
    """Write the record of a session that a host holds; False where it is no longer this host's."""
    pairs = [part for name, value in fields.items() for part in (name, value)]
    return bool(_UPDATE.run([claim.key], claim.id, claim.host, time.time(), LIFE_SECONDS, *pairs))


def holds(claim: Claim) -> bool:
    """Tell whether a session is still this host's: another may have ended it."""
    known: Any = connection().hmget(claim.key, ["id", "host"])
    return bool(known == [claim.id, claim.host])


def listen(claim: Claim, seconds: float) -> Command | None:
    """Return the next command of a session, waiting at most so long; no wait for 0 seconds."""
    inbox = _inbox(claim.key, claim.id)
    if not seconds:
        text: Any = connection().lpop(inbox)
    else:
        answer: Any = connection().blpop([inbox], timeout=seconds)
        text = answer[1] if answer else None
    command: Command | None = json.loads(text) if text else None
    return command


def answer(reply: str, said: dict[str, Any]) -> None:
    """Answer a question that came with a place for the reply."""
    pipe = connection().pipeline(transaction=False)
    pipe.rpush(reply, json.dumps(said))
    pipe.expire(reply, 30)
    pipe.execute()


# --- the end of one ---


def end(key: str, session_id: str, reason: str, message: str = "", *, only_if: str = "") -> bool:
    """End a session and say so in its journal, runs that nobody took included; False where it had ended already."""
    message = message or end_messages.message(reason)
    final = "ended" if reason else "none"
    left: Any = _END.run([key], session_id, final, reason, message, only_if, time.time())
    if left is None:
        return False
    runtime, user, *commands = left
    connection().zrem(_line(runtime), key)
    connection().srem(_mine(user), key)
    for command in map(json.loads, commands):
        if command["do"] == "run":
            skip_run(key, command, end_messages.NOT_RUN)
        elif "reply" in command:
            answer(command["reply"], {})
    journal.publish(key, "kernel", state(key))
    return True


def skip_run(key: str, command: Command, message: Any) -> None:
    """Say that no cell of a run will run."""
    for cell in command["cells"]:
        skipped = {"run": command["run"], "cell": cell["id"], "status": "skipped", "seconds": 0.0, "count": None}
        journal.publish(key, "cell", skipped)
    journal.publish(key, "run", {"run": command["run"], "status": "stopped", "message": str(message)})


def _inbox(key: str, session_id: str) -> str:
    """The name has the session's id: a host that lost the session takes nothing that is for the next one."""
    return f"{key}:inbox:{session_id}"


def _line(runtime: str) -> str:
    return f"kernels:line:{runtime}"


def _knocks(line_name: str) -> str:
    """Where somebody who comes into a line says so: one host that waits wakes and looks."""
    return line_name.replace(":line:", ":knocks:", 1)


def _mine(user: int | str) -> str:
    return f"kernels:of:{user}"


def _beat(host: str) -> str:
    return f"kernels:host:{host}"
