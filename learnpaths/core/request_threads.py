"""The threads of the web process: a fixed number for all requests, and a fair share of them for each person.

Django's handler makes a thread for each request, which lives as long as the request: a stream of events would hold a thread and
a database connection for its whole life. Here every request works on one of a few threads that stay, the least busy one.
What one person sends at once beyond a few requests waits without a thread, and beyond many is refused before Django sees it.
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, TypeVar

from asgiref.sync import ThreadSensitiveContext
from django.conf import settings
from django.http import parse_cookie

from learnpaths.core.problems import CONTENT_TYPE, TooMany

THREADS = 16  # and at most as many database connections
AT_ONCE = 4  # requests of one person that work at a time
WAITING = 100  # requests of one person that wait for that
RETRY_SECONDS = 10
Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Result = TypeVar("Result")


class RequestThreads:
    """An ASGI application around Django's: it gives each request a thread, and takes it back where a stream begins."""

    def __init__(self, application: Application, *, threads: int = THREADS) -> None:
        self._application = application
        self._threads = [_Thread(number) for number in range(threads)]
        self._people: dict[str, _Person] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        with ExitStack() as held:
            if who := identify_person(scope):
                person = self._people.setdefault(who, _Person())
                if person.requests >= AT_ONCE + WAITING:
                    await _refuse(send)
                    return
                person.requests += 1
                held.callback(self._leave, who, person)
                await person.slots.acquire()
                held.callback(person.slots.release)
            lease = _ThreadLease(self._threads)
            held.callback(lease.release)

            async def watch(message: Message) -> None:
                if _begins_stream(message):
                    held.close()
                await send(message)

            async with ThreadSensitiveContext(executor=lease):  # the handler's own one then changes nothing
                await self._application(scope, receive, watch)

    def _leave(self, who: str, person: "_Person") -> None:
        person.requests -= 1
        if not person.requests:
            del self._people[who]


def identify_person(scope: Scope) -> str:
    """Return what stands for the person of a request: the session or the token, unchecked; "" for a visitor."""
    headers = dict(scope["headers"])
    if token := headers.get(b"authorization", b"").split()[-1:]:
        return f"token {token[0].decode('latin-1')}"
    session = parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    return f"session {session}" if session else ""


class _Person:
    """The requests of one person that are here."""

    def __init__(self) -> None:
        self.requests = 0  # those that work, and those that wait
        self.slots = asyncio.Semaphore(AT_ONCE)


class _Thread:
    """A thread that stays, made when it is first needed."""

    def __init__(self, number: int) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"request-{number}")
        self._lock = threading.Lock()
        self.pending = 0  # calls that run, or wait to
        self.leases = 0  # requests that work on it

    def submit(self, call: Callable[..., Result], *args: Any, **kwargs: Any) -> "Future[Result]":
        self._count(1)
        try:
            future = self._executor.submit(call, *args, **kwargs)
        except RuntimeError:  # the process ends
            self._count(-1)
            raise
        future.add_done_callback(lambda _: self._count(-1))
        return future

    def _count(self, change: int) -> None:
        with self._lock:
            self.pending += change


class _ThreadLease(Executor):
    """Runs a request's calls on one thread. After `release` each further call runs where there is room."""

    def __init__(self, threads: list[_Thread]) -> None:
        self._threads = threads
        self._thread: _Thread | None = None
        self._is_released = False

    def submit(self, call: Callable[..., Result], /, *args: Any, **kwargs: Any) -> "Future[Result]":
        if self._thread:
            return self._thread.submit(call, *args, **kwargs)
        thread = min(self._threads, key=lambda thread: (thread.pending, thread.leases))
        if not self._is_released:
            self._thread = thread
            thread.leases += 1
        return thread.submit(call, *args, **kwargs)

    def release(self) -> None:
        if self._thread:
            self._thread.leases -= 1
        self._thread, self._is_released = None, True


def _begins_stream(message: Message) -> bool:
    return message["type"] == "http.response.start" and any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream") for name, value in message["headers"]
    )


async def _refuse(send: Send) -> None:
    problem = TooMany("Far too many requests of yours wait already. Close other tabs of this site, or ask less often.")
    body = json.dumps(problem.document()).encode()
    headers = [
        (b"content-type", CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_SECONDS).encode()),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
