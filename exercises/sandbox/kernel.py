"""A learner's jailed kernel, spoken to in the Jupyter messaging protocol (5.4) over unix sockets that we listen on.

https://jupyter-client.readthedocs.io/en/stable/messaging.html. Every message is untrusted: its size is capped by the
socket, its signature is checked, and it is read as JSON only.
"""

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import zmq
from jupyter_client.session import Session

from exercises.assignment.definition import Limits

from .errors import Cancelled, KernelDied, LimitReached, ZygoteFailed
from .lease import Lease

_CHANNELS = ("shell", "control", "iopub")
_MAX_OUTPUT = 4 * 2**20  # bytes of one frame of output
_MAX_TRAFFIC = 64 * 2**20  # bytes of all output messages of a run, frames and headers included
_MAX_GROWTH = 768 * 2**20  # bytes by which a run may make the worker grow: a message without an end is kept by libzmq
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError, zmq.ZMQError)
_READY_SECONDS = 30
_MOMENT = 20  # milliseconds between two looks at the budget: a flood has been seen to bring 7 MiB in each millisecond
_KEPT_TRACEBACK = 8 * 2**10
_CUT = "\n… cut here: a cell may print {} KiB.\n"


@dataclass
class CellRun:
    """How one cell ran: `status` ok or error, seconds of wall time, the text it printed (capped) and its error."""

    status: str = "ok"
    seconds: float = 0.0
    output: str = ""
    error: dict[str, str] | None = None


@dataclass
class Budget:
    """What is left of a run: the deadline (monotonic seconds) and output bytes; `is_cancelled` is asked now and then."""

    limits: Limits
    is_cancelled: Callable[[], bool] = lambda: False
    started: float = field(default_factory=time.monotonic)
    output_bytes: int = 0
    traffic_bytes: int = 0
    _asked: float = 0.0
    _size: int = field(default_factory=lambda: _own_bytes())

    def check(self) -> None:
        """Raise LimitReached or Cancelled when the run must end."""
        now = time.monotonic()
        if now - self.started > self.limits.wall_seconds:
            raise LimitReached("wall_seconds")
        if self.output_bytes > self.limits.output_bytes:
            raise LimitReached("output_bytes")
        if self.traffic_bytes > _MAX_TRAFFIC:
            raise self.overflow(self.traffic_bytes)
        if (growth := _own_bytes() - self._size) > _MAX_GROWTH:
            raise self.overflow(growth)
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
    """A socket of the protocol that we connect to: how large a frame may be, how many messages libzmq keeps for us."""

    name: str
    max_bytes: int
    max_waiting: int


