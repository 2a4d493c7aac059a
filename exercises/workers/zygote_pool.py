"""Keeps a worker's zygotes alive, and the worker announced as one that can grade."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import redis
import structlog

from exercises.grading import heartbeats
from exercises.sandbox import process_tree
from exercises.sandbox.errors import SandboxError
from exercises.sandbox.zygote_process import Zygote
from exercises.workers.workplace import remove_folders_of_the_dead

log = structlog.get_logger(__name__)
ANNOUNCE_SECONDS = 4.0
PAUSES = (0.0, 2.0, 5.0, 15.0, 30.0)  # before a zygote is started once more
STEADY_SECONDS = 30.0  # one that lived this long is replaced at once
MAX_GROWTH = 256 * 2**20  # bytes of its own by which a zygote may grow before it is replaced


class ZygotePool:
    """Replaces zygotes that end or grow, in one thread each, and sends the worker's heartbeats from another.

    The worker is announced as warming until `begin`, and whenever a zygote is being replaced.
    """

    def __init__(self, queue: str, *, slots: int, zygotes: Sequence[Zygote], folder: Path) -> None:
        self.queue = queue
        self.slots = slots
        self._zygotes = list(zygotes)
        self._runtimes = sorted({zygote.runtime.name for zygote in zygotes})
        self._folder = folder
        self._has_begun = False
        self._down: set[str] = set()  # addresses of the zygotes that are being replaced
        self._normal_bytes: dict[str, int] = {}
        self._stopping = threading.Event()
        self._announcer = threading.Thread(target=self._announce, daemon=True)

    @property
    def state(self) -> heartbeats.WorkerState:
        return "ready" if self._has_begun and not self._down else "warming"

    def announce(self) -> None:
        """Begin to announce this worker, as warming."""
        self._announcer.start()

    def watch(self) -> None:
        """Replace from now on every zygote that ends or grows; all of them have been started."""
        for zygote in self._zygotes:
            self._note_started(zygote)
            threading.Thread(target=self._keep, args=[zygote], daemon=True).start()

    def begin(self) -> None:
        """Say that this worker takes work."""
        self._has_begun = True

    def retire(self) -> None:
        """Be announced no more. Only sets a flag, so that a signal's handler may call it."""
        self._stopping.set()

    def close(self) -> None:
        """Be announced no more, for certain."""
        self._stopping.set()
        if self._announcer.ident is not None:
            self._announcer.join(10)

    def _announce(self) -> None:
        while not self._stopping.is_set():
            _send(lambda: heartbeats.announce(self.queue, self.state, self.slots, self._runtimes))
            self._tidy()
            self._stopping.wait(ANNOUNCE_SECONDS if self.state == "ready" else 0.5)
        _send(lambda: heartbeats.retire(self.queue))

    def _tidy(self) -> None:
        """Remove what killed pool processes left, and end zygotes that have grown; `_keep` starts others."""
        remove_folders_of_the_dead(self._folder)
        for zygote in self._zygotes:
            self._end_if_grown(zygote)

    def _end_if_grown(self, zygote: Zygote) -> None:
        """End it only between two submissions: at worst, one that begins right now is tried again."""
        pid = process_tree.find_zygote(zygote.pid)
        if not pid or zygote.address not in self._normal_bytes or not process_tree.is_idle(pid, zygote.spares):
            return
        grown = process_tree.own_bytes(pid) - self._normal_bytes[zygote.address]
        if grown > MAX_GROWTH:
            log.warning("zygote_grown", runtime=zygote.runtime.name, bytes=grown)
            with suppress(ProcessLookupError):
                os.kill(pid, 9)

    def _note_started(self, zygote: Zygote) -> None:
        self._normal_bytes[zygote.address] = process_tree.own_bytes(process_tree.find_zygote(zygote.pid) or 0)
        self._down.discard(zygote.address)

    def _keep(self, zygote: Zygote) -> None:
        """Start a zygote anew whenever it ends: submissions meanwhile are faults of ours and tried again."""
        failures = 0
        started = time.monotonic()
        while not self._stopping.is_set():
            zygote.wait()
            if self._stopping.is_set():
                return
            self._down.add(zygote.address)
            self._normal_bytes.pop(zygote.address, None)
            log.error("zygote_ended", runtime=zygote.runtime.name, errors=zygote.last_errors)
            failures = 0 if time.monotonic() - started > STEADY_SECONDS else min(failures + 1, len(PAUSES) - 1)
            self._stopping.wait(PAUSES[failures])
            started = time.monotonic()
            try:
                zygote.start()
                self._note_started(zygote)
            except (SandboxError, OSError) as error:
                log.error("zygote_not_started", runtime=zygote.runtime.name, error=str(error))


def _send(send: Callable[[], None]) -> None:
    """Send a heartbeat; while the broker is away the worker counts as gone."""
    try:
        send()
    except redis.RedisError as error:
        log.warning("heartbeat_not_sent", error=str(error))
