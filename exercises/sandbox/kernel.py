"""A learner's jailed kernel, spoken to in the Jupyter messaging protocol over unix sockets that we listen on.

Every message is untrusted: its size is capped while it is read, its signature is checked, and it is read as JSON only.
"""

import contextlib
import os
import select
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from exercises.assignment.definition import Limits

from .errors import Cancelled, KernelDied, LimitReached, ZygoteFailed
from .lease import Lease
from .messages import Message, NotAMessage, Session, error_text
from .outputs import CellOutputs, Quota, Transcript
from .zmtp import Connection, ConnectionEnded, MessageTooLarge

_CHANNELS = ("shell", "control", "iopub")
_MAX_ANSWER = 112 * 2**20  # bytes of one answer to the examiner, which takes 96 MiB of arrays
_MAX_OUTPUT = 4 * 2**20  # bytes of one message of output
_MAX_TRAFFIC = 64 * 2**20  # bytes of all output messages of a run, frames and headers included
_READY_SECONDS = 30
_MOMENT = 100  # milliseconds between two looks at the budget
_KEPT_TRACEBACK = 8 * 2**10


@dataclass
class CellRun:
    """How one cell ran: `status` ok or error, seconds of wall time, the text it printed (capped) and its error."""

    status: str = "ok"
    seconds: float = 0.0
    output: str = ""
    error: dict[str, str] | None = None


@dataclass
class Budget:
    """What is left of a run: the deadline (monotonic seconds) and output; `is_cancelled` is asked now and then.

    Printed text beyond the limits is cut (outputs.py) and ends nothing. What ends a run is traffic: more messages, or larger
    ones, than a kernel sends that has its courtesy (runner/brevity.py).
    """

    limits: Limits
    is_cancelled: Callable[[], bool] = lambda: False
    started: float = field(default_factory=time.monotonic)
    output_bytes: int = 0
    traffic_bytes: int = 0
    _asked: float = 0.0

    def check(self) -> None:
        """Raise LimitReached or Cancelled when the run must end."""
        now = time.monotonic()
        if now - self.started > self.limits.wall_seconds:
            raise LimitReached("wall_seconds")
        if self.traffic_bytes > _MAX_TRAFFIC:
            raise self.overflow(self.traffic_bytes)
        if now - self._asked > 0.5:
            self._asked = now
            if self.is_cancelled():
                raise Cancelled

    def overflow(self, size: int) -> LimitReached:
        """Count output that was not taken (at least `size` bytes) and return the end of the run."""
        self.output_bytes = max(self.output_bytes, size)
        return LimitReached("output_bytes")


@dataclass(frozen=True)
class Channel:
    """A socket of the protocol that we connect to, and how many bytes a message may have."""

    name: str
    max_bytes: int


