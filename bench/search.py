"""Prints what a search costs with many documents as JSON: `python -m bench.search`.

Fills a database of its own with the courses and with lessons made of their words, and asks as people do. With DATABASE_URL of a
PostgreSQL it measures that engine; the database must be empty and is emptied again.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATE = Path(tempfile.mkdtemp(prefix="learnpaths-bench-"))
os.environ["LEARNPATHS_STATE_DIR"] = str(STATE)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")

import django  # noqa: E402 - its settings come first

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench.accounting import machine, rounded  # noqa: E402
from learnpaths.search import indexing, registry, selectors  # noqa: E402
from learnpaths.search.models import Document  # noqa: E402
from learnpaths.search.registry import Entry, Kind  # noqa: E402

QUERIES = (
    "mse", "learning rate", "overfitting", "padding", "dropout", "grad", "gradent", "tensorflw", "embeding", "lr", "relu", "cnn",
    "early stopping", "precision recall", "attention", "tf.data", "regularization", "what is a tensor", "model", "the model data",
    "nothing like zzzzzz this", "a", "x" * 100,
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    try:
        call_command("migrate", verbosity=0)
        if Document.objects.exists():
            raise SystemExit("The database is not empty.")
        call_command("load_content", verbosity=0, stdout=sys.stderr)
        results = {"machine": machine(), "engine": connection.vendor, **measure(options.documents, options.rounds)}
    finally:
        if connection.vendor != "sqlite":
            call_command("flush", verbosity=0, interactive=False)
        shutil.rmtree(STATE, ignore_errors=True)
    json.dump(results, sys.stdout, indent=1)
    sys.stdout.write("\n")


def measure(documents: int, rounds: int) -> dict[str, Any]:
    texts = list(Document.objects.values_list("title", "text", "code"))
    register(documents - len(texts), texts)
    started = time.monotonic()
    count = indexing.index()
    indexed = time.monotonic() - started
    client, visitor = Client(SERVER_NAME="localhost"), AnonymousUser()
    return {
        "documents": count,
        "index_seconds": rounded(indexed),
        "search_milliseconds": times(lambda text: selectors.search(text, user=visitor), rounds),
        "suggestions_milliseconds": times(lambda text: client.get("/search/suggestions/", {"q": text}), rounds),
        "page_milliseconds": times(lambda text: client.get("/search/", {"q": text}), rounds),
    }


def register(count: int, texts: list[tuple[str, str, str]]) -> None:
    """Add a kind of documents made of pieces of the real ones, each with words of its own."""
    draw = random.Random(1)  # noqa: S311 - the same documents each time
    words = [word for title, text, _ in texts for word in f"{title} {text}".split()]

    def piece(length: int) -> str:
        start = draw.randrange(max(1, len(words) - length))
        return " ".join(words[start : start + length])

    entries = [
        Entry(key=f"made/{n}", title=piece(5), url="/", text=f"{piece(250)} own{n}", code=draw.choice(texts)[2])
        for n in range(count)
    ]
    registry.register_kind(Kind("made", "Made", lambda: entries))


def times(ask: Callable[[str], object], rounds: int) -> dict[str, Any]:
    """Return percentiles over all queries, and the slowest query with its median; `cpu_p95` leaves out a database of its own."""
    taken: dict[str, list[float]] = {text: [] for text in QUERIES}
    worked = []
    ask(QUERIES[0])
    for _ in range(rounds):
        for text, each in taken.items():
            started, began = time.perf_counter(), time.thread_time()
            ask(text)
            each.append(1000 * (time.perf_counter() - started))
            worked.append(1000 * (time.thread_time() - began))
    everything = [value for each in taken.values() for value in each]
    slowest = max(taken, key=lambda text: statistics.median(taken[text]))
    return {
        "p50": rounded(statistics.median(everything)),
        "p95": rounded(statistics.quantiles(everything, n=20)[18]),
        "cpu_p95": rounded(statistics.quantiles(worked, n=20)[18]),
        "slowest": {slowest[:40]: rounded(statistics.median(taken[slowest]))},
    }


if __name__ == "__main__":
    main()
