"""`manage.py worker --queue cpu`: one worker host: a warm zygote, and Celery processes that grade on it."""

import os
import threading
import time
from argparse import ArgumentParser
from typing import Any

import redis
import structlog
from celery import current_app
from django.core.management.base import BaseCommand, CommandError

from exercises import grading, presence
from exercises.assignment.definition import QUEUES
from exercises.management import kernels
from exercises.sandbox import selftest
from exercises.sandbox.errors import SandboxError
from exercises.sandbox.zygote import Zygote

log = structlog.get_logger(__name__)
_ANNOUNCE_SECONDS = 4.0
_RESTART_SECONDS = 2.0


class Command(BaseCommand):
    help = "Run a worker of one queue. Refuses to start where the hardware or the jail is missing, saying why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", choices=[*QUEUES, kernels.QUEUE], default="cpu")
        parser.add_argument("--with-default", action="store_true", help="also do the short work: certificates, mail")
        parser.add_argument("--concurrency", type=int, default=os.cpu_count() or 1, help="notebooks at a time")
        parser.add_argument(
            "--share", action="store_true", help="interactive: use the warm TensorFlow of this host's other worker"
        )

    def handle(self, *, queue: str, with_default: bool, concurrency: int, share: bool, **_: Any) -> None:
        if queue == kernels.QUEUE and share:
            kernels.hold(is_sharing=True)
            return
        if queue not in ("cpu", kernels.QUEUE):
            raise CommandError(f"This host has no proven {queue} device: the {queue} queue is not built yet.")
        zygote = grading.new_zygote(spares=2 * concurrency)
        host = _Host(queue, zygote)
        if queue != kernels.QUEUE:  # which announces itself
            host.announce_forever()
        try:
            zygote.start()
            selftest.require(zygote.address)
            grading.use(zygote)
            grading.share(zygote)
            host.state = "ready"
            log.info("worker_ready", queue=queue, **zygote.versions)
            threading.Thread(target=host.replace_forever, daemon=True).start()
            if queue == kernels.QUEUE:
                kernels.hold(is_sharing=False)
                return
            queues = [queue, "default"] if with_default else [queue]
            current_app.worker_main(
                ["worker", "--pool=prefork", f"--concurrency={concurrency}", "-Q", ",".join(queues), "--loglevel=WARNING",
                 f"--hostname={queue}-{os.getpid()}@%h", "--without-gossip", "--without-mingle"]
            )  # fmt: skip
        except SandboxError as error:
            raise CommandError(str(error), returncode=3) from error
        finally:
            host.retire()
            zygote.stop()


class _Host:
    """Keeps this host's zygote alive and its presence known."""

    def __init__(self, queue: str, zygote: Zygote) -> None:
        self.queue = queue
        self.state: presence.WorkerState = "warming"
        self._zygote = zygote
        self._is_stopping = threading.Event()
        self._pid = os.getpid()

    def announce_forever(self) -> None:
        threading.Thread(target=self._announce, daemon=True).start()

    def _announce(self) -> None:
        while not self._is_stopping.is_set():
            try:
                presence.announce(self.queue, self.state)
            except redis.RedisError as error:
                log.warning("presence_not_announced", error=str(error))
            self._is_stopping.wait(_ANNOUNCE_SECONDS if self.state == "ready" else 1.0)

    def replace_forever(self) -> None:
        """Start a new zygote whenever the present one ends: submissions meanwhile are faults of ours and tried again."""
        while not self._is_stopping.is_set():
            self._zygote.wait()
            if self._is_stopping.is_set():
                return
            self.state = "warming"
            log.error("zygote_ended", words=self._zygote.last_words)
            time.sleep(_RESTART_SECONDS)
            try:
                self._zygote.start()
                self.state = "ready"
            except SandboxError as error:
                log.error("zygote_not_started", error=str(error))

    def retire(self) -> None:
        if os.getpid() != self._pid:
            return  # a pool process that unwinds must not speak for the host
        self._is_stopping.set()
        try:
            presence.retire(self.queue)
        except redis.RedisError as error:
            log.warning("presence_not_retired", error=str(error))