class Kernel:
    """One jailed kernel. Use as a context manager. With `accelerator` (`GPU`, `TPU`) it starts only where it has one."""

    role: ClassVar[str] = "learner"
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel("shell", max_bytes=_MAX_ANSWER),
        Channel("iopub", max_bytes=_MAX_OUTPUT),
    )

    def __init__(self, address: str, *, limits: Limits, seed: int, budget: Budget, accelerator: str = "") -> None:
        self._budget = budget
        self._session = Session()
        self._quota = Quota(limits.output_bytes)
        with contextlib.ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="learnpaths-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            fds = list(self._listen(folder))
            request = {"key": self._session.key, "seed": seed, "accelerator": accelerator}
            try:
                self.lease = stack.enter_context(Lease(address, self.role, limits, request, fds))
            finally:
                for fd in fds:
                    os.close(fd)
            self._connect(folder, stack)
            self._await_ready()
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def execute(self, source: str) -> CellRun:
        """Run one cell to its end. Raises RunEnded when a limit, a cancellation or the kernel's death ends the run."""
        run = CellRun()
        outputs = CellOutputs(source, limits=self._budget.limits, quota=self._quota)
        transcript = Transcript()
        started = time.monotonic()
        code = source.encode(errors="replace").decode()
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
        request = self._send("execute_request", content)
        reply_seen = idle_seen = False
        reply_at = 0.0
        while not (reply_seen and idle_seen):
            for channel, message in self._receive():
                if message.answers != request:
                    continue
                if channel == "shell":
                    reply_seen, reply_at = True, time.monotonic()
                    self._take_reply(message, run)
                else:
                    idle_seen = idle_seen or self._take_output(message, outputs, transcript, run)
            if reply_seen and not idle_seen and time.monotonic() - reply_at > 5:
                break  # so much output that the kernel lost the message of its end: the rest is lost, and nothing else
        run.seconds = round(time.monotonic() - started, 3)
        run.output = transcript.text
        self._budget.output_bytes += len(run.output)
        return run

    def ask(self, tree: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """Relay one remote call and return the answer, unread. Whatever is printed meanwhile is dropped."""
        request = self._send("namespace_request", {"tree": tree}, buffers)
        while True:
            for channel, message in self._receive():
                if channel == "shell" and message.answers == request:
                    return message.content.get("tree"), message.buffers

    def _listen(self, folder: Path) -> Iterator[int]:
        for channel in _CHANNELS:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
                listener.bind(str(folder / channel))
                listener.listen(4)
                yield listener.detach()

    def _connect(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self._poller = select.poll()
        self._connections: dict[str, Connection] = {}
        for channel in self.channels:
            kind: Literal["SUB", "DEALER"] = "SUB" if channel.name == "iopub" else "DEALER"
            connection = Connection(folder / channel.name, kind, max_bytes=channel.max_bytes)
            stack.callback(connection.close)
            self._connections[channel.name] = connection
            self._poller.register(connection, select.POLLIN)
        self._poller.register(self.lease, select.POLLIN)

    def _await_ready(self) -> None:
        self.lease.wait_ready(_READY_SECONDS)
        try:
            for connection in self._connections.values():
                connection.shake_hands(_READY_SECONDS)
        except ConnectionEnded:
            raise ZygoteFailed("A kernel did not greet.") from None
        request = self._send("kernel_info_request", {})
        deadline = time.monotonic() + _READY_SECONDS
        is_subscribed = has_answered = False
        while not (is_subscribed and has_answered):
            if time.monotonic() > deadline:
                raise ZygoteFailed("A kernel did not answer.")
            for channel, message in self._receive():
                is_subscribed = is_subscribed or channel == "iopub"
                has_answered = has_answered or (message.kind == "kernel_info_reply" and message.answers == request)

    def _send(
        self, kind: str, content: dict[str, Any], buffers: list[bytes] | None = None, *, channel: str = "shell"
    ) -> str:
        """Send a request and return its id. Raises RunEnded, also while the kernel takes nothing."""
        request, parts = self._session.pack(kind, content, buffers or [])
        connection = self._connections[channel]
        connection.send(parts)
        try:
            while not connection.flush():
                self._budget.check()
                if self.lease.has_ended():
                    raise self._ended()
                writable = select.poll()
                writable.register(connection, select.POLLOUT)
                writable.poll(_MOMENT)
        except ConnectionEnded:
            raise self._ended() from None
        return request

    def _receive(self) -> Iterator[tuple[str, Message]]:
        """Yield what has come within a moment, of each channel one message. Raises RunEnded."""
        is_waiting = not any(connection.has_data for connection in self._connections.values())
        ready = {fd for fd, _ in self._poller.poll(_MOMENT if is_waiting else 0)}
        self._budget.check()
        for channel, connection in self._connections.items():
            if (connection.has_data or connection.fileno() in ready) and (message := self._read(channel, connection)):
                yield channel, message
        if self.lease.fileno() in ready and self.lease.has_ended():
            raise self._ended()

    def _read(self, channel: str, connection: Connection) -> Message | None:
        try:
            parts = connection.receive()
            if parts is None:
                return None
            if channel == "iopub":
                self._budget.traffic_bytes += sum(map(len, parts))
            return self._session.unpack(parts)
        except MessageTooLarge:
            raise self._budget.overflow(_MAX_OUTPUT) from None
        except ConnectionEnded:
            raise self._ended() from None
        except NotAMessage:
            raise KernelDied from None

    def _ended(self) -> LimitReached | KernelDied | ZygoteFailed:
        self.lease.has_ended(1.0)
        if self.lease.limit:
            return LimitReached(self.lease.limit)
        if not (self.lease.exit or {}).get("reason") and self.lease.exit is not None:
            return ZygoteFailed("The TensorFlow process ended during the run.")  # the supervisor went without a word
        return KernelDied()

    def _take_reply(self, message: Message, run: CellRun) -> None:
        """Read how the cell ended; of an error what the reply says, in case that its message was lost."""
        if message.content.get("status") == "ok":
            return
        run.status = "error"
        lines = message.content.get("traceback")
        traceback = "\n".join(map(str, lines)) if isinstance(lines, list) else ""
        run.error = run.error or {
            "name": str(message.content.get("ename"))[:200],
            "message": error_text(message.content),
            "traceback": traceback[-_KEPT_TRACEBACK:],
        }

    def _take_output(self, message: Message, outputs: CellOutputs, transcript: Transcript, run: CellRun) -> bool:
        """Keep what the cell shows of one output message; tell whether it says that the kernel is idle again."""
        if message.kind == "status":
            return bool(message.content.get("execution_state") == "idle")
        for name, said in outputs.take(str(message.kind), message.content):
            if name != "output":
                continue
            if said["output_type"] != "error":
                transcript.add(said)
                continue
            run.status = "error"
            run.error = {
                "name": said["ename"],
                "message": said["evalue"],
                "traceback": "\n".join(said["traceback"])[-_KEPT_TRACEBACK:],
            }
        return False
