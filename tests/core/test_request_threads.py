"""The threads of the web process: few for all, none for a stream, and no person takes all of them."""

import asyncio
import threading

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async

from learnpaths.core.request_threads import AT_ONCE, WAITING, RequestThreads, identify_person


def scope(**headers):
    return {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}


def cookie(session):
    return scope(cookie=f"theme=dark; sessionid={session}")


async def ask(application, of):
    """Send one request and return the messages of the answer."""
    sent = []

    async def send(message):
        sent.append(message)

    await application(of, None, send)
    return sent


async def answer(send, kind=b"text/html", *, more=False):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", kind)]})
    await send({"type": "http.response.body", "body": b"", "more_body": more})


def test_a_request_stays_on_its_thread():
    async def application(scope, receive, send):
        async with ThreadSensitiveContext():  # as Django's handler does
            names = set()
            for _ in range(5):
                names.add(await sync_to_async(threading.get_ident)())
                await asyncio.sleep(0.001)
            assert len(names) == 1
        await answer(send)

    async def run():
        application_ = RequestThreads(application, threads=3)
        await asyncio.gather(*(ask(application_, scope()) for _ in range(20)))

    asyncio.run(run())


def test_there_are_only_so_many_threads():
    used = set()

    async def application(scope, receive, send):
        await sync_to_async(lambda: used.add(threading.get_ident()))()
        await answer(send)

    async def run():
        application_ = RequestThreads(application, threads=4)
        await asyncio.gather(*(ask(application_, scope()) for _ in range(100)))

    asyncio.run(run())
    assert 1 < len(used) <= 4


def test_streams_hold_no_thread_and_no_place():
    used, goes_on = set(), asyncio.Event()

    async def application(scope, receive, send):
        await answer(send, b"text/event-stream", more=True)
        await goes_on.wait()
        await sync_to_async(lambda: used.add(threading.get_ident()))()  # still answered, by whoever has room

    async def run():
        application_ = RequestThreads(application, threads=2)
        before = threading.active_count()
        # More than may work and wait together: each gives its place back as it begins.
        streams = [asyncio.ensure_future(ask(application_, cookie("one"))) for _ in range(AT_ONCE + WAITING)]
        await asyncio.sleep(0.01)
        streams += [asyncio.ensure_future(ask(application_, cookie("one"))) for _ in range(AT_ONCE + WAITING)]
        await asyncio.sleep(0.01)
        assert threading.active_count() == before
        goes_on.set()
        for sent in await asyncio.gather(*streams):
            assert sent[0]["status"] == 200
        assert len(used) <= 2 and not application_._people

    asyncio.run(run())


def test_a_busy_thread_is_not_waited_for_while_another_is_free():
    held = threading.Event()

    async def application(scope, receive, send):
        await sync_to_async(held.wait if scope.get("slow") else threading.get_ident)()
        await answer(send)

    async def run():
        application_ = RequestThreads(application, threads=3)
        slow = [asyncio.ensure_future(ask(application_, scope() | {"slow": True})) for _ in range(2)]
        await asyncio.sleep(0.01)
        for _ in range(10):
            assert (await ask(application_, scope()))[0]["status"] == 200
        held.set()
        await asyncio.gather(*slow)

    asyncio.run(run())


def test_one_person_has_a_share_and_the_rest_waits_or_is_refused():
    inside, most, goes_on = 0, 0, asyncio.Event()

    async def application(scope, receive, send):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await goes_on.wait()
        inside -= 1
        await answer(send)

    async def run():
        application_ = RequestThreads(application)
        many = [asyncio.ensure_future(ask(application_, cookie("one"))) for _ in range(AT_ONCE + WAITING + 50)]
        await asyncio.sleep(0.05)
        assert inside == AT_ONCE
        refused = [task.result() for task in many if task.done()]
        assert len(refused) == 50
        head = dict(refused[0][0]["headers"])
        assert refused[0][0]["status"] == 429 and head[b"content-type"] == b"application/problem+json"
        assert int(head[b"retry-after"]) > 0 and b"Close other tabs" in refused[0][1]["body"]
        others = [asyncio.ensure_future(ask(application_, of)) for of in (cookie("two"), scope(), scope())]
        await asyncio.sleep(0.01)
        assert inside == AT_ONCE + 3  # other people and visitors go in at once
        goes_on.set()
        await asyncio.gather(*many, *others)
        assert not application_._people

    asyncio.run(run())


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ({}, ""), ({"cookie": "theme=dark"}, ""), ({"cookie": "sessionid=a"}, "session a"),
        ({"cookie": 'x=1; sessionid="a"'}, "session a"), ({"authorization": "Token  b"}, "token b"),
        ({"authorization": ""}, ""), ({"cookie": "\xff"}, ""),
    ],
)  # fmt: skip
def test_who_somebody_is(headers, who):
    assert identify_person(scope(**headers)) == who


def test_the_site_uses_it():
    from learnpaths.asgi import application

    assert isinstance(application, RequestThreads)
