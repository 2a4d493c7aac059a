"""Which kernel a learner has for an exercise or a lesson, where it is and how it does: one Redis record each, `kernel:<user>:<subject>`.

The record is the truth. States: `waiting` (in the queue for a host), `starting`, `idle`, `busy` (held by a host), `ended`. A host
proves that it lives by a key of its own which expires; a record whose host is silent has ended, and whoever sees it first says
so. What a learner asks goes into the inbox of the session, whichever host holds it. Everything here raises redis.RedisError
where the broker is away.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from exercises.kernels import end_messages, journal, waiting_queue
from exercises.kernels.commands import (
    Command,
    Complete,
    Inspect,
    MalformedCommand,
    Question,
    RunCells,
    read_command,
    write_command,
)
from exercises.kernels.journal_entries import CellEntry, KernelEntry, RunEntry
from exercises.kernels.session import (
    HELD,
    LIVE,
    CellRecords,
    HeldSession,
    Opening,
    Record,
    SessionState,
    SessionStateName,
    key_of,
    read_record,
    write_cells,
)
from learnpaths.core.redis import async_connection, connection
from learnpaths.core.redis_scripts import read_script

__all__ = ["LIVE", "Opening", "SessionState", "key_of"]
log = structlog.get_logger(__name__)
LIFE_SECONDS = journal.LIFE_SECONDS
HEARTBEAT_SECONDS = 3.0
SILENCE_SECONDS = 15
PER_LEARNER = 3
ANSWER_SECONDS = 3.0
_KEPT_ANSWER_SECONDS = 30  # of an answer that nobody waits for any more
_SCRIPTS = Path(__file__).with_name("scripts")
_OPEN = read_script(_SCRIPTS, "open")
_SEND_TO_HOST = read_script(_SCRIPTS, "send_to_host")
_UPDATE = read_script(_SCRIPTS, "update")
_END = read_script(_SCRIPTS, "end")


class TooManyKernels(Exception):
    """The learner's other kernels are all at work."""


# --- what the page asks ---


def state(key: str) -> SessionState:
    """Return the state of a session, ending one whose host is silent."""
    record = _record(key)
    if record and _is_lost(record):
        end(key, record.id, "worker_stopped")
        record = _record(key)
    if record is None:
        return SessionState()
    return record.shown(_position(key, record) if record.state == "waiting" else 0)


def send(opening: Opening, command: Command) -> None:
    """Put a command into the session's inbox, opening the session where there is none. Raises TooManyKernels."""
    state(opening.key)  # ends one that is lost
    for _ in range(PER_LEARNER + 1):
        outcome, *others = _open(opening, command)
        if outcome != "full":
            return
        if not _end_one_of(others):
            raise TooManyKernels
    raise TooManyKernels


def send_to_host(key: str, command: Command) -> bool:
    """Put a command into the inbox of a session that a host holds; False where none does."""
    return bool(_SEND_TO_HOST.run([key], write_command(command)))


def count() -> dict[str, int]:
    """Return how many sessions there are, by state."""
    counts: Counter[str] = Counter()
    for of_person in connection().scan_iter(_sessions_of("*"), count=500):
        for key in connection().sscan_iter(of_person):
            record = _record(str(key))
            counts[record.state if record else "none"] += 1
    return dict(counts)


def withdraw(key: str) -> bool:
    """End a session that still waits for a host; False where it does not."""
    record = _record(key)
    return record is not None and record.state == "waiting" and end(key, record.id, "", only_if="waiting")


async def ask(key: str, question: Complete | Inspect) -> dict[str, Any] | None:
    """Send a question to the host and return the answer; None where no kernel is idle, or it takes too long."""
    redis = async_connection()
    state, session_id = await redis.hmget(key, ["state", "id"])
    if state != "idle":
        return None
    reply = f"kernels:reply:{uuid4()}"
    await redis.rpush(_inbox(key, str(session_id)), write_command(replace(question, reply=reply)))
    popped: Any = await redis.blpop([reply], timeout=ANSWER_SECONDS)
    answer: dict[str, Any] | None = json.loads(popped[1]) if popped else None
    return answer


def _open(opening: Opening, command: Command) -> list[str]:
    queue = _queue(opening.runtime)
    keys = (opening.key, queue, _sessions_of(opening.user), journal.stream(opening.key), _arrivals(queue))
    values = (write_command(command), time.time(), str(uuid4()), PER_LEARNER, LIFE_SECONDS)
    return [str(part) for part in _OPEN.run(keys, *values, opening.version, opening.runtime, opening.seed)]


def _end_one_of(keys: Iterable[str]) -> bool:
    """End a lost kernel of a learner, or the one that has been idle the longest, to make room for another one of theirs."""
    records = {key: record for key in keys if (record := _record(key))}
    for key, record in records.items():
        if _is_lost(record):
            return end(key, record.id, "worker_stopped")
    idle = [(record.since, key) for key, record in records.items() if record.state == "idle"]
    if not idle:
        return False
    _, key = min(idle)
    return end(key, records[key].id, "replaced", only_if="idle")


def _record(key: str) -> Record | None:
    fields: Any = connection().hgetall(key)
    return read_record(fields)


