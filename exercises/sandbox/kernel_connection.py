"""Speaks to a jailed kernel in the Jupyter messaging protocol, over unix sockets that we listen on.

Every message is untrusted: its size is capped while it is read, its signature is checked, and it is read as JSON only. How a cell is
run to its end stands here once, for graded runs (kernel.py) and for kernels of pages (console.py).
"""

import contextlib
import os
import select
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self

from exercises.assignment.definition import Limits

from .budget import Budget
from .errors import KernelDied, LimitReached, ZygoteFailed
from .lease import Lease
from .messages import Message, NotAMessage, Session
from .zmtp import Connection, ConnectionEnded, MessageTooLarge

_CHANNELS = ("shell", "control", "iopub")
MAX_ANSWER_BYTES = 112 * 2**20  # bytes of one answer to the examiner, which takes 96 MiB of arrays
MAX_OUTPUT_BYTES = 4 * 2**20  # bytes of one message of output
_READY_SECONDS = 30
_MOMENT = 100  # milliseconds between two looks at the budget
_IDLE_SECONDS = 5  # of silence after its reply: what is left, and that it is idle again, was lost
_NOT_SHOWN = ("execute_input", "execute_reply")


@dataclass(frozen=True)
class Channel:
    """A socket of the protocol that we connect to, and how many bytes a message may have."""

    name: str
    max_bytes: int


class CellListener(Protocol):
    """Who runs a cell is given what the kernel says of it, unread and untrusted."""

    def take_output(self, kind: str, content: dict[str, Any]) -> None:
        """Take one output message."""

    def take_reply(self, content: dict[str, Any]) -> None:
        """Take the reply, which says how the cell ended; outputs may still follow."""


class KernelConnection:
    """One jailed kernel. Use as a context manager. With `accelerator` (`GPU`, `TPU`) it starts only where it has one.

    Every method raises RunEnded when the kernel has ended, and what the budget's `check` raises.
    """

    role: ClassVar[str]
    channels: ClassVar[tuple[Channel, ...]]

    def __init__(self, address: str, *, limits: Limits, seed: int, budget: Budget, accelerator: str = "") -> None:
        self._budget = budget
        self._session = Session()
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

    def _run(self, source: str, listener: CellListener) -> str:
        """Run one cell to its end and return the id of its request."""
        code = source.encode(errors="replace").decode()
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
        request = self._send("execute_request", content)
        heard_at = time.monotonic()
        has_replied = is_idle = False
        while not (has_replied and is_idle):
            for channel, message in self._receive():
                if message.parent_id != request:
                    continue
                heard_at = time.monotonic()
                if channel == "shell":
                    has_replied = True
                    listener.take_reply(message.content)
                elif channel == "iopub" and not is_idle:
                    is_idle = _hand_on(message, listener)
            if has_replied and time.monotonic() - heard_at > _IDLE_SECONDS:
                break
        return request

    def _await_reply(self, request: str) -> Message:
        """Return the reply to a request. Whatever is printed meanwhile is dropped."""
        while True:
            for channel, message in self._receive():
                if channel == "shell" and message.parent_id == request:
                    return message

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
                has_answered = has_answered or (message.kind == "kernel_info_reply" and message.parent_id == request)

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
            raise self._budget.overflow(MAX_OUTPUT_BYTES) from None
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


def _hand_on(message: Message, listener: CellListener) -> bool:
    """Hand one output message on; tell whether it says that the kernel is idle again."""
    if message.kind == "status":
        return bool(message.content.get("execution_state") == "idle")
    if message.kind not in _NOT_SHOWN:
        listener.take_output(str(message.kind), message.content)
    return False
