"""Holds learners' kernels on this machine: takes sessions that wait while it has room, and gives each a thread.

When it is full and somebody waits, an idle kernel makes room: one of a person who has several before somebody's only one, and of
those the one that has been idle the longest. A host sends a heartbeat every few seconds; when it stops, it ends its sessions, and
when it dies, its silence ends them.
"""

import os
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import redis
import structlog

from exercises.kernels import sessions, waiting_queue
from exercises.kernels.host.session_thread import SessionThread
from exercises.kernels.host.time_limits import TimeLimits
from exercises.kernels.session import HeldSession

log = structlog.get_logger(__name__)
TAKE_SECONDS = 1.0
FULL_SECONDS = 0.3  # between two looks for room
SPARED_SECONDS = 60.0  # a kernel that was used so recently does not make room for others
STOP_SECONDS = 3.0
GIB = 2**30


class KernelHost:
    """Call `serve`; from another thread or a signal's handler, `stop`. `zygote_addresses` tells where zygotes live, by runtime."""

    def __init__(
        self,
        *,
        slots: int,
        time_limits: TimeLimits,
        zygote_addresses: Callable[[], dict[str, str]],
        spared_seconds: float = SPARED_SECONDS,
    ) -> None:
        self.id = str(uuid4())
        self.slots = slots
        self._time_limits = time_limits
        self._zygote_addresses = zygote_addresses
        self._spared_seconds = spared_seconds
        self._sessions: dict[SessionThread, threading.Thread] = {}
        self._stopping = threading.Event()

    @property
    def is_ready(self) -> bool:
        """Whether kernels can start at once."""
        return bool(self._zygote_addresses())

    def stop(self) -> None:
        """Have `serve` end all kernels and return."""
        self._stopping.set()

    def serve(self) -> None:
        """Hold kernels until told to stop. A broker that is away is waited for."""
        sessions.send_heartbeat(self.id)
        heartbeat = threading.Thread(target=self._send_heartbeats, name="heartbeat", daemon=True)
        heartbeat.start()
        while not self._stopping.is_set():
            try:
                self._turn()
            except redis.RedisError as error:
                log.warning("broker_away", error=str(error))
                self._stopping.wait(1.0)
        for thread in self._sessions.values():
            thread.join(STOP_SECONDS)
        heartbeat.join(STOP_SECONDS)

    def _turn(self) -> None:
        self._sessions = {
            session_thread: thread for session_thread, thread in self._sessions.items() if thread.is_alive()
        }
        runtimes = list(self._zygote_addresses())
        if not runtimes:
            self._stopping.wait(FULL_SECONDS)
        elif len(self._sessions) < self.slots:
            session = sessions.take(self.id, runtimes, seconds=TAKE_SECONDS)
            if session:
                self._open(session)
        else:
            if waiting := sessions.list_waiting(runtimes):
                self._make_room(waiting[0])
            self._stopping.wait(FULL_SECONDS)

    def _open(self, session: HeldSession) -> None:
        session_thread = SessionThread(
            session,
            time_limits=self._time_limits,
            zygote_addresses=self._zygote_addresses,
            is_stopping=self._stopping,
        )
        thread = threading.Thread(target=session_thread.run, name=session.key, daemon=True)
        self._sessions[session_thread] = thread
        thread.start()

    def _make_room(self, waiting: str) -> None:
        """End an idle kernel for a session that waits, unless one is ending already.

        A kernel that was used just now is spared, unless its person has more without it than the one who waits.
        """
        idle = [session_thread for session_thread in self._sessions if session_thread.is_idle]
        if not idle or any(session_thread.is_closing for session_thread in self._sessions):
            return
        held = waiting_queue.count_held({waiting, *(session_thread.session.key for session_thread in idle)})
        long_ago = time.monotonic() - self._spared_seconds
        has_several = {session_thread: held[session_thread.session.key] > held[waiting] + 1 for session_thread in idle}
        possible = [
            session_thread
            for session_thread in idle
            if has_several[session_thread] or session_thread.last_used < long_ago
        ]
        if possible:
            session_thread = min(
                possible, key=lambda session_thread: (-held[session_thread.session.key], session_thread.last_used)
            )
            session_thread.close("made_room" if has_several[session_thread] else "idle")

    def _send_heartbeats(self) -> None:
        while not self._stopping.wait(sessions.HEARTBEAT_SECONDS):
            try:
                sessions.send_heartbeat(self.id)
            except redis.RedisError as error:
                log.warning("broker_away", error=str(error))


def default_slots() -> int:
    """How many kernels this machine's memory is good for: 2 on a laptop with 4 GiB, at most 16."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(2, min(16, memory // GIB - 2))
