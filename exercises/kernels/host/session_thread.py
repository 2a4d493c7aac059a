"""Owns one learner's kernel on this host: reads commands, runs cells, publishes events.

While a cell runs the thread still looks into its inbox, so that a learner can always stop, restart or queue more."""

import contextlib
import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import redis
import structlog
from django.db import connections
from django.utils.translation import gettext as _

from exercises.assignment.definition import Definition, Limits
from exercises.assignment.examined import examined_models
from exercises.assignment.pass_rule import unattempted_cells
from exercises.grading import engine
from exercises.kernels import end_messages, lessons, sessions
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.time_limits import Closing, Restarting, Stopped, TimeLimits, Work
from exercises.kernels.sessions import Claim, Command
from exercises.models import ExerciseVersion
from exercises.sandbox.console import Console
from exercises.sandbox.errors import LimitReached, RunEnded, SandboxError, ZygoteFailed
from exercises.sandbox.outputs import CellOutputs, Quota, notice
from exercises.sandbox.run import CheckJob, CheckRun
from learnpaths.core.workers import worker_name

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.1  # how often the inbox is looked into while a cell runs
WAIT_SECONDS = 1.0  # how long an idle kernel waits for its inbox before it is looked after
ANSWER_SECONDS = 2.0  # how long a question about code may take


