"""What the operator watches: is there a worker for each queue that exercises need, and how long is the wait?"""

from collections.abc import Iterable
from contextlib import suppress

import redis
from django.db import OperationalError, ProgrammingError
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.registry import Collector

from exercises.grading import heartbeats
from exercises.kernels import sessions
from exercises.models import Exercise, Queue, State, Submission
from learnpaths.core import health


class QueueWithoutWorker(Exception):
    """Exercises need a queue that no ready worker serves."""


def register() -> None:
    """Make readiness depend on the workers, and show the queues among the metrics."""
    health.register("workers", check_workers)
    REGISTRY.register(QueueCollector())


def check_workers() -> None:
    """Raise QueueWithoutWorker naming the queues that listed exercises need and no ready worker serves.

    Whatever their queue, their pages need a host that runs cells.
    """
    needed = needed_queues()
    if missing := [queue for queue in (*needed, heartbeats.INTERACTIVE) if needed and not is_served(queue)]:
        raise QueueWithoutWorker(f"No ready worker for: {', '.join(missing)}")


def needed_queues() -> list[str]:
    """Return the queues of the listed exercises."""
    return list(Exercise.objects.listed().order_by("queue").values_list("queue", flat=True).distinct())


def is_served(queue: str) -> bool:
    return any(worker.state == "ready" for worker in heartbeats.workers(queue))


class QueueCollector(Collector):
    """Counts rows at each scrape: the row, not the broker, is the source of truth."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []  # nothing is counted at registration: the database may not be there yet

    def collect(self) -> Iterable[GaugeMetricFamily]:
        try:
            yield from (_submissions(), _longest_wait(), _dead_letters())
        except (OperationalError, ProgrammingError):
            return  # /readyz says what is wrong with the database
        yield from (_workers(), _kernels(), _slots())


def _submissions() -> GaugeMetricFamily:
    gauge = GaugeMetricFamily("learnpaths_submissions", "Submissions not yet finished.", labels=["queue", "state"])
    rows = Submission.objects.exclude(state=State.FINISHED).order_by().values_list("queue", "state")
    counts = {(queue, state): count for queue, state, count in rows.annotate(Count("id"))}
    for queue in Queue.values:
        for state in (State.QUEUED, State.RUNNING):
            gauge.add_metric([queue, state.value], counts.get((queue, state.value), 0))
    return gauge


def _longest_wait() -> GaugeMetricFamily:
    gauge = GaugeMetricFamily("learnpaths_longest_wait_seconds", "Age of the oldest waiting one.", labels=["queue"])
    waiting = Submission.objects.waiting().order_by().values("queue").annotate(oldest=Min("created_at"))
    for row in waiting:
        gauge.add_metric([row["queue"]], (timezone.now() - row["oldest"]).total_seconds())
    return gauge


def _dead_letters() -> GaugeMetricFamily:
    gauge = GaugeMetricFamily("learnpaths_dead_letters", "Submissions that we failed to grade.", labels=["queue"])
    counts = dict(Submission.objects.dead().order_by().values_list("queue").annotate(Count("id")))
    for queue in Queue.values:
        gauge.add_metric([queue], counts.get(queue, 0))
    return gauge


def _workers() -> GaugeMetricFamily:
    gauge = GaugeMetricFamily("learnpaths_workers", "Live workers.", labels=["queue", "state"])
    for queue in (*Queue.values, heartbeats.INTERACTIVE):
        states = [worker.state for worker in heartbeats.workers(queue)]
        for state in ("warming", "ready"):
            gauge.add_metric([queue, state], states.count(state))
    return gauge


def _kernels() -> GaugeMetricFamily:
    """Count sessions of pages by what they do; nothing where the broker cannot be asked."""
    gauge = GaugeMetricFamily("learnpaths_kernels", "Kernels of open pages.", labels=["state"])
    with suppress(redis.RedisError):
        counts = sessions.count()
        for state in sessions.LIVE:
            gauge.add_metric([state], counts.get(state, 0))
    return gauge


def _slots() -> GaugeMetricFamily:
    slots = sum(worker.slots for worker in heartbeats.workers(heartbeats.INTERACTIVE))
    return GaugeMetricFamily("learnpaths_kernel_slots", "Kernels that the live hosts can hold.", value=slots)
