"""One jailed child from fork to exit: the supervisor outside its namespaces and the first process inside them.

A *lease* is a connection on the zygote's socket. The host sends one request (JSON, at most 64 KiB) and with it the file
descriptors that the role needs; the supervisor answers with JSON lines `{"event": "ready"}`, then one
`{"event": "exit", "reason": …, "status": …, "cpu_seconds": …, "peak_bytes": …}`. Hanging up kills the child and all it started.

Reasons: exited, hangup, memory_limit, cpu_limit, process_limit, failed (the jail could not be built; `message` says why).
"""

import json
import os
import select
import signal
import socket
import struct
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import jail

PID = struct.Struct("=i")  # how a spare tells the zygote which one was taken
REQUEST_BYTES = 64 * 2**10
_WATCH_SECONDS = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
Role = Callable[[dict[str, Any], list[int]], None]


def serve_one(listener: socket.socket, taken: int, roles: dict[str, Role]) -> None:
    """Be one spare: build the namespaces, wait for a request, run it, report. Never returns."""
    jail.die_with_parent()
    jail.enter_namespaces()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        ours.close()
        listener.close()
        os.close(taken)
        _become(theirs, roles)
    theirs.close()
    connection = _accept(listener, taken)
    _supervise(connection, ours, child)


def _accept(listener: socket.socket, taken: int) -> socket.socket:
    connection, _ = listener.accept()
    listener.close()
    os.write(taken, PID.pack(os.getpid()))  # tells the zygote to fork the next spare
    os.close(taken)
    return connection


def _become(control: socket.socket, roles: dict[str, Role]) -> None:
    """First process of the new namespaces: finish the jail once the request is known, then play the role."""
    try:
        jail.die_with_parent()
        os.setsid()
        jail.own_proc()
        raw, fds, _, _ = socket.recv_fds(control, REQUEST_BYTES, 16)
        if not raw:
            os._exit(0)  # the zygote is stopping
        request = json.loads(raw)
        jail.own_mounts(int(request["limits"]["disk_bytes"]))
        jail.limit(request["limits"])
        jail.drop_privileges()
        role = roles[request["role"]]
    except BaseException:
        control.send(traceback.format_exc(limit=-3)[-4000:].encode())
        os._exit(70)
    control.send(b"")  # an empty packet: confined
    request["ready"] = control.detach()
    _silence()
    try:
        role(request, list(fds))
    except BaseException:
        _last_words(int(request["ready"]))
        os._exit(71)
    os._exit(0)


def _silence() -> None:
    """Close the way to the zygote's own output: it is the operator's log, not the learner's."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def _last_words(ready: int) -> None:
    """Tell the supervisor why the role could not begin; once it has begun, that descriptor is closed and nobody listens."""
    try:
        os.write(ready, traceback.format_exc(limit=-4)[-4000:].encode())
    except OSError:
        pass


def _supervise(connection: socket.socket, control: socket.socket, child: int) -> None:
    try:
        watch = _Watch(child)
        raw, fds, _, _ = socket.recv_fds(connection, REQUEST_BYTES, 16)
        if raw:
            _hand_over(connection, control, raw, list(fds))
            request = json.loads(raw)
            _wait(connection, child, watch, request["limits"])
    except (OSError, ValueError, KeyError) as error:
        _tell(connection, event="exit", reason="failed", message=f"{type(error).__name__}: {error}")
    os._exit(0)  # the child, if it still lives, dies with its parent


def _hand_over(connection: socket.socket, control: socket.socket, raw: bytes, fds: list[int]) -> None:
    socket.send_fds(control, [raw], fds)
    for fd in fds:
        os.close(fd)
    confined = control.recv(4096)
    if confined:
        raise OSError(confined.decode(errors="replace"))
    begun = control.recv(4096)  # "ready": the role has its sockets open
    if begun != b"ready":
        raise OSError(begun.decode(errors="replace") or "the child ended before it was ready")
    _tell(connection, event="ready")


def _wait(connection: socket.socket, child: int, watch: "_Watch", limits: dict[str, Any]) -> None:
    """Watch the child until it ends, breaks a limit or the host hangs up; then say how it ended."""
    ended = os.pidfd_open(child)
    poller = select.poll()
    poller.register(connection, select.POLLIN | select.POLLHUP | select.POLLRDHUP)
    poller.register(ended, select.POLLIN)
    reason = ""
    while not reason:
        ready = {fd for fd, _ in poller.poll(_WATCH_SECONDS * 1000)}
        if ended in ready:
            reason = "exited"
        elif connection.fileno() in ready:
            reason = "hangup"
        else:
            reason = watch.broken_limit(limits)
    os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    _tell(
        connection,
        event="exit",
        reason=reason,
        status=os.waitstatus_to_exitcode(status),
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 3),
        peak_bytes=watch.peak_bytes,
    )


def _tell(connection: socket.socket, **event: Any) -> None:
    try:
        connection.sendall(json.dumps(event).encode() + b"\n")
    except OSError:
        pass  # the host has hung up; there is nobody to tell


class _Watch:
    """Sums memory, CPU and processes of the child's pid namespace, seen from outside it through /proc."""

    def __init__(self, child: int) -> None:
        self.child = child
        self.peak_bytes = 0
        self._namespace = os.readlink(f"/proc/{child}/ns/pid")
        self._inherited = _anonymous_bytes(child)

    def broken_limit(self, limits: dict[str, Any]) -> str:
        """Return the reason to end the child now, or an empty string."""
        members = self._members()
        used = self._private_bytes(members, int(limits["memory_bytes"]))
        self.peak_bytes = max(self.peak_bytes, used)
        if used > int(limits["memory_bytes"]):
            return "memory_limit"
        if sum(map(_cpu_seconds, members)) > int(limits["cpu_seconds"]):
            return "cpu_limit"
        return ""

    def _members(self) -> list[int]:
        pids = []
        for entry in os.listdir("/proc"):
            if entry.isdigit() and _pid_namespace(int(entry)) == self._namespace:
                pids.append(int(entry))
        return pids

    def _private_bytes(self, members: list[int], limit: int) -> int:
        """Memory beyond what the fork shares with the zygote: a cheap upper bound, exact once that nears the limit."""
        bound = 0
        for pid in members:
            anonymous = _anonymous_bytes(pid)
            bound += anonymous - self._inherited if anonymous >= self._inherited else anonymous
        if bound <= limit // 2:
            return max(bound, 0)
        return sum(map(_proportional_bytes, members))


def _pid_namespace(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return ""  # ended meanwhile, or not ours to look at


def _fields(path: str) -> dict[str, int]:
    """Return the `Name: number kB` lines of a /proc file in bytes; empty if the process is gone."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split() for line in lines)
    return {parts[0].rstrip(":"): int(parts[1]) * 1024 for parts in pairs if parts[-1:] == ["kB"]}


def _anonymous_bytes(pid: int) -> int:
    return _fields(f"/proc/{pid}/status").get("RssAnon", 0)


def _proportional_bytes(pid: int) -> int:
    fields = _fields(f"/proc/{pid}/smaps_rollup")
    return fields.get("Private_Dirty", 0) + fields.get("Private_Clean", 0) + fields.get("Swap", 0)


def _cpu_seconds(pid: int) -> float:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / _TICKS