class SessionThread:
    """Start `run` in a thread of its own."""

    def __init__(
        self, claim: Claim, *, time_limits: TimeLimits, warm: Callable[[], dict[str, str]], is_stopping: threading.Event
    ) -> None:
        self.claim = claim
        self._warm = warm
        self.last_used = self._began = time.monotonic()
        self.is_idle = False
        self._close_for = ""
        self._time_limits = time_limits
        self._is_stopping = is_stopping
        self._publisher = EventPublisher(claim)
        self._runs: deque[Command] = deque()
        self._sources: dict[str, str] = {}
        self._work: Work | None = None
        self._looked_at = 0.0

    def run(self) -> None:
        """Hold the kernel until it ends, and say why it did. Never raises."""
        reason, message = "system_error", ""
        try:
            self._definition = _definition(self.claim.version)
            self._hold()
        except Closing as end:
            reason, message = end.reason, end_messages.message(end.reason, end.limit)
        except RunEnded as end:
            reason = end.ending if isinstance(end, LimitReached) else "died"
            message = end_messages.message(reason, self._limit_text(reason))
        except redis.RedisError as error:
            log.warning("kernel_lost_its_broker", key=self.claim.key, error=str(error))
        except Exception as error:
            log.exception("kernel_failed", key=self.claim.key, error=str(error))
        finally:
            connections.close_all()
            log.info(
                "kernel_ended",
                key=self.claim.key,
                version=self.claim.version,
                reason=reason,
                seconds=round(time.monotonic() - self._began, 1),
                worker=worker_name(),
            )
            with contextlib.suppress(redis.RedisError):
                self._finish(reason, message)

    @property
    def is_closing(self) -> bool:
        return bool(self._close_for)

    def close(self, reason: str) -> None:
        """Have the kernel end soon. Called from another thread."""
        self._close_for = reason

    # --- life ---

    def _hold(self) -> None:
        while True:
            try:
                with self._start() as self._console:
                    self._publisher.tell_state("idle")
                    while True:
                        self._turn()
            except Restarting:
                self._forget()

    def _start(self) -> Console:
        address = self._warm().get(self._definition.runtime)
        if address is None:
            raise ZygoteFailed(f"No warm process of the runtime {self._definition.runtime}.")
        return Console(address, limits=self._limits, seed=self.claim.seed)

    @property
    def _limits(self) -> Limits:
        return replace(self._definition.limits, cpu_seconds=self._time_limits.cpu_seconds)

    def _forget(self) -> None:
        self._give_up_runs(_("The kernel was started anew before these cells ran."))
        self._publisher.forget()
        self._sources = {}
        self._publisher.tell_state("starting", reason="restarted", message=end_messages.message("restarted"))

    def _turn(self) -> None:
        """Wait a moment for the inbox and do what came."""
        self.is_idle = True
        command = sessions.listen(self.claim, WAIT_SECONDS)
        self.is_idle = False
        if command:
            self.last_used = time.monotonic()  # before the look: a kernel that has been asked for something is not idle
        self._look_after()
        if command:
            self._obey(command)
        self._do_runs()

    def _look_after(self) -> None:
        self._check_close()
        if not sessions.holds(self.claim):
            raise Closing("worker_stopped")
        self._console.look()
        now = time.monotonic()
        if now - self.last_used > self._time_limits.idle_seconds or now - self._began > self._time_limits.life_seconds:
            raise Closing("idle")

    def _check_close(self) -> None:
        if self._is_stopping.is_set():
            raise Closing("worker_stopped")
        if self._close_for:
            raise Closing(self._close_for)

    def _finish(self, reason: str, message: str) -> None:
        if self._runs:
            self._give_up_runs(end_messages.NOT_RUN)
        sessions.end(self.claim.key, self.claim.id, reason, message)

    # --- commands ---

    def _obey(self, command: Command) -> None:
        """Do what the learner asks while nothing runs."""
        match command["do"]:
            case "run":
                self._enqueue(command)
            case "restart":
                raise Restarting
            case "close":
                raise Closing(command["reason"])
            case "complete":
                self._reply(command, self._console.complete)
            case "inspect":
                self._reply(command, self._console.inspect)

    def _reply(self, command: Command, ask: Callable[..., dict[str, Any]]) -> None:
        """Answer a question about code; one that takes long is given up, and answered with nothing."""
        said: dict[str, Any] = {}
        with self._working(ANSWER_SECONDS) as work, contextlib.suppress(Stopped):
            said = ask(command["code"], command["cursor"], tick=lambda: self._tick_unless_stopped(work))
        sessions.answer(command["reply"], said)

    def _enqueue(self, command: Command) -> None:
        self._runs.append(command)
        for cell in command["cells"]:
            self._publisher.tell_cell(command, cell["id"], "queued")

    def _tick(self) -> None:
        """Look around while the kernel works."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        self._check_close()
        while command := sessions.listen(self.claim, 0):
            if command["do"] == "interrupt":
                self._stop_work()
                self._give_up_runs(_("These cells did not run: you stopped what ran before them."))
            elif "reply" in command:
                sessions.answer(command["reply"], {})
            else:
                self._obey(command)
        self._check_time(now)

    def _tick_unless_stopped(self, work: Work) -> None:
        """As `_tick`, and give up what runs once the kernel has been asked to stop it. Raises Stopped."""
        self._tick()
        if work.is_stopped:
            raise Stopped

    def _check_time(self, now: float) -> None:
        assert self._work is not None
        if not self._work.is_stopped and now - self._work.started > self._work.seconds:
            self._work.is_late = True
            self._stop_work()
        if self._work.is_stopped and now - self._work.asked_at > self._time_limits.obey_seconds:
            limit = _seconds(self._work.seconds) if self._work.is_late else ""
            raise Closing("time_limit" if self._work.is_late else "interrupted", limit)

    def _stop_work(self) -> None:
        if self._work and not self._work.is_stopped:
            self._work.asked_at = time.monotonic()
            self._console.interrupt()

    def _give_up_runs(self, message: Any) -> None:
        while self._runs:
            sessions.skip_run(self.claim.key, self._runs.popleft(), message)

    # --- runs ---

    def _do_runs(self) -> None:
        if not self._runs:
            return
        self._publisher.tell_state("busy")
        while self._runs:
            self._do_run(self._runs.popleft())
            self.last_used = time.monotonic()
        self._publisher.tell_state("idle")

    def _do_run(self, command: Command) -> None:
        """Do the cells of a run in order; what follows an error or a stop is skipped."""
        definition = self._definition if command["version"] == self.claim.version else _definition(command["version"])
        left = deque(command["cells"])
        quota = Quota(self._limits.output_bytes)
        status, message = "failed", ""
        has_changed = False
        last_count = 0
        try:
            while left:
                cell = left.popleft()
                if not has_changed and self._need_not_run(command, cell, last_count, is_last=not left):
                    last_count = self._tell_known(command, cell)
                    continue
                has_changed = True  # what comes after a cell may depend on it
                outcome = self._do_cell(command, cell, definition, quota)
                if outcome == "error" and cell["id"] in definition.locked:
                    self._publisher.tell_output(command, cell["id"], *notice(end_messages.OURS))
                elif outcome != "ok":
                    status = "stopped" if outcome == "interrupted" else "failed"
                    break
            else:
                status = self._check(command, definition) if command["kind"] == "check" else "finished"
        except Restarting:
            status, message = "stopped", _("The kernel was started anew.")
            raise
        except BaseException:
            message = str(end_messages.NOT_RUN) if left else ""
            raise
        finally:
            for cell in left:
                self._publisher.tell_cell(command, cell["id"], "skipped")
            self._publisher.tell_run(command, status, message)

    def _need_not_run(self, command: Command, cell: dict[str, Any], last_count: int, *, is_last: bool) -> bool:
        """Whether a cell ran well, as it is now, in a run that asks no more of it; those of a lesson also after the cell before."""
        known = self._publisher.cells.get(cell["id"], {})
        if known.get("status") != "ok" or known.get("digest") != _digest(cell["source"]):
            return False
        return command["kind"] == "check" or (command["kind"] == "to" and not is_last and known["count"] > last_count)

    def _tell_known(self, command: Command, cell: dict[str, Any]) -> int:
        count: int = self._publisher.cells[cell["id"]]["count"]
        self._publisher.tell_cell(command, cell["id"], "ok", count=count)
        return count

    def _do_cell(self, command: Command, cell: dict[str, Any], definition: Definition, quota: Quota) -> str:
        if cell["role"] == "check":
            return self._do_check_cell(command, cell, definition)
        return self._run_cell(command, cell, quota)

    def _run_cell(self, command: Command, cell: dict[str, Any], quota: Quota) -> str:
        cell_id = cell["id"]
        outputs = CellOutputs(cell["source"], limits=self._limits, quota=quota, say=_)
        self._publisher.begin_cell(command, cell_id)
        status, count, started = "interrupted", None, time.monotonic()

        def on_output(kind: str, content: dict[str, Any]) -> None:
            for name, said in outputs.take(kind, content):
                self._publisher.tell_output(command, cell_id, name, said)

        on_late = partial(self._publisher.tell_output, command, cell_id, *notice(end_messages.LATE))
        try:
            with self._working() as work:
                answer = self._console.run_cell(cell["source"], on_output=on_output, tick=self._tick, on_late=on_late)
            status, count = answer.status, answer.count
            if status == "error" and work.is_stopped and outputs.error == "KeyboardInterrupt":
                status = "interrupted"
            if work.is_late:
                text = _("Stopped: a cell may run for %(seconds)s. What it had done so far is still there.")
                self._publisher.tell_output(command, cell_id, *notice(text % {"seconds": _seconds(work.seconds)}))
        finally:
            self._publisher.cells[cell_id] = {"count": count, "digest": _digest(cell["source"]), "status": status}
            self._sources[cell_id] = cell["source"]
            seconds = round(time.monotonic() - started, 3)
            self._publisher.tell_cell(command, cell_id, status, seconds=seconds, count=count)
        self._publisher.save("busy")
        return status

    @contextlib.contextmanager
    def _working(self, seconds: float = 0) -> Iterator[Work]:
        self._work = Work(seconds or self._time_limits.cell_seconds or self._definition.limits.wall_seconds)
        try:
            yield self._work
        finally:
            self._work = None

    # --- checks ---

    def _do_check_cell(self, command: Command, cell: dict[str, Any], definition: Definition) -> str:
        self._publisher.tell_cell(command, cell["id"], "running")
        started = time.monotonic()
        status = "interrupted"
        try:
            status = "ok" if self._examine(command, definition, [cell["id"]]) else "interrupted"
        finally:
            self._publisher.tell_cell(command, cell["id"], status, seconds=round(time.monotonic() - started, 3))
        return status

    def _check(self, command: Command, definition: Definition) -> str:
        public = [check.id for check in definition.checks if not check.hidden]
        return "finished" if self._examine(command, definition, public) else "stopped"

    def _examine(self, command: Command, definition: Definition, wanted: list[str]) -> bool:
        """Run public checks against the kernel and tell their outcomes; False where they were stopped."""
        sources = {**self._sources, **{cell["id"]: cell["source"] for cell in command["cells"]}}
        unattempted = unattempted_cells(definition, sources)
        checks = {check.id: check for check in definition.checks if check.id in wanted}
        models = examined_models(definition)
        todo = []
        for check in checks.values():
            if unattempted & set(check.requires):
                self._publisher.tell_check(command, check, CheckRun("unattempted"))
            else:
                source, examined = definition.cell(check.id).source, models.get(check.id, ())
                todo.append(CheckJob(id=check.id, sources=(source,), follows=0, models=examined))
        if not todo:
            return True
        with self._working() as work:
            try:
                for check_id, outcome in self._console.examine(
                    todo,
                    seed=self.claim.seed,
                    held_out=engine.held_out_files(definition),
                    limits=definition.limits,
                    tick=lambda: self._tick_unless_stopped(work),
                ):
                    self._publisher.tell_check(command, checks[check_id], outcome)
            except Stopped:
                if work.is_late:
                    self._tell_check_limit(command)
                return False
        return True

    def _tell_check_limit(self, command: Command) -> None:
        text = _("The checks ran longer, or needed more memory, than they may. Make your functions do less work.")
        self._publisher.tell_output(command, "", "output", {"output_type": "stream", "name": "stderr", "text": text})

    def _limit_text(self, reason: str) -> str:
        limits = self._limits
        texts = {
            "memory_limit": _("%(size)s MiB") % {"size": limits.memory_bytes // 2**20},
            "disk_limit": _("%(size)s MiB") % {"size": limits.disk_bytes // 2**20},
            "process_limit": str(limits.processes),
            "time_limit": _seconds(limits.cpu_seconds),
        }
        return texts.get(reason, "")


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode(errors="replace")).hexdigest()


def _seconds(value: float) -> str:
    return _("%(seconds)s seconds") % {"seconds": round(value)}


def _definition(version: int) -> Definition:
    if version == lessons.VERSION:
        return lessons.DEFINITION
    try:
        return ExerciseVersion.objects.get(pk=version).parsed
    except ExerciseVersion.DoesNotExist:
        raise SandboxError(f"There is no version {version} of an exercise.") from None
