"""One jailed child as the host holds it: from the request to the account of how it ended."""

import contextlib
import json
import select
import socket
import struct
import time
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Limits

from . import zygote
from .cgroup import Cgroup
from .errors import CannotConfine, ZygoteFailed

_MAX_LINE = 64 * 2**10
_CREDENTIALS = struct.Struct("iII")  # pid (in our pid namespace), uid, gid of the sender: unix(7)


class Lease:
    """An open lease. Use as a context manager: leaving it ends the child and everything it started."""

    def __init__(self, address: str, role: str, limits: Limits, request: dict[str, Any], fds: list[int]) -> None:
        self._limits = limits
        self._cgroup: Cgroup | None = None
        self._connection = zygote.connect(address, {**request, "role": role, "limits": vars(limits)}, fds)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._supervisor = 0
        self._pending = b""
        self.exit: dict[str, Any] | None = None

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fileno(self) -> int:
        return self._connection.fileno()

    def wait_ready(self, seconds: float) -> None:
        """Return when the child is confined and playing its role. Raises CannotConfine or ZygoteFailed."""
        event = self._event(time.monotonic() + seconds)
        if event.get("event") == "ready":
            self._enter_cgroup()
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
        """End the child, wait until it is gone and return its account (`cpu_seconds`, `peak_bytes`, `reason`)."""
        if self._connection.fileno() == -1:
            return self.exit or {}
        if self.exit is None:
            try:
                self._connection.shutdown(socket.SHUT_WR)
                self.exit = self._event(time.monotonic() + 5)
            except OSError:
                self.exit = {}
        self._connection.close()
        self._leave_cgroup()
        return self.exit

    def _enter_cgroup(self) -> None:
        """Put the confined child, which has run no foreign code yet, into a control group, where there can be one."""
        self._cgroup = Cgroup.create(self._limits)
        if self._cgroup:
            with contextlib.suppress(OSError):  # it may just have ended
                self._cgroup.add(_only_child(self._supervisor))

    def _leave_cgroup(self) -> None:
        if self._cgroup:
            self._cgroup.remove()
            self._cgroup = None

    def _event(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._pending:
            self._connection.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                part, ancillary, _, _ = self._connection.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size))
            except (TimeoutError, ConnectionError):
                return {}
            for _, kind, data in ancillary:
                if kind == socket.SCM_CREDENTIALS:
                    self._supervisor = _CREDENTIALS.unpack(data)[0]
            if not part or len(self._pending) > _MAX_LINE:
                return {}
            self._pending += part
        line, _, self._pending = self._pending.partition(b"\n")
        event = json.loads(line)
        if event.get("event") == "exit" and self._cgroup and self._cgroup.ran_out_of_memory:
            event["reason"] = "memory_limit"
        return event if isinstance(event, dict) else {}


def _only_child(pid: int) -> int:
    """Return the first process of the jail whose supervisor this is. Raises OSError when it is gone."""
    with contextlib.suppress(FileNotFoundError):  # kernels without CONFIG_PROC_CHILDREN
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_bytes().rpartition(b")")[2].split()[1]) == pid:
                return int(stat.parent.name)
    raise ProcessLookupError(pid)
