"""The examiner's jail as the worker sees it: sends the checks, relays remote calls, collects outcomes."""

import json
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Limits

from .errors import ExaminerEnded, ExaminerFailed, KernelDied
from .lease import Lease

_LENGTH = struct.Struct(">I")
_MAX_TEXT = 16 * 2**20
_MAX_BUFFERS = 96 * 2**20
_READY_SECONDS = 30
_TICK_SECONDS = 0.1
_LIMITS = ("memory_bytes", "cpu_seconds", "disk_bytes", "processes")
_CRASHES = {-int(number) for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)}
Relay = Callable[[Any, list[bytes]], tuple[Any, list[bytes]]]


class Examiner:
    """One jailed examiner. Use as a context manager."""

    def __init__(self, address: str, *, limits: Limits, held_out: dict[str, Path]) -> None:
        self._is_ready = False
        self._has_learner = False  # whether it was given anything by the notebook
        self._limits = limits
        self._socket, theirs = socket.socketpair()
        files = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in held_out.values()]
        try:
            self.lease = Lease(address, "examiner", limits, {"files": list(held_out)}, [theirs.fileno(), *files])
        finally:
            theirs.close()
            for fd in files:
                os.close(fd)

    def __enter__(self) -> "Examiner":
        return self

    def __exit__(self, *_: object) -> None:
        self.lease.close()
        self._socket.close()

    @property
    def has_begun(self) -> bool:
        """Whether it was given an order."""
        return self._is_ready

    def examine(self, order: dict[str, Any], *, relay: Relay, tick: Callable[[], None]) -> Iterator[dict[str, Any]]:
        """Yield one outcome per check of an order (runner/examiner.py). `tick` is called every moment and raises when the run must end.

        Raises ExaminerEnded where the notebook's values ended it, ExaminerFailed where the examiner itself fails, and what
        `relay` and `tick` raise.
        """
        self._tick = tick
        if not self._is_ready:
            self.lease.wait_ready(_READY_SECONDS)
            self._is_ready = True
        self._send(order, [])
        while True:
            message, buffers = self._receive()
            match message.get("event"):
                case "remote":
                    self._relay(relay, message.get("tree"), buffers)
                case "check" | "opened":
                    yield message
                case "done":
                    return
                case "broken":
                    raise ExaminerFailed(f"The examiner failed: {str(message.get('message'))[:2000]}")
                case _:
                    raise ExaminerFailed("The examiner sent what is not a message.")

    def _relay(self, relay: Relay, tree: Any, buffers: list[bytes]) -> None:
        try:
            answer_tree, answer_buffers = relay(tree, buffers)
            self._has_learner = True
        except (RecursionError, ValueError):
            raise ExaminerFailed("The examiner asked what cannot be sent on.") from None
        try:
            self._send({"tree": answer_tree}, answer_buffers)
        except (RecursionError, ValueError):
            raise KernelDied from None  # read as JSON, but too deeply nested to be written

    def _send(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        text = json.dumps({**message, "buffers": [len(buffer) for buffer in buffers]}).encode()
        rest = memoryview(_LENGTH.pack(len(text)) + text + b"".join(buffers))
        while rest:
            self._tick()
            self._socket.settimeout(_TICK_SECONDS)
            try:
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                continue
            except OSError:
                raise self._failure() from None

    def _receive(self) -> tuple[dict[str, Any], list[bytes]]:
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        if length > _MAX_TEXT:
            raise ExaminerFailed("The examiner sent too large a message.")
        try:
            message: dict[str, Any] = dict(json.loads(self._read(length)))
            sizes = [int(size) for size in message.pop("buffers", [])]
        except (ValueError, TypeError, RecursionError):
            raise ExaminerFailed("The examiner sent what is not a message.") from None
        if min(sizes, default=0) < 0 or sum(sizes) > _MAX_BUFFERS:
            raise ExaminerFailed("The examiner sent too many bytes.")
        return message, [self._read(size) for size in sizes]

    def _read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._tick()
            self._socket.settimeout(_TICK_SECONDS)
            try:
                part = self._socket.recv(min(size - len(data), 2**20))
            except TimeoutError:
                continue
            except OSError:
                part = b""
            if not part:
                raise self._failure()
            data += part
        return bytes(data)

    def _failure(self) -> ExaminerFailed | ExaminerEnded:
        self.lease.has_ended(2.0)
        how = self.lease.exit or {}
        kind = self._cause(how)
        if self._has_learner and kind:
            return ExaminerEnded(kind)
        return ExaminerFailed(f"The examiner ended before its checks did ({how.get('reason')}, {how.get('status')}).")

    def _cause(self, how: dict[str, Any]) -> str:
        """The limit or crash that ended it; empty where somebody else ended it, which is a fault of ours."""
        if self.lease.limit in _LIMITS:
            return self.lease.limit
        status = how.get("status")
        if status in _CRASHES:
            return "crash"
        if status == -signal.SIGKILL and how.get("memory_bytes", 0) > self._limits.memory_bytes / 2:
            return "memory_bytes"  # the system was faster than our watch
        return ""
