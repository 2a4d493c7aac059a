"""`manage.py worker --queue cpu`: one worker host: warm zygotes, and Celery processes that grade on them.

SIGTERM: takes no more work, ends what runs, goes. SIGQUIT: gives what runs back to its queue and goes at once.
SIGKILL: what ran is taken back once its heartbeat has been silent (`claims.SILENCE`).
"""

import os
import signal
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import structlog
from celery import current_app, signals
from django.core.management.base import BaseCommand, CommandError

from exercises.assignment.definition import QUEUES
from exercises.grading import zygotes
from exercises.sandbox import selftest
from exercises.sandbox.devices import NAMES, Devices, list_devices
from exercises.sandbox.errors import SandboxError
from exercises.sandbox.zygote_process import Zygote
from exercises.workers import kernel_worker
from exercises.workers.workplace import enter_own_folder, workplace
from exercises.workers.zygote_pool import ZygotePool

log = structlog.get_logger(__name__)
CANNOT_CONFINE = 3


class Command(BaseCommand):
    help = "Run a worker of one queue. Refuses to start where the hardware or the jail is missing, saying why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", choices=[*QUEUES, kernel_worker.QUEUE], default="cpu")
        parser.add_argument("--with-default", action="store_true", help="also do the short work: certificates, mail")
        parser.add_argument(
            "--concurrency", type=int, help="notebooks at a time (default: one per CPU, or one per accelerator)"
        )
        parser.add_argument(
            "--share", action="store_true", help="interactive: use the warm TensorFlow of this host's other worker"
        )

    def handle(self, *, queue: str, with_default: bool, concurrency: int | None, share: bool, **_: Any) -> None:
        if queue == kernel_worker.QUEUE and share:
            kernel_worker.hold(is_sharing=True)
            return
        signal.signal(signal.SIGTERM, _leave)  # until Celery, or the host of kernels, takes over
        try:
            devices: list[Devices | None] = [*list_devices(queue).split()] if queue in NAMES else [None]
            most = len(devices) if queue in NAMES else concurrency or os.cpu_count() or 1
            slots = min(concurrency or most, most)
            with ExitStack() as stack:
                _open_host(stack, queue, slots, devices)
                if queue == kernel_worker.QUEUE:
                    kernel_worker.hold(is_sharing=False)
                else:
                    _run(queue, slots, with_default=with_default)
        except SandboxError as error:
            raise CommandError(str(error), returncode=CANNOT_CONFINE) from error


def _open_host(stack: ExitStack, queue: str, slots: int, devices: list[Devices | None]) -> None:
    """Start a zygote per runtime and device, prove jail and hardware; leaving `stack` ends all. Raises SandboxError."""
    folder = stack.enter_context(workplace())
    spares = 2 if queue in NAMES else 2 * slots
    own_zygotes = [
        zygotes.new_zygote(name, spares=spares, devices=own) for name in zygotes.runtimes() for own in devices
    ]
    for zygote in own_zygotes:
        _in_this_process_only(stack, zygote.stop)
    host = ZygotePool(queue, slots=slots, zygotes=own_zygotes, folder=folder)
    _in_this_process_only(stack, host.close)
    if queue != kernel_worker.QUEUE:  # which announces itself
        host.announce()
    for zygote in own_zygotes:
        _prove(zygote)
    zygotes.serve_only(own_zygotes)
    for zygote in own_zygotes:
        if not zygote.devices:
            _share(zygote)
    host.watch()
    signals.worker_ready.connect(lambda **_: host.begin(), weak=False)
    signals.worker_shutting_down.connect(lambda **_: host.retire(), weak=False)
    signals.worker_process_init.connect(lambda **_: _settle(folder), weak=False)


def _prove(zygote: Zygote) -> None:
    zygote.start()
    selftest.require(zygote.address)
    if zygote.devices:
        selftest.prove_device(zygote.address, zygote.devices.name)
    log.info("zygote_ready", runtime=zygote.runtime.name, queue=zygote.queue, **zygote.versions)


def _share(zygote: Zygote) -> None:
    """Offer it to kernels of this host (`--share`). An image's state folder cannot be written; its kernels have their own."""
    try:
        zygotes.share(zygote)
    except OSError as error:
        log.info("zygote_not_shared", runtime=zygote.runtime.name, reason=str(error))


def _in_this_process_only(stack: ExitStack, close: Callable[[], None]) -> None:
    """A pool process that unwinds must not end what belongs to the host."""
    owner = os.getpid()
    stack.callback(lambda: close() if os.getpid() == owner else None)


def _settle(folder: Path) -> None:
    """Runs in each pool process when it starts. SIGTERM comes when a worker is told to go at once."""
    enter_own_folder(folder)
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: Any) -> None:
    raise SystemExit(128 + number)  # on its way out, `job_runner.run` gives the submission back


def _run(queue: str, slots: int, *, with_default: bool) -> None:
    queues = [queue, "default"] if with_default else [queue]
    current_app.worker_main(
        ["worker", "--pool=prefork", f"--concurrency={slots}", "-Q", ",".join(queues), "--loglevel=WARNING",
         f"--hostname={queue}-{os.getpid()}@%h", "--without-gossip", "--without-mingle"]
    )  # fmt: skip