class Kernel:
    """One jailed kernel. Use as a context manager. With `accelerator` (`GPU`, `TPU`) it starts only where it has one."""

    role: ClassVar[str] = "learner"
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel("shell", max_bytes=96 * 2**20, max_waiting=2),
        Channel("iopub", max_bytes=_MAX_OUTPUT, max_waiting=32),
    )

    def __init__(self, address: str, *, limits: Limits, seed: int, budget: Budget, accelerator: str = "") -> None:
        self._budget = budget
        key = secrets.token_hex(16)
        self._session = Session(key=key.encode(), username="worker", check_pid=False)
        self._context = zmq.Context()
        with contextlib.ExitStack() as stack:
            stack.callback(self._context.destroy, linger=0)
            folder = Path(tempfile.mkdtemp(prefix="learnpaths-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            fds = list(self._listen(folder))
            request = {"key": key, "seed": seed, "accelerator": accelerator}
            try:
                self.lease = stack.enter_context(Lease(address, self.role, limits, request, fds))
            finally:
                for fd in fds:
                    os.close(fd)
            self._connect(folder)
            self._await_ready()
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._stack.close()

    def close(self) -> dict[str, Any]:
        """Hang up, end the kernel and return its account (see `Lease.close`).

        Hanging up comes first: libzmq would go on taking a flood while the kernel dies.
        """
        self._context.destroy(linger=0)
        return self.lease.close()

    def execute(self, source: str) -> CellRun:
        """Run one cell to its end. Raises RunEnded when a limit, a cancellation or the kernel's death ends the run."""
        run = CellRun()
        started = time.monotonic()
        code = source.encode(errors="replace").decode()
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
        request = self._send("execute_request", content)
        reply_seen = idle_seen = False
        reply_at = 0.0
        while not (reply_seen and idle_seen):
            for channel, message in self._receive():
                if message["parent_header"].get("msg_id") != request:
                    continue
                if channel == "shell":
                    reply_seen, reply_at = True, time.monotonic()
                    run.status = "error" if message["content"].get("status") != "ok" else run.status
                else:
                    idle_seen = idle_seen or self._take_output(message, run)
            if reply_seen and not idle_seen and time.monotonic() - reply_at > 5:
                raise self._budget.overflow(_MAX_OUTPUT)  # a message beyond the cap closed the output channel
        run.seconds = round(time.monotonic() - started, 3)
        return run

    def ask(self, tree: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """Relay one remote call and return the answer, unread. Whatever is printed meanwhile is dropped."""
        request = self._send("namespace_request", {"tree": tree}, buffers)
        while True:
            for channel, message in self._receive():
                if channel == "shell" and message["parent_header"].get("msg_id") == request:
                    return message["content"].get("tree"), [bytes(buffer) for buffer in message["buffers"]]

    def _listen(self, folder: Path) -> Iterator[int]:
        for channel in _CHANNELS:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
                listener.bind(str(folder / channel))
                listener.listen(4)
                yield listener.detach()

    def _connect(self, folder: Path) -> None:
        self._poller = zmq.Poller()
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        for limits in self.channels:
            channel = limits.name
            sock = self._context.socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
            sock.setsockopt(zmq.MAXMSGSIZE, limits.max_bytes)
            sock.setsockopt(zmq.RCVHWM, limits.max_waiting)
            sock.setsockopt(zmq.SNDTIMEO, 0)  # a kernel that closed its end must not hold the worker
            sock.setsockopt(zmq.RECONNECT_IVL, -1)  # never connect again to what a learner might put there
            sock.setsockopt(zmq.LINGER, 0)
            if channel == "iopub":
                sock.subscribe(b"")
            if channel == "iopub":  # a message beyond the cap closes the connection: that end has a name too
                self._cut = sock.get_monitor_socket(zmq.EVENT_DISCONNECTED)
                self._poller.register(self._cut, zmq.POLLIN)
            sock.connect(f"ipc://{folder / channel}")
            self._sockets[channel] = sock
            self._poller.register(sock, zmq.POLLIN)
        self._poller.register(self.lease.fileno(), zmq.POLLIN)

    def _await_ready(self) -> None:
        self.lease.wait_ready(_READY_SECONDS)
        request = self._send("kernel_info_request", {})
        deadline = time.monotonic() + _READY_SECONDS
        is_subscribed = has_answered = False
        while not (is_subscribed and has_answered):
            if time.monotonic() > deadline:
                raise ZygoteFailed("A kernel did not answer.")
            for channel, message in self._receive():
                kind = message["header"].get("msg_type")
                is_subscribed = is_subscribed or channel == "iopub"
                has_answered = has_answered or (
                    kind == "kernel_info_reply" and message["parent_header"].get("msg_id") == request
                )

    def _send(
        self, kind: str, content: dict[str, Any], buffers: list[bytes] | None = None, *, channel: str = "shell"
    ) -> str:
        message = self._session.msg(kind, content)
        sock = self._sockets[channel]
        while True:
            try:
                self._session.send(sock, message, buffers=[*(buffers or [])])
            except zmq.Again:
                self._budget.check()
                if self.lease.has_ended() or self._cut in dict(self._poller.poll(0)):
                    raise self._ended() from None
                sock.poll(_MOMENT, zmq.POLLOUT)
            else:
                return str(message["header"]["msg_id"])

    def _receive(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what has come within a moment. Raises RunEnded."""
        ready = dict(self._poller.poll(_MOMENT))
        self._budget.check()
        for channel, sock in self._sockets.items():
            if sock in ready:
                yield channel, self._read(sock)
        if self.lease.fileno() in ready and self.lease.has_ended():
            raise self._ended()
        if self._cut in ready:
            raise self._ended() if self.lease.has_ended(1.0) else self._budget.overflow(_MAX_OUTPUT)

    def _read(self, sock: "zmq.Socket[bytes]") -> dict[str, Any]:
        try:
            frames = sock.recv_multipart(copy=True)
            if sock is self._sockets["iopub"]:
                self._budget.traffic_bytes += sum(map(len, frames))
            _, parts = self._session.feed_identities(frames, copy=True)
            message: dict[str, Any] = self._session.deserialize(parts, content=True, copy=True)
            if not (isinstance(message["content"], dict) and isinstance(message["parent_header"], dict)):
                raise KernelDied
        except _NONSENSE:
            raise KernelDied from None
        return message

    def _ended(self) -> LimitReached | KernelDied | ZygoteFailed:
        self.lease.has_ended(1.0)
        if self.lease.limit:
            return LimitReached(self.lease.limit)
        if not (self.lease.exit or {}).get("reason") and self.lease.exit is not None:
            return ZygoteFailed("The TensorFlow process ended during the run.")  # the supervisor went without a word
        return KernelDied()

    def _take_output(self, message: dict[str, Any], run: CellRun) -> bool:
        """Count and keep one output message; tell whether it says that the kernel is idle again."""
        try:
            return self._keep_output(message["header"].get("msg_type"), message["content"], run)
        except _NONSENSE:
            raise KernelDied from None

    def _keep_output(self, kind: Any, content: dict[str, Any], run: CellRun) -> bool:
        if kind == "status":
            return bool(content.get("execution_state") == "idle")
        text = _text_of(kind, content)
        self._budget.output_bytes += len(text)  # pictures count in the traffic only
        room = self._budget.limits.output_bytes_per_cell - len(run.output)
        if text and room > 0:
            run.output += (
                text if len(text) <= room else text[:room] + _CUT.format(len(run.output + text[:room]) // 1024)
            )
        if kind == "error":
            run.status = "error"
            run.error = {
                "name": str(content.get("ename"))[:200],
                "message": str(content.get("evalue"))[:2000],
                "traceback": "\n".join(map(str, content.get("traceback") or []))[-_KEPT_TRACEBACK:],
            }
        return False


def _text_of(kind: Any, content: dict[str, Any]) -> str:
    if kind == "stream":
        return str(content.get("text", ""))
    if kind in ("execute_result", "display_data", "update_display_data"):
        data = content.get("data")
        return str(data.get("text/plain", "")) + "\n" if isinstance(data, dict) else ""
    return ""


def _own_bytes() -> int:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
