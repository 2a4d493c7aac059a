"""Whose turn it is for a place at a host, by the same rule as in the queue of submissions (`exercises.grading.scheduling`).

A kernel's round is the number of kernels that its person has, or that wait before it: everybody's first goes before anybody's
second, and within a round the one that has waited the longest. A queue is a sorted set by time, one for each runtime; the order
is made when it is asked for, in one step in Redis.
"""

from collections.abc import Iterable
from pathlib import Path

from learnpaths.core.redis_scripts import read_script

_SCRIPTS = Path(__file__).with_name("scripts")
_LIST_WAITING = read_script(_SCRIPTS, "turns", "list_waiting")
_TAKE = read_script(_SCRIPTS, "turns", "take")
_COUNT_HELD = read_script(_SCRIPTS, "turns", "count_held")


def list_waiting(queues: Iterable[str]) -> list[str]:
    """Return the keys of the sessions that wait in any of the queues, in the order of their turns."""
    return [str(key) for key in _LIST_WAITING.run(queues)]


def take(queues: Iterable[str], host: str, now: float) -> tuple[str, str] | None:
    """Give the session whose turn it is to a host, in one step; return its key and id, or None where none waits."""
    taken = _TAKE.run(queues, host, str(now))
    return (str(taken[0]), str(taken[1])) if taken else None


def count_held(keys: Iterable[str]) -> dict[str, int]:
    """Return for each session how many kernels its person has at any host; those that wait do not count."""
    names = list(keys)
    return dict(zip(names, map(int, _COUNT_HELD.run(names)), strict=True))
