"""Runs a worker of the queue `interactive`: no Celery, but a host of the kernels of pages (`exercises.kernels.host.kernel_host`)."""

import signal
import threading
from collections.abc import Callable

import redis
import structlog
from django.conf import settings

from exercises.grading import heartbeats, zygotes
from exercises.kernels.host.kernel_host import KernelHost, default_slots
from exercises.kernels.host.time_limits import TimeLimits

log = structlog.get_logger(__name__)
QUEUE = heartbeats.INTERACTIVE
ANNOUNCE_SECONDS = 3.0


def hold(*, is_sharing: bool) -> None:
    """Hold kernels until SIGTERM, SIGINT or SIGQUIT: on this process's zygotes, or on those that another worker shares."""
    time_limits = TimeLimits(idle_seconds=60 * settings.KERNEL_IDLE_MINUTES)
    zygote_addresses = zygotes.shared if is_sharing else zygotes.warm
    slots = settings.KERNELS or default_slots()
    host = KernelHost(slots=slots, time_limits=time_limits, zygote_addresses=zygote_addresses)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: host.stop())
    done = threading.Event()
    announcer = threading.Thread(target=_announce, args=(host, done), daemon=True)
    announcer.start()
    try:
        host.serve()
    finally:
        done.set()
        announcer.join(ANNOUNCE_SECONDS)


def _announce(host: KernelHost, done: threading.Event) -> None:
    while not done.is_set():
        _send(lambda: heartbeats.announce(QUEUE, "ready" if host.is_ready else "warming", host.slots))
        done.wait(ANNOUNCE_SECONDS if host.is_ready else 1.0)
    _send(lambda: heartbeats.retire(QUEUE))


def _send(send: Callable[[], None]) -> None:
    """Send a heartbeat; while the broker is away the worker counts as gone."""
    try:
        send()
    except redis.RedisError as error:
        log.warning("heartbeat_not_sent", error=str(error))
