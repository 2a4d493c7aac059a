"""A worker of the queue `interactive`: no Celery, but a host of kernels that stay (`exercises.interactive.host`)."""

import signal

from django.conf import settings

from exercises import grading
from exercises.interactive.desk import Policy
from exercises.interactive.host import Host, default_slots

QUEUE = "interactive"


def hold() -> None:
    """Hold kernels until SIGTERM, SIGINT or SIGQUIT."""
    policy = Policy(idle_seconds=60 * settings.KERNEL_IDLE_MINUTES)
    host = Host(slots=settings.KERNELS or default_slots(), policy=policy, runtimes=grading.started)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: host.stop())
    host.serve()
