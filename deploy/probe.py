"""Health checks of containers: `python deploy/probe.py web` and `python deploy/probe.py worker QUEUE [STATE]`.

Exit status 0 means well. Without Django, whose start would cost seconds of CPU at each probe.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

import redis

WEB = ("127.0.0.1", 8000)


def check_web(path: str = "/healthz") -> str:
    """Return what is wrong with the web process of this container, "" if nothing."""
    connection = HTTPConnection(*WEB, timeout=5)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        return f"The web process does not answer: {error}"
    finally:
        connection.close()
    return "" if status == 200 else f"{path} answers {status}"


def check_worker(queue: str, state: str = "") -> str:
    """Return what is wrong with the worker of this container: it does not announce itself, or not as in `state`."""
    broker = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, decode_responses=True)
    try:
        keys = list(broker.scan_iter(f"worker:{queue}:{socket.gethostname()}:*", count=500))
        said = [json.loads(value) for value in broker.mget(keys) if value] if keys else []
    except redis.RedisError as error:
        return f"The broker cannot be asked: {error}"
    if not said:
        return f"No worker of the queue {queue} announces itself from here."
    states = {str(worker["state"]) for worker in said}
    return "" if not state or state in states else f"The worker is {', '.join(states)}, not {state}."


if __name__ == "__main__":
    checks: dict[str, Callable[..., str]] = {"web": check_web, "worker": check_worker}
    sys.exit(checks[sys.argv[1]](*sys.argv[2:]) or 0)