def _is_lost(record: Record) -> bool:
    return record.state in HELD and not connection().exists(_heartbeat(record.host))


def _position(key: str, record: Record) -> int:
    """Return a waiting session's place, from 1, in the order of turns. One that fell out of the queue is put back."""
    queue = _queue(record.runtime)
    if key not in (waiting := waiting_queue.list_waiting([queue])):
        connection().zadd(queue, {key: record.since})
        waiting = waiting_queue.list_waiting([queue])
    return waiting.index(key) + 1 if key in waiting else 1


# --- what a host does ---


def send_heartbeat(host: str) -> None:
    """Say that a host lives."""
    connection().set(_heartbeat(host), "1", ex=SILENCE_SECONDS)


def stop_heartbeat(host: str) -> None:
    """Say that a host has gone: what it still held has ended."""
    connection().delete(_heartbeat(host))


def take(host: str, runtimes: Iterable[str], *, seconds: float) -> HeldSession | None:
    """Take the session whose turn it is for one of the runtimes, waiting at most so long for one."""
    queues = [_queue(runtime) for runtime in runtimes]
    taken = waiting_queue.take(queues, host, time.time())
    if not taken and connection().blpop([_arrivals(queue) for queue in queues], timeout=seconds):
        taken = waiting_queue.take(queues, host, time.time())
    if not taken:
        return None
    key, session_id = taken
    record = _record(key)
    if record is None:
        return None
    return HeldSession(key=key, id=session_id, host=host, version=record.version, seed=record.seed)


def list_waiting(runtimes: Iterable[str]) -> list[str]:
    """Return the sessions that wait for any of the runtimes, in the order of their turns."""
    return waiting_queue.list_waiting(_queue(runtime) for runtime in runtimes)


def update(
    session: HeldSession,
    state: SessionStateName,
    *,
    reason: str = "",
    message: str = "",
    cells: CellRecords | None = None,
) -> bool:
    """Write the record of a session that a host holds; False where it is no longer this host's."""
    fields = {"state": state, "reason": reason, "message": message, "cells": write_cells(cells or {})}
    pairs = [part for pair in fields.items() for part in pair]
    return bool(_UPDATE.run([session.key], session.id, session.host, time.time(), LIFE_SECONDS, *pairs))


def is_held(session: HeldSession) -> bool:
    """Tell whether a session is still this host's: another may have ended it."""
    holder: Any = connection().hmget(session.key, ["id", "host"])
    return bool(holder == [session.id, session.host])


def next_command(session: HeldSession, seconds: float) -> Command | None:
    """Return the next command of a session, waiting at most so long; no wait for 0 seconds. Raises MalformedCommand."""
    inbox = _inbox(session.key, session.id)
    if not seconds:
        text: Any = connection().lpop(inbox)
    else:
        popped: Any = connection().blpop([inbox], timeout=seconds)
        text = popped[1] if popped else None
    return read_command(text) if text else None


def answer(question: Question, answer: dict[str, Any]) -> None:
    """Answer a question."""
    pipe = connection().pipeline(transaction=False)
    pipe.rpush(question.reply, json.dumps(answer))
    pipe.expire(question.reply, _KEPT_ANSWER_SECONDS)
    pipe.execute()


# --- the end of one ---


def end(key: str, session_id: str, reason: str, message: str = "", *, only_if: str = "") -> bool:
    """End a session and say so in its journal, runs that nobody took included; False where it had ended already."""
    message = message or end_messages.message(reason)
    final = "ended" if reason else "none"
    left = _END.run([key], session_id, final, reason, message, only_if, time.time())
    if left is None:
        return False
    runtime, user, *commands = left
    connection().zrem(_queue(runtime), key)
    connection().srem(_sessions_of(user), key)
    for text in commands:
        _refuse(key, text)
    journal.publish(key, KernelEntry(state=state(key)))
    return True


def _refuse(key: str, text: str) -> None:
    """Say of a command that nobody took that it is not done."""
    try:
        command = read_command(text)
    except MalformedCommand as error:
        log.warning("command_malformed", key=key, error=str(error))
        return
    if isinstance(command, RunCells):
        skip_run(key, command, end_messages.NOT_RUN)
    elif isinstance(command, Question):
        answer(command, {})


def skip_run(key: str, run: RunCells, message: Any) -> None:
    """Say that no cell of a run will run."""
    for cell in run.cells:
        journal.publish(key, CellEntry(run=run.run, cell=cell.id, status="skipped"))
    journal.publish(key, RunEntry(run=run.run, status="stopped", message=str(message)))


# --- names in Redis; hosts and web processes of two versions share them ---


def _inbox(key: str, session_id: str) -> str:
    """The name has the session's id: a host that lost the session takes nothing that is for the next one."""
    return f"{key}:inbox:{session_id}"


def _queue(runtime: str) -> str:
    return f"kernels:line:{runtime}"


def _arrivals(queue: str) -> str:
    """The list by which a session that begins to wait wakes one host."""
    return queue.replace(":line:", ":knocks:", 1)


def _sessions_of(user: int | str) -> str:
    return f"kernels:of:{user}"


def _heartbeat(host: str) -> str:
    return f"kernels:host:{host}"
