"""Prints what the pages cost as JSON on standard output and as a table on standard error.

Starts its own broker, web process and host of kernels on a fresh state folder. Rates are of one web process; the ratio to an
empty view of the same process says what a page costs, whatever the machine and its load.
"""

import argparse
import asyncio
import json
import math
import multiprocessing
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

STATE = Path(tempfile.mkdtemp(prefix="learnpaths-bench-"))
os.environ["LEARNPATHS_STATE_DIR"] = str(STATE)
os.environ["REDIS_URL"] = f"unix://{STATE}/broker/valkey.sock"
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")

import django  # noqa: E402 - its settings come first

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench.accounting import machine, rounded  # noqa: E402
from bench.pages.client import Visitor, rate, read_for, read_together  # noqa: E402
from exercises.grading import heartbeats, zygotes  # noqa: E402
from exercises.kernels import journal, sessions  # noqa: E402
from exercises.kernels.host.kernel_host import KernelHost  # noqa: E402
from exercises.kernels.host.time_limits import TimeLimits  # noqa: E402
from exercises.kernels.journal_entries import CellEntry  # noqa: E402
from exercises.models import Exercise  # noqa: E402
from learnpaths.catalog.models import Path as LearningPath  # noqa: E402
from learnpaths.core.streams import PER_PERSON  # noqa: E402
from learnpaths.serving import broker  # noqa: E402

