"""One jailed child as the host holds it: from the request to the account of how it ended."""

import json
import select
import socket
import time
from typing import Any

from exercises.assignment.definition import Limits

from . import zygote_process
from .errors import CannotConfine, ZygoteFailed

_MAX_LINE = 64 * 2**10
_EXIT_SECONDS = 15  # a supervisor of many processes takes a moment to sum what they used
_LIMITS = {
    "memory_limit": "memory_bytes",
    "cpu_limit": "cpu_seconds",
    "process_limit": "processes",
    "disk_limit": "disk_bytes",
}


class Lease:
    """An open lease. Use as a context manager: leaving it ends the child and everything it started."""

    def __init__(self, address: str, role: str, limits: Limits, request: dict[str, Any], fds: list[int]) -> None:
        self._connection = zygote_process.connect(address, {**request, "role": role, "limits": vars(limits)}, fds)
        self._pending = b""
        self.exit: dict[str, Any] | None = None

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def limit(self) -> str:
        """The name (in `Limits`) of the limit that ended the child; empty while it lives or where it ended otherwise."""
        return _LIMITS.get(str((self.exit or {}).get("reason")), "")

    def fileno(self) -> int:
        return self._connection.fileno()

    def wait_ready(self, seconds: float) -> None:
        """Return when the child is confined and playing its role. Raises CannotConfine or ZygoteFailed."""
        event = self._event(time.monotonic() + seconds)
        if event.get("event") == "ready":
            return
        if event.get("reason") == "failed":
            raise CannotConfine(str(event.get("message"))[:4000])
        raise ZygoteFailed(f"A jail did not start: {event or 'no answer'}")

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Tell whether the child has ended, waiting at most so long; then `exit` says how."""
        if self.exit is None and select.select([self._connection], [], [], seconds)[0]:
            self.exit = self._event(time.monotonic() + 1)
        return self.exit is not None

    def close(self) -> dict[str, Any]:
        """End the child, wait until it is gone and return its account (runner/child_supervisor.py's exit event)."""
        if self._connection.fileno() == -1:
            return self.exit or {}
        if self.exit is None:
            try:
                self._connection.shutdown(socket.SHUT_WR)
                self.exit = self._event(time.monotonic() + _EXIT_SECONDS)
            except OSError:
                self.exit = {}
        self._connection.close()
        return self.exit

    def _event(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._pending:
            self._connection.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                part = self._connection.recv(4096)
            except (TimeoutError, ConnectionError):
                return {}
            if not part or len(self._pending) > _MAX_LINE:
                return {}
            self._pending += part
        line, _, self._pending = self._pending.partition(b"\n")
        event = json.loads(line)
        return event if isinstance(event, dict) else {}
