"""A worker of the queue `interactive`: no Celery, but a host of kernels that stay (`exercises.interactive.host`)."""

import signal
import threading
from collections.abc import Callable

import redis
import structlog
from django.conf import settings

from exercises import grading, presence
from exercises.interactive.host import Host, default_slots
from exercises.interactive.policy import Policy

log = structlog.get_logger(__name__)
QUEUE = presence.INTERACTIVE
ANNOUNCE_SECONDS = 3.0


def hold(*, is_sharing: bool) -> None:
    """Hold kernels until SIGTERM, SIGINT or SIGQUIT: on this process's zygotes, or on those that another worker shares."""
    policy = Policy(idle_seconds=60 * settings.KERNEL_IDLE_MINUTES)
    warm = grading.shared if is_sharing else grading.warm
    host = Host(slots=settings.KERNELS or default_slots(), policy=policy, warm=warm)
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


def _announce(host: Host, done: threading.Event) -> None:
    while not done.is_set():
        _tell(lambda: presence.announce(QUEUE, "ready" if host.is_warm else "warming", host.slots))
        done.wait(ANNOUNCE_SECONDS if host.is_warm else 1.0)
    _tell(lambda: presence.retire(QUEUE))


def _tell(say: Callable[[], None]) -> None:
    try:
        say()
    except redis.RedisError as error:
        log.warning("presence_not_told", error=str(error))
