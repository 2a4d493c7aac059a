"""Whose turn it is in the line for a place at a host, as in the queue of submissions (`exercises.grading.scheduling`).

A kernel's round is the number of kernels that its person has, or that wait before it: everybody's first goes before anybody's
second, and within a round the one that has waited the longest. The lines are sorted sets by time; the order is made when it is
asked for, in one step in Redis.
"""

from collections.abc import Iterable
from typing import Any

from learnpaths.core.redis import connection

_IN_TURN = """
local held = {starting = true, idle = true, busy = true}
local function count_held(user)
  local count = 0
  for _, key in ipairs(redis.call('SMEMBERS', 'kernels:of:' .. user)) do
    if held[redis.call('HGET', key, 'state') or ''] then count = count + 1 end
  end
  return count
end
local function user_of(key) return string.match(key, '^kernel:(%d+):') or '' end
local function in_turn(lines)
  local waiting, before = {}, {}
  for _, line in ipairs(lines) do
    local found = redis.call('ZRANGE', line, 0, -1, 'WITHSCORES')
    for at = 1, #found, 2 do table.insert(waiting, {key = found[at], since = tonumber(found[at + 1]), round = 0, line = line}) end
  end
  local function earlier(one, other)
    if one.round ~= other.round then return one.round < other.round end
    if one.since ~= other.since then return one.since < other.since end
    return one.key < other.key
  end
  table.sort(waiting, earlier)
  for _, one in ipairs(waiting) do
    local user = user_of(one.key)
    one.round = before[user] or count_held(user)
    before[user] = one.round + 1
  end
  table.sort(waiting, earlier)
  return waiting
end
"""
_ORDER = (
    _IN_TURN
    + """
local keys = {}
for _, one in ipairs(in_turn(KEYS)) do table.insert(keys, one.key) end
return keys
"""
)
_TAKE = (
    _IN_TURN
    + """
for _, one in ipairs(in_turn(KEYS)) do
  redis.call('ZREM', one.line, one.key)
  if redis.call('HGET', one.key, 'state') == 'waiting' then
    redis.call('HSET', one.key, 'state', 'starting', 'host', ARGV[1], 'since', ARGV[2])
    return {one.key, redis.call('HGET', one.key, 'id')}
  end
end
return false
"""
)
_HELD = (
    _IN_TURN
    + """
local counts = {}
for _, key in ipairs(KEYS) do table.insert(counts, count_held(user_of(key))) end
return counts
"""
)


def order(lines: Iterable[str]) -> list[str]:
    """Return the sessions that wait in any of the lines, in the order of their turns."""
    names = list(lines)
    keys: Any = connection().eval(_ORDER, len(names), *names)
    return [str(key) for key in keys]


def take(lines: Iterable[str], host: str, now: float) -> tuple[str, str] | None:
    """Give the session whose turn it is to a host, in one step; return its key and id, or None where none waits."""
    names = list(lines)
    taken: Any = connection().eval(_TAKE, len(names), *names, host, str(now))
    return (str(taken[0]), str(taken[1])) if taken else None


def held(keys: Iterable[str]) -> dict[str, int]:
    """Return for each session how many kernels its person has at any host; those that wait do not count."""
    names = list(keys)
    counts: Any = connection().eval(_HELD, len(names), *names)
    return dict(zip(names, map(int, counts), strict=True))
