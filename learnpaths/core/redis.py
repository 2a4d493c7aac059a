"""The one way to the broker's database: a connection for sync code and one per event loop for async code."""

import asyncio
from functools import cache
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings

MAX_CONNECTIONS = 50  # of one event loop
_per_loop: "WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis]" = WeakKeyDictionary()


@cache
def connection() -> "redis.Redis":
    """Return the process's client (thread-safe, pooled); answers are `str`."""
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)


def async_connection() -> "redis.asyncio.Redis":
    """Return the client of the running event loop; answers are `str`. Raises RuntimeError outside of a loop."""
    loop = asyncio.get_running_loop()
    if loop not in _per_loop:
        # Hundreds of streams look at once: they wait for a connection instead of being refused one.
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            settings.REDIS_URL, decode_responses=True, max_connections=MAX_CONNECTIONS, timeout=10
        )
        _per_loop[loop] = redis.asyncio.Redis(connection_pool=pool)
    return _per_loop[loop]
