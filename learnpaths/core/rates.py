"""How often somebody may do something: counted in Redis in one step, so that ten at once are ten."""

import math
import uuid

from learnpaths.core.redis import connection

# The times of the last uses, oldest first; a use that is refused is not counted.
_COUNT = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local span, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - span)
if redis.call('ZCARD', KEYS[1]) >= limit then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return span - (now - tonumber(oldest[2]))
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], span)
return 0
"""


def count(scope: str, who: object, *, limit: int, seconds: int) -> int:
    """Count one use of `scope` by `who`. Return 0 if it is within the limit, else the seconds until the next is."""
    key = f"learnpaths:rate:{scope}:{who}"
    wait = connection().eval(_COUNT, 1, key, seconds * 1000, limit, uuid.uuid4().hex)
    return math.ceil(int(wait) / 1000)
