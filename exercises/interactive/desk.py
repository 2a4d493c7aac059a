"""One learner's kernel on this host, and the thread that owns it: reads the inbox, runs cells, tells the journal.

Between runs the thread waits for its inbox. While a cell runs it looks into the inbox several times a second, so that a learner
can always stop, restart or queue more.
"""

import contextlib
import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import redis
import structlog
from django.db import connections
from django.utils.translation import gettext as _

from exercises import grading, scoring
from exercises.assignment.definition import Definition, Limits
from exercises.interactive import endings, sessions
from exercises.interactive.journal import Journal
from exercises.interactive.outputs import CellOutputs, Quota
from exercises.interactive.sessions import Claim, Command
from exercises.models import ExerciseVersion
from exercises.sandbox.console import Console
from exercises.sandbox.errors import LimitReached, RunEnded, SandboxError, ZygoteFailed
from exercises.sandbox.run import CheckJob, CheckRun

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.1  # how often the inbox is looked into while a cell runs
WAIT_SECONDS = 1.0  # how long an idle kernel waits for its inbox before it is looked after
ANSWER_SECONDS = 2.0  # how long a question about code may take
OBEY_SECONDS = 10.0  # a cell that goes on so long after it was asked to stop is ended with its kernel


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How long kernels live, in seconds; `cpu_seconds` and `cell_seconds` (0: the exercise's own) bound their work."""

    idle_seconds: float
    life_seconds: float = 8 * 3600
    cpu_seconds: int = 3600
    cell_seconds: float = 0


class Closing(Exception):
    """The kernel must end, for a reason that has a name."""

    def __init__(self, reason: str, limit: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


class Restarting(Exception):
    """The learner wants a fresh kernel."""


class Stopped(Exception):
    """What ran has been given up; the kernel lives."""


@dataclass
class _Work:
    """What runs now: since when, whether it was asked to stop (and when), and why."""

    seconds: float
    started: float = field(default_factory=time.monotonic)
    asked_at: float = 0.0
    is_late: bool = False

    @property
    def is_stopped(self) -> bool:
        return bool(self.asked_at)


class Desk:
    """Start `run` in a thread of its own."""

    def __init__(
        self, claim: Claim, *, policy: Policy, warm: Callable[[], dict[str, str]], is_stopping: threading.Event
    ) -> None:
        self.claim = claim
        self._warm = warm
        self.last_used = self._began = time.monotonic()
        self.is_idle = False
        self._close_for = ""
        self._policy = policy
        self._is_stopping = is_stopping
        self._journal = Journal(claim.key)
        self._runs: deque[Command] = deque()
        self._cells: dict[str, dict[str, Any]] = {}
        self._sources: dict[str, str] = {}
        self._work: _Work | None = None
        self._looked_at = 0.0

    def run(self) -> None:
        """Hold the kernel until it ends, and say why it did. Never raises."""
        reason, message = "system_error", ""
        try:
            self._definition = _definition(self.claim.version)
            self._hold()
        except Closing as end:
            reason, message = end.reason, endings.message(end.reason, end.limit)
        except RunEnded as end:
            reason = _REASONS.get(end.ending, "died")
            message = endings.message(reason, self._limit_text(reason))
        except redis.RedisError as error:
            log.warning("kernel_lost_its_broker", key=self.claim.key, error=str(error))
        except Exception as error:
            log.exception("kernel_failed", key=self.claim.key, error=str(error))
        finally:
            connections.close_all()
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
                    self._tell_state("idle")
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
        return replace(self._definition.limits, cpu_seconds=self._policy.cpu_seconds)

    def _forget(self) -> None:
        self._give_up_runs(_("The kernel was started anew before these cells ran."))
        self._journal.clear()
        self._cells, self._sources = {}, {}
        self._tell_state("starting", reason="restarted", message=endings.message("restarted"))

    def _turn(self) -> None:
        """Wait a moment for the inbox and do what came."""
        self.is_idle = True
        command = sessions.listen(self.claim, WAIT_SECONDS)
        self.is_idle = False
        self._look_after()
        if command:
            self.last_used = time.monotonic()
            self._obey(command)
        self._do_runs()

    def _look_after(self) -> None:
        self._check_close()
        if not sessions.holds(self.claim):
            raise Closing("worker_stopped")
        self._console.look()
        now = time.monotonic()
        if now - self.last_used > self._policy.idle_seconds or now - self._began > self._policy.life_seconds:
            raise Closing("idle")

    def _check_close(self) -> None:
        if self._is_stopping.is_set():
            raise Closing("worker_stopped")
        if self._close_for:
            raise Closing(self._close_for)

    def _finish(self, reason: str, message: str) -> None:
        if self._runs:
            self._give_up_runs(endings.NOT_RUN)
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
            self._tell_cell(command, cell["id"], "queued")

    def _tick(self) -> None:
        """Look around while the kernel works."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        self._check_close()
        assert self._work is not None
        while command := sessions.listen(self.claim, 0):
            if command["do"] == "interrupt":
                self._stop_work()
                self._give_up_runs(_("These cells did not run: you stopped what ran before them."))
            elif "reply" in command:
                sessions.answer(command["reply"], {})
            else:
                self._obey(command)
        self._check_time(now)

    def _tick_unless_stopped(self, work: _Work) -> None:
        """As `_tick`, and give up what runs once the kernel has been asked to stop it. Raises Stopped."""
        self._tick()
        if work.is_stopped:
            raise Stopped

    def _check_time(self, now: float) -> None:
        assert self._work is not None
        if not self._work.is_stopped and now - self._work.started > self._work.seconds:
            self._work.is_late = True
            self._stop_work()
        if self._work.is_stopped and now - self._work.asked_at > OBEY_SECONDS:
            limit = _seconds(self._work.seconds) if self._work.is_late else ""
            raise Closing("time_limit" if self._work.is_late else "interrupted", limit)

    def _stop_work(self) -> None:
        assert self._work is not None
        if not self._work.is_stopped:
            self._work.asked_at = time.monotonic()
            self._console.interrupt()

    def _give_up_runs(self, message: Any) -> None:
        while self._runs:
            sessions.skip_run(self.claim.key, self._runs.popleft(), message)

    # --- runs ---

    def _do_runs(self) -> None:
        if not self._runs:
            return
        self._tell_state("busy")
        while self._runs:
            self._do_run(self._runs.popleft())
            self.last_used = time.monotonic()
        self._tell_state("idle")

    def _do_run(self, command: Command) -> None:
        """Do the cells of a run in order; what follows an error or a stop is skipped."""
        definition = self._definition if command["version"] == self.claim.version else _definition(command["version"])
        left = deque(command["cells"])
        quota = Quota(self._limits.output_bytes)
        status, message = "failed", ""
        try:
            while left:
                cell = left.popleft()
                outcome = self._do_cell(command, cell, definition, quota)
                if outcome != "ok":
                    status = "stopped" if outcome == "interrupted" else "failed"
                    break
            else:
                status = self._check(command, definition) if command["kind"] == "check" else "finished"
        except Restarting:
            status, message = "stopped", _("The kernel was started anew.")
            raise
        except BaseException:
            message = str(endings.NOT_RUN) if left else ""
            raise
        finally:
            for cell in left:
                self._tell_cell(command, cell["id"], "skipped")
            self._journal.write("run", {"run": command["run"], "status": status, "message": message})

    def _do_cell(self, command: Command, cell: dict[str, Any], definition: Definition, quota: Quota) -> str:
        if cell["role"] == "check":
            return self._do_check_cell(command, cell, definition)
        digest = hashlib.sha256(cell["source"].encode(errors="replace")).hexdigest()
        known = self._cells.get(cell["id"], {})
        if command["kind"] == "check" and known.get("digest") == digest and known.get("status") == "ok":
            self._tell_cell(command, cell["id"], "ok", seconds=0.0, count=known["count"])
            return "ok"
        return self._run_cell(command, cell, digest, quota)

    def _run_cell(self, command: Command, cell: dict[str, Any], digest: str, quota: Quota) -> str:
        cell_id = cell["id"]
        outputs = CellOutputs(cell["source"], limits=self._limits, quota=quota)
        mark = {"run": command["run"], "cell": cell_id}
        self._journal.forget_cell(cell_id)
        self._tell_cell(command, cell_id, "running")
        status, count, started = "interrupted", None, time.monotonic()

        def on_output(kind: str, content: dict[str, Any]) -> None:
            for name, said in outputs.take(kind, content):
                self._write_output(mark, name, said)

        try:
            with self._working() as work:
                answer = self._console.run_cell(cell["source"], on_output=on_output, tick=self._tick)
            status, count = answer.status, answer.count
            if status == "error" and work.is_stopped and outputs.error == "KeyboardInterrupt":
                status = "interrupted"
            if work.is_late:
                text = _("Stopped: a cell may run for %(seconds)s. What it had done so far is still there.")
                self._write_output(mark, *outputs.tell(text % {"seconds": _seconds(work.seconds)}))
        finally:
            self._cells[cell_id] = {"count": count, "digest": digest, "status": status}
            self._sources[cell_id] = cell["source"]
            seconds = round(time.monotonic() - started, 3)
            self._tell_cell(command, cell_id, status, seconds=seconds, count=count)
        self._tell_state("busy", is_silent=True)
        return status

    def _write_output(self, mark: dict[str, str], name: str, said: dict[str, Any]) -> None:
        data = {**mark, **said} if name == "metrics" else {**mark, "output": said}
        if said.get("output_type") == "clear_output" and not said["wait"]:
            self._journal.forget_cell(mark["cell"])
        self._journal.write(name, data, of_cell=mark["cell"])

    @contextlib.contextmanager
    def _working(self, seconds: float = 0) -> Iterator[_Work]:
        self._work = _Work(seconds or self._policy.cell_seconds or self._definition.limits.wall_seconds)
        try:
            yield self._work
        finally:
            self._work = None

    # --- checks ---

    def _do_check_cell(self, command: Command, cell: dict[str, Any], definition: Definition) -> str:
        self._tell_cell(command, cell["id"], "running")
        started = time.monotonic()
        status = "interrupted"
        try:
            status = "ok" if self._examine(command, definition, [cell["id"]]) else "interrupted"
        finally:
            self._tell_cell(command, cell["id"], status, seconds=round(time.monotonic() - started, 3))
        return status

    def _check(self, command: Command, definition: Definition) -> str:
        public = [check.id for check in definition.checks if not check.hidden]
        return "finished" if self._examine(command, definition, public) else "stopped"

    def _examine(self, command: Command, definition: Definition, wanted: list[str]) -> bool:
        """Run public checks against the kernel and tell their outcomes; False where they were stopped."""
        sources = {**self._sources, **{cell["id"]: cell["source"] for cell in command["cells"]}}
        unattempted = scoring.unattempted_cells(definition, sources)
        checks = {check.id: check for check in definition.checks if check.id in wanted}
        todo = []
        for check in checks.values():
            if unattempted & set(check.requires):
                self._tell_check(command, check, CheckRun("unattempted"))
            else:
                todo.append(CheckJob(id=check.id, sources=(definition.cell(check.id).source,), follows=0))
        if not todo:
            return True
        try:
            with self._working() as work:
                for check_id, outcome in self._console.examine(
                    todo,
                    seed=self.claim.seed,
                    held_out=grading.held_out_files(definition),
                    limits=definition.limits,
                    tick=lambda: self._tick_unless_stopped(work),
                ):
                    self._tell_check(command, checks[check_id], outcome)
        except Stopped:
            return False
        except LimitReached as end:
            if self._console.lease.has_ended(0.2):
                raise
            self._tell_examiner_limit(command, end)
        return True

    def _tell_examiner_limit(self, command: Command, end: LimitReached) -> None:
        log.info("checks_reached_a_limit", key=self.claim.key, ending=end.ending)
        text = _("The checks ran longer, or needed more memory, than they may. Make your functions do less work.")
        self._write_output(
            {"run": command["run"], "cell": ""}, "output", {"output_type": "stream", "name": "stderr", "text": text}
        )

    # --- telling ---

    def _tell_state(self, state: str, *, reason: str = "", message: str = "", is_silent: bool = False) -> None:
        """Write the record, and the journal unless `is_silent`. Raises Closing where the session is no longer ours."""
        cells = json.dumps(self._cells)
        if not sessions.update(self.claim, state=state, reason=reason, message=message, cells=cells):
            raise Closing("worker_stopped")
        if not is_silent:
            self._journal.write("kernel", sessions.state(self.claim.key))

    def _tell_cell(
        self, command: Command, cell: str, status: str, *, seconds: float = 0.0, count: int | None = None
    ) -> None:
        said = {"run": command["run"], "cell": cell, "status": status, "seconds": seconds, "count": count}
        self._journal.write("cell", said)

    def _tell_check(self, command: Command, check: Any, outcome: CheckRun) -> None:
        passed = outcome.outcome == "passed"
        said = {
            "run": command["run"], "id": check.id, "title": check.title, "outcome": outcome.outcome,
            "points": check.points if passed else 0, "max_points": check.points, "message": "" if passed else outcome.message,
        }  # fmt: skip
        self._journal.write("check", said | ({"metrics": list(outcome.metrics)} if outcome.metrics else {}))

    def _limit_text(self, reason: str) -> str:
        limits = self._limits
        texts = {
            "memory_limit": _("%(size)s MiB") % {"size": limits.memory_bytes // 2**20},
            "disk_limit": _("%(size)s MiB") % {"size": limits.disk_bytes // 2**20},
            "process_limit": str(limits.processes),
            "time_limit": _seconds(limits.cpu_seconds),
        }
        return texts.get(reason, "")


_REASONS = {
    "time_limit": "time_limit",
    "memory_limit": "memory_limit",
    "output_limit": "output_limit",
    "process_limit": "process_limit",
    "disk_limit": "disk_limit",
}


def _seconds(value: float) -> str:
    return _("%(seconds)s seconds") % {"seconds": round(value)}


def _definition(version: int) -> Definition:
    try:
        return ExerciseVersion.objects.get(pk=version).parsed
    except ExerciseVersion.DoesNotExist:
        raise SandboxError(f"There is no version {version} of an exercise.") from None
