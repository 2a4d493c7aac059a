"""Hashes strangers' JSON-LD documents in processes of their own, few at a time, that end whatever they are given.

A *lane* is a number of places. Two lanes never wait for each other, and one visitor never holds all places of one.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from . import errors, fork_server
from .errors import BadgeError

ROOT = Path(__file__).resolve().parents[2]
LONGEST_ANSWER = 2**16
_ERRORS: dict[str, type[BadgeError]] = {
    kind.__name__: kind for kind in (errors.Malformed, errors.UnknownContext, errors.TooCostly)
}


class Busy(Exception):
    """There was no place in time, or the process was lost: nothing is known about the document, so ask again later."""


class Lane:
    """At most `places` documents at a time, `per_visitor` of them of one visitor; further ones wait for `patience` seconds."""

    def __init__(self, *, places: int, per_visitor: int, waiting: int, patience: float, nice: int) -> None:
        self._places, self._per_visitor, self._waiting, self._patience = places, per_visitor, waiting, patience
        self.nice = nice
        self._held: Counter[str] = Counter()
        self._queued = 0
        self._changed = threading.Condition()

    @contextmanager
    def place(self, visitor: str) -> Iterator[None]:
        """Hold a place. Raises Busy."""
        with self._changed:
            if self._queued >= self._waiting:
                raise Busy
            self._queued += 1
            try:
                if not self._changed.wait_for(lambda: self._is_free(visitor), self._patience):
                    raise Busy
                self._held[visitor] += 1
            finally:
                self._queued -= 1
        try:
            yield
        finally:
            with self._changed:
                self._held[visitor] -= 1
                self._held += Counter()  # forget who holds none
                self._changed.notify_all()

    def _is_free(self, visitor: str) -> bool:
        return self._held.total() < self._places and self._held[visitor] < self._per_visitor


class Hasher:
    """One fork server for this process, started with the first document and anew when it was lost."""

    def __init__(self) -> None:
        self._lock = (
            threading.Lock()
        )  # held while a fork server starts and while a descriptor is handed over, never longer
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def hash_document(self, document: dict[str, Any], *, lane: Lane, visitor: str = "") -> bytes:
        """Return what `signing.hash_document` does. Raises the same errors, and Busy."""
        question = json.dumps({"document": document, "nice": lane.nice}).encode()
        with lane.place(visitor):
            reply = self._ask(question)
        if "hash" in reply:
            return bytes.fromhex(reply["hash"])
        error = reply["error"]
        raise _ERRORS.get(error["kind"], BadgeError)(error["message"], **error["facts"])

    def close(self) -> None:
        """End the fork server."""
        with self._lock:
            self._close()

    def _ask(self, question: bytes) -> dict[str, Any]:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            try:
                text = _exchange(ours, question, time.monotonic() + fork_server.WALL_SECONDS + 2)
                reply: dict[str, Any] = json.loads(text)
            except (OSError, ValueError) as error:
                raise Busy from error
        return reply

    def _hand_over(self, connection: socket.socket) -> None:
        for _attempt in (1, 2):
            with self._lock, suppress(OSError):
                socket.send_fds(self._running(), [b"x"], [connection.fileno()])
                return
            with self._lock:
                self._close()  # it was lost: the second time another starts
        raise Busy

    def _running(self) -> socket.socket:
        """Return the way to a fork server that lives, as far as can be told."""
        if self._owner != os.getpid():  # a fork of the process that started it: that one's is not ours to ask or to end
            self._process = self._control = None
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._close()
            self._start()
        assert self._control is not None
        return self._control

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", fork_server.__name__],
                cwd=ROOT,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # nothing of ours: no secret, no address of a database
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )
        self._control, self._owner = ours, os.getpid()

    def _close(self) -> None:
        if self._owner != os.getpid():
            return
        if self._control is not None:
            self._control.close()  # which tells it to end
        if self._process is not None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None


def _exchange(connection: socket.socket, question: bytes, deadline: float) -> bytes:
    """Send a question and return the answer. Raises OSError (TimeoutError at the deadline)."""
    connection.settimeout(max(0.01, deadline - time.monotonic()))
    connection.sendall(question)
    connection.shutdown(socket.SHUT_WR)
    chunks: list[bytes] = []
    while chunk := connection.recv(65536):
        chunks.append(chunk)
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        if sum(map(len, chunks)) > LONGEST_ANSWER:
            raise OSError("the reply is too long")
    return b"".join(chunks)


hasher = Hasher()
atexit.register(hasher.close)