READERS, STREAMS, ATTEMPTS, CLICKS = 100, 500, 1500, 20
FIT = """import keras, numpy as np
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(np.ones((64, 8)), np.ones(64), epochs=2, verbose=0)"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--without-kernels", action="store_true", help="leave out the clicks on Run, which need a jail")
    options = parser.parse_args()
    results: dict[str, Any] = {"machine": machine()}
    try:
        with ExitStack() as stack:
            stack.enter_context(run_broker())
            call_command("migrate", verbosity=0)
            call_command("load_content", verbosity=0, stdout=sys.stderr)
            user = get_user_model().objects.create_user(email="bench@example.org", password=None)
            port, pid = stack.enter_context(run_web())
            asyncio.run(measure_pages(port, user, results))
            asyncio.run(measure_streams(port, pid, results))
            asyncio.run(measure_attempts(port, pid, user, results))
            if not options.without_kernels:
                stack.enter_context(run_host())
                results["run_cell"] = measure_clicks(user)
    finally:
        shutil.rmtree(STATE, ignore_errors=True)
    json.dump(results, sys.stdout, indent=1)
    sys.stdout.write("\n")
    for name, value in results.items():
        sys.stderr.write(f"{name:<32}{value}\n")


@contextmanager
def run_broker() -> Iterator[None]:
    folder = STATE / "broker"
    broker.make_private(folder)
    with subprocess.Popen(
        broker.command(folder / "valkey.sock", folder, keep=False), stdout=subprocess.DEVNULL
    ) as process:
        try:
            while not broker.is_answering(settings.REDIS_URL):
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


@contextmanager
def run_web() -> Iterator[tuple[int, int]]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    command = [sys.executable, "-m", "bench.pages.server", str(listener.fileno())]
    with subprocess.Popen(
        command, pass_fds=(listener.fileno(),), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield listener.getsockname()[1], process.pid
        finally:
            process.terminate()


@contextmanager
def run_host() -> Iterator[None]:
    zygote = zygotes.zygote_of(Path(settings.RUNTIME_DIR).name)
    host = KernelHost(slots=2, time_limits=TimeLimits(idle_seconds=600), zygote_addresses=zygotes.warm)
    thread = threading.Thread(target=host.serve)
    thread.start()
    heartbeats.announce(heartbeats.INTERACTIVE, "ready", 2)
    try:
        yield
    finally:
        host.stop()
        thread.join()
        zygote.stop()


def pages() -> dict[str, str]:
    """Return the addresses to measure: the home page, a path, its first lesson, an exercise."""
    path = LearningPath.objects.listed().with_steps().first()
    assert path is not None
    lesson = next(step for step in path.steps if step.kind == "lesson")
    return {
        "home": "/",
        "path": f"/paths/{path.slug}/",
        "lesson": f"/paths/{path.slug}/{lesson.slug}/",
        "exercise": f"/exercises/{exercise().slug}/",
    }


def exercise() -> Exercise:
    return Exercise.objects.listed().filter(queue="cpu").order_by("slug")[0]


async def measure_pages(port: int, user: Any, results: dict[str, Any]) -> None:
    addresses = await asyncio.to_thread(pages)
    cookie = await asyncio.to_thread(sign_in, user)
    rates: dict[str, list[float]] = {}
    for _ in range(3):  # the load of the machine changes: each page is compared with the empty view next to it
        for name, address in {"empty": "/bench/empty/", **addresses}.items():
            rates.setdefault(name, []).append(await rate(port, address, seconds=2.0))
        for name, address in addresses.items():
            rates.setdefault(signed_in(name), []).append(await rate(port, address, cookie=cookie, seconds=2.0))
    results["requests_per_second"] = {name: round(statistics.median(rounds), 1) for name, rounds in rates.items()}
    results["ratio_to_empty_view"] = {
        name: rounded(statistics.median(page / empty for page, empty in zip(rates[name], rates["empty"], strict=True)))
        for name in rates
        if name != "empty"
    }
    times = await read_together(port, addresses["lesson"], visitors=READERS, rounds=3)
    results[f"lesson_seconds_{READERS}_readers"] = summary(times)


def signed_in(page: str) -> str:
    return f"{page}, signed in"


async def measure_streams(port: int, pid: int, results: dict[str, Any]) -> None:
    """Open as many streams as each of many learners may have, then see how soon each of them shows an event."""
    slug = (await asyncio.to_thread(exercise)).slug
    people = [await asyncio.to_thread(new_user, number) for number in range(math.ceil(STREAMS / PER_PERSON))]
    cookies = [await asyncio.to_thread(sign_in, user) for user in people]
    before = resident_mib(pid)
    started = time.monotonic()
    visitors = [Visitor(port, cookies[number // PER_PERSON]) for number in range(STREAMS)]
    readers = await asyncio.gather(*(visitor.follow(f"/exercises/{slug}/kernel/events/") for visitor in visitors))
    await asyncio.gather(*(until(reader, b"event: kernel") for reader in readers))
    opened = time.monotonic() - started
    waiting = [asyncio.ensure_future(until(reader, b"event: cell")) for reader in readers]
    lags = []
    sent = time.monotonic()
    for user in people:
        key = sessions.key_of(user.pk, slug)
        await asyncio.to_thread(journal.publish, key, CellEntry(run="r", cell="a", status="ok"))
    for reading in asyncio.as_completed(waiting):
        await reading
        lags.append(time.monotonic() - sent)
    page = await read_together(port, "/bench/empty/", visitors=1, rounds=20)
    results[f"{STREAMS}_event_streams"] = {
        "open_seconds": rounded(opened),
        "event_seen_seconds": summary(lags),
        "empty_view_seconds_meanwhile": summary(page),
        "mib_per_stream": rounded((resident_mib(pid) - before) / STREAMS),
        "threads": threads(pid),
    }
    await asyncio.gather(*(visitor.close() for visitor in visitors))


async def measure_attempts(port: int, pid: int, user: Any, results: dict[str, Any]) -> None:
    """Have one account try to open far too many streams at once, while somebody else reads the home page again and again."""
    slug = (await asyncio.to_thread(exercise)).slug
    cookie = await asyncio.to_thread(sign_in, user)
    answers: Counter[int] = Counter()
    visitors = [Visitor(port, cookie) for _ in range(ATTEMPTS)]
    alone = await read_together(port, "/", visitors=1, rounds=40)

    async def attempt(visitor: Visitor) -> None:
        answers[await visitor.ask(f"/exercises/{slug}/kernel/events/")] += 1

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:  # its clock is not ours
        reading = asyncio.wrap_future(pool.submit(read_for, port, "/", 12.0))
        await asyncio.sleep(2)
        started = time.monotonic()
        await asyncio.gather(*map(attempt, visitors))
        ended = time.monotonic()
        most_threads = threads(pid)
        times = [took for began, took in await reading if began + took > started and began < ended]
    results[f"{ATTEMPTS}_attempts_of_one_account"] = {
        "answers": dict(answers),
        "seconds": rounded(ended - started),
        "home_pages_read_meanwhile": len(times),
        "home_page_seconds_before": summary(alone),
        "home_page_seconds_meanwhile": summary(times),
        "threads": most_threads,
        "mib": rounded(resident_mib(pid)),
    }
    await asyncio.gather(*(visitor.close() for visitor in visitors))


def new_user(number: int) -> Any:
    return get_user_model().objects.create_user(email=f"bench{number}@example.org", password=None)


def threads(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Threads:"))


async def until(reader: asyncio.StreamReader, words: bytes) -> None:
    while words not in await asyncio.wait_for(reader.readline(), 120):
        pass


def measure_clicks(user: Any) -> dict[str, Any]:
    """Seconds from the request that runs a cell to its first output in the journal, and to the first epoch of a fit."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    cold = click(client, user, "print('hi')", "output")
    warm = [click(client, user, "print('hi')", "output") for _ in range(CLICKS)]
    return {
        "first_output_of_a_new_kernel": rounded(cold),
        "first_output_of_a_warm_kernel": summary(warm),
        "first_epoch_of_a_first_fit": rounded(click(client, user, FIT, "metrics")),
        "first_epoch_of_a_second_fit": rounded(click(client, user, FIT, "metrics")),
    }


def click(client: Client, user: Any, source: str, kind: str) -> float:
    slug = exercise().slug
    key = sessions.key_of(user.pk, slug)
    after = journal.last_id(key)
    started = time.monotonic()
    body = json.dumps({"cells": [{"id": "scratch-a", "source": source}]})
    response = client.post(f"/exercises/{slug}/kernel/runs/", body, content_type="application/json")
    assert response.status_code == 202, response.content
    seen = 0.0
    kinds: set[str] = set()
    while "run" not in kinds:
        kinds = {event.kind for event in journal.read(key, after)}
        seen = seen or (time.monotonic() - started if kind in kinds else 0.0)
        time.sleep(0.002)
    return seen


def sign_in(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def summary(times: list[float]) -> dict[str, float]:
    return {"p50": rounded(statistics.median(times)), "p95": rounded(statistics.quantiles(times, n=20)[18])}


def resident_mib(pid: int) -> float:
    pages_in_use = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages_in_use * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
