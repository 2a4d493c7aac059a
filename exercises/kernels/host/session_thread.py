"""Owns one learner's kernel on this host: reads commands, runs cells, publishes events.

While a cell runs the thread still looks into its inbox, so that a learner can always stop, restart or queue more.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import redis
import structlog
from django.db import connections
from django.utils.translation import gettext as _

from exercises.assignment.definition import Limits
from exercises.kernels import end_messages, sessions
from exercises.kernels.commands import (
    Command,
    Complete,
    Inspect,
    Interrupt,
    Question,
    Restart,
    RunCells,
)
from exercises.kernels.host.definitions import find_definition
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.run_executor import RunExecutor
from exercises.kernels.host.time_limits import TimeLimits
from exercises.kernels.host.work import Closing, Restarting, Stopped, Work, WorkMonitor, format_seconds
from exercises.kernels.session import HeldSession
from exercises.sandbox.console import Console
from exercises.sandbox.errors import LimitReached, RunEnded, ZygoteFailed
from learnpaths.core.workers import worker_name

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.1  # how often the inbox is looked into while a cell runs
WAIT_SECONDS = 1.0  # how long an idle kernel waits for its inbox before its limits are looked at
ANSWER_SECONDS = 2.0  # how long a question about code may take


class SessionThread:
    """One learner's kernel. `run` is the thread's work; `close` and the properties are for the host's thread."""

    def __init__(
        self,
        session: HeldSession,
        *,
        time_limits: TimeLimits,
        zygote_addresses: Callable[[], dict[str, str]],
        is_stopping: threading.Event,
    ) -> None:
        self.session = session
        self.last_used = self._began = time.monotonic()
        self.is_idle = False
        self._time_limits = time_limits
        self._zygote_addresses = zygote_addresses
        self._is_stopping = is_stopping
        self._close_reason = ""
        self._publisher = EventPublisher(session)
        self._runs: deque[RunCells] = deque()
        self._looked_at = 0.0

    def run(self) -> None:
        """Hold the kernel until it ends, and publish why it did. Never raises."""
        reason, message = "system_error", ""
        try:
            self._definition = find_definition(self.session.version)
            self._hold()
        except Closing as end:
            reason, message = end.reason, end_messages.message(end.reason, end.limit)
        except RunEnded as end:
            reason = end.ending if isinstance(end, LimitReached) else "died"
            message = end_messages.message(reason, self._limit_text(reason))
        except redis.RedisError as error:
            log.warning("kernel_lost_its_broker", key=self.session.key, error=str(error))
        except Exception as error:
            log.exception("kernel_failed", key=self.session.key, error=str(error))
        finally:
            connections.close_all()
            log.info(
                "kernel_ended",
                key=self.session.key,
                version=self.session.version,
                reason=reason,
                seconds=round(time.monotonic() - self._began, 1),
                worker=worker_name(),
            )
            with contextlib.suppress(redis.RedisError):
                self._finish(reason, message)

    @property
    def is_closing(self) -> bool:
        return bool(self._close_reason)

    def close(self, reason: str) -> None:
        """Have the kernel end soon. Called from another thread."""
        self._close_reason = reason

    # --- life ---

    def _hold(self) -> None:
        while True:
            try:
                with self._start() as self._console:
                    self._begin()
                    while True:
                        self._turn()
            except Restarting:
                self._forget()

    def _start(self) -> Console:
        address = self._zygote_addresses().get(self._definition.runtime)
        if address is None:
            raise ZygoteFailed(f"No zygote of the runtime {self._definition.runtime} is alive.")
        return Console(address, limits=self._limits, seed=self.session.seed)

    def _begin(self) -> None:
        self._monitor = WorkMonitor(self._time_limits, self._console.interrupt)
        self._executor = RunExecutor(
            self._console,
            self._publisher,
            self._monitor,
            session=self.session,
            definition=self._definition,
            limits=self._limits,
            cell_seconds=self._time_limits.cell_seconds,
            tick=self._tick,
        )
        self._publisher.publish_state("idle")

    @property
    def _limits(self) -> Limits:
        return replace(self._definition.limits, cpu_seconds=self._time_limits.cpu_seconds)

    def _forget(self) -> None:
        self._skip_runs(_("The kernel was started anew before these cells ran."))
        self._publisher.clear()
        self._publisher.publish_state("starting", reason="restarted", message=end_messages.message("restarted"))

    def _turn(self) -> None:
        """Wait a moment for the inbox and do what came."""
        self.is_idle = True
        command = sessions.next_command(self.session, WAIT_SECONDS)
        self.is_idle = False
        if command:
            self.last_used = time.monotonic()  # before the look: a kernel that has been asked for something is not idle
        self._check_life()
        if command:
            self._obey(command)
        self._do_runs()

    def _check_life(self) -> None:
        """Raise Closing or RunEnded where the kernel must end, or has ended."""
        self._check_close()
        if not sessions.is_held(self.session):
            raise Closing("worker_stopped")
        self._console.look()
        now = time.monotonic()
        if now - self.last_used > self._time_limits.idle_seconds or now - self._began > self._time_limits.life_seconds:
            raise Closing("idle")

    def _check_close(self) -> None:
        if self._is_stopping.is_set():
            raise Closing("worker_stopped")
        if self._close_reason:
            raise Closing(self._close_reason)

    def _finish(self, reason: str, message: str) -> None:
        if self._runs:
            self._skip_runs(end_messages.NOT_RUN)
        sessions.end(self.session.key, self.session.id, reason, message)

    # --- commands ---

    def _obey(self, command: Command) -> None:
        """Do what the learner asks while nothing runs."""
        match command:
            case RunCells():
                self._enqueue(command)
            case Restart():
                raise Restarting
            case Complete():
                self._answer(command, self._console.complete)
            case Inspect():
                self._answer(command, self._console.inspect)
            case Interrupt():
                pass  # what it was to stop has ended

    def _obey_while_working(self, command: Command) -> None:
        """Do what the learner asks while the kernel works."""
        match command:
            case Interrupt():
                self._monitor.stop()
                self._skip_runs(_("These cells did not run: you stopped what ran before them."))
            case Question():
                sessions.answer(command, {})
            case _:
                self._obey(command)

    def _answer(self, question: Complete | Inspect, ask: Callable[..., dict[str, Any]]) -> None:
        """Answer a question about code; one that takes long is given up, and answered with nothing."""
        answer: dict[str, Any] = {}
        with self._monitor.watch(ANSWER_SECONDS) as work, contextlib.suppress(Stopped):
            answer = ask(question.code, question.cursor, tick=lambda: self._tick_unless_stopped(work))
        sessions.answer(question, answer)

    def _enqueue(self, run: RunCells) -> None:
        self._runs.append(run)
        for cell in run.cells:
            self._publisher.publish_cell(run, cell.id, "queued")

    def _do_runs(self) -> None:
        if not self._runs:
            return
        self._publisher.publish_state("busy")
        while self._runs:
            self._executor.execute(self._runs.popleft())
            self.last_used = time.monotonic()
        self._publisher.publish_state("idle")

    def _skip_runs(self, message: Any) -> None:
        while self._runs:
            sessions.skip_run(self.session.key, self._runs.popleft(), message)

    def _tick(self) -> None:
        """Look at the inbox and the clock now and then while the kernel works."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        self._check_close()
        while command := sessions.next_command(self.session, 0):
            self._obey_while_working(command)
        self._monitor.check()

    def _tick_unless_stopped(self, work: Work) -> None:
        """As `_tick`, and give up what runs once the kernel has been asked to stop it. Raises Stopped."""
        self._tick()
        work.check_stopped()

    def _limit_text(self, reason: str) -> str:
        limits = self._limits
        texts = {
            "memory_limit": _("%(size)s MiB") % {"size": limits.memory_bytes // 2**20},
            "disk_limit": _("%(size)s MiB") % {"size": limits.disk_bytes // 2**20},
            "process_limit": str(limits.processes),
            "time_limit": format_seconds(limits.cpu_seconds),
        }
        return texts.get(reason, "")
