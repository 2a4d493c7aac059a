"""Supervises one jailed child from fork to exit: builds its namespaces, hands it the request, watches its limits, ends it.

A *lease* is a connection on the zygote's socket. The host sends one request (JSON, at most 64 KiB) and with it the file
descriptors that the role needs; the supervisor answers with JSON lines `{"event": "ready"}`, then one
`{"event": "exit", "reason": …, "status": …, "cpu_seconds": …, "memory_bytes": …, "processes": …, "disk_bytes": …}`: the most
that it used at one time. Hanging up kills the child and all it started.

Reasons: exited, hangup, memory_limit, cpu_limit, process_limit, disk_limit, failed (the jail could not be built, or something
of it is still running; `message` says why).
"""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import traceback
from collections.abc import Callable
from typing import Any

from . import jail, processes

PID = struct.Struct("=i")  # how a spare tells the zygote which one was taken
REQUEST_BYTES = 64 * 2**10
_WATCH_SECONDS = 0.1
_MAPPED = (b"RssAnon", b"RssShmem", b"VmSwap", b"VmPTE", b"HugetlbPages")  # kB
_PIPE_BYTES = 2**13  # what a pipe's end may hold once a user's pipes have outgrown the kernel's soft limit
_WATCHED_BYTES = 512
_SOCKETS_AT_REST = 64  # of a kernel that does nothing, at most
_BYTES_OF_A_SOCKET = 2 * 212_992  # the largest send buffer; the kernel doubles what is asked for
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
    # All spares wait on this one socket; the kernel gives each request to one of them, so there is nobody to ask for a
    # turn.
    connection, _ = listener.accept()
    listener.close()
    os.write(taken, PID.pack(os.getpid()))  # tells the zygote to fork the next spare
    os.close(taken)
    return connection


def _become(control: socket.socket, roles: dict[str, Role]) -> None:
    """First process of the new namespaces: finish the jail once the request is known, then play the role."""
    try:
        # Not inherited by a fork: what the supervisor has asked for holds for the supervisor alone.
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
        if not request.get("accelerator"):
            os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # an examiner, or a notebook that was promised none
    except BaseException:
        control.send(traceback.format_exc(limit=-3)[-4000:].encode())
        os._exit(70)
    control.send(b"")  # an empty packet: confined
    request["ready"] = control.detach()
    try:
        _silence()
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
    with contextlib.suppress(OSError):
        os.write(ready, traceback.format_exc(limit=-4)[-4000:].encode())


def _supervise(connection: socket.socket, control: socket.socket, child: int) -> None:
    """Serve one request. However this ends, the child is dead before the supervisor is."""
    try:
        raw, fds, _, _ = socket.recv_fds(connection, REQUEST_BYTES, 16)
        if raw:
            watch = _Watch(child)
            _hand_over(connection, control, raw, list(fds))
            _tell(connection, event="exit", **_wait(connection, child, watch, json.loads(raw)["limits"]))
    except Exception as error:
        _tell(connection, event="exit", reason="failed", message=f"{type(error).__name__}: {error}")
    finally:
        _end(child)
    os._exit(0)


def _end(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # reaped already


def _hand_over(connection: socket.socket, control: socket.socket, raw: bytes, fds: list[int]) -> None:
    socket.send_fds(control, [raw], fds)
    for fd in fds:
        os.close(fd)
    problem = control.recv(4096)  # empty: confined
    if problem:
        raise OSError(problem.decode(errors="replace"))
    started = control.recv(4096)  # "ready": the role has its sockets open
    if started != b"ready":
        raise OSError(started.decode(errors="replace") or "the child ended before it was ready")
    _tell(connection, event="ready")


def _wait(connection: socket.socket, child: int, watch: "_Watch", limits: dict[str, Any]) -> dict[str, Any]:
    """Watch the child until it ends, breaks a limit or the host hangs up; then end it and return the account."""
    ended = os.pidfd_open(child)
    poller = select.poll()
    poller.register(connection, select.POLLIN | select.POLLHUP | select.POLLRDHUP)
    poller.register(ended, select.POLLIN)
    reason = ""
    while not reason:
        ready = {fd for fd, _ in poller.poll(_WATCH_SECONDS * 1000)}
        if ended in ready:
            reason = "exited"
        else:
            reason = watch.broken_limit(limits) or ("hangup" if connection.fileno() in ready else "")
    os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    # A survivor would be a hole in the jail: the run's result is then no result, and the operator hears of it.
    if alive := watch.survivors():
        raise OSError(f"{len(alive)} processes of the jail outlived it")
    # RLIMIT_CPU lies two seconds above the limit: a net under a watch that got no time of its own.
    if reason == "exited" and usage.ru_utime + usage.ru_stime >= int(limits["cpu_seconds"]) + 1:
        reason = "cpu_limit"  # the kernel's own limit, a second later, was faster than a busy watch
    return {
        "reason": reason,
        "status": os.waitstatus_to_exitcode(status),
        "cpu_seconds": round(max(usage.ru_utime + usage.ru_stime, watch.cpu_seconds), 3),
        "memory_bytes": watch.peak_bytes,
        "processes": max(watch.peak_tasks - jail.tasks({"processes": 0}), 0),  # beyond TensorFlow's own
        "disk_bytes": watch.peak_disk_bytes,
    }


def _tell(connection: socket.socket, **event: Any) -> None:
    with contextlib.suppress(OSError):  # the host may have hung up; then there is nobody to tell
        connection.sendall(json.dumps(event).encode() + b"\n")


class _Watch:
    """Sums what the child and all its descendants use, seen from outside their namespaces through /proc.

    Every process of a pid namespace descends from its first one. Nothing a process says of itself is trusted beyond the kernel's
    numbers: names may be any bytes, and a process that hides its memory map is counted at its upper bound.
    """

    def __init__(self, child: int) -> None:
        self.child = child
        self.peak_bytes = self.peak_tasks = self.peak_disk_bytes = 0
        at_rest = _Status(child)
        self._inherited, self._descriptors_at_rest = at_rest.mapped_bytes, at_rest.descriptor_bytes
        self._cpu_seconds: dict[int, float] = {}  # a child that nobody reaps must not take its time with it
        self._born: dict[int, bytes] = {}

    def broken_limit(self, limits: dict[str, Any]) -> str:
        """Return the reason to end the child now, or an empty string."""
        members = {pid: _Status(pid) for pid in processes.list_tree(self.child)}
        self._born = {pid: processes.birth(pid) for pid in members}
        # Threads count as processes do: both take a slot of the machine's table.
        tasks = sum(status.threads for status in members.values())
        self.peak_tasks = max(self.peak_tasks, tasks)
        # Before memory: a fork bomb must not gain the time that summing the maps of so many takes.
        if tasks > jail.tasks(limits):
            return "process_limit"
        used = self._used_bytes(members, int(limits["memory_bytes"]))
        self.peak_bytes = max(self.peak_bytes, used)
        if used > int(limits["memory_bytes"]):
            return "memory_limit"
        self._cpu_seconds.update(
            {pid: max(processes.cpu_seconds(pid), self._cpu_seconds.get(pid, 0.0)) for pid in members}
        )
        if self.cpu_seconds > int(limits["cpu_seconds"]):
            return "cpu_limit"
        return "disk_limit" if self._is_disk_full() else ""

    @property
    def cpu_seconds(self) -> float:
        return sum(self._cpu_seconds.values())

    def survivors(self) -> list[int]:
        """Return the processes of the last look that still run. The end of a pid namespace's first process ends them all."""
        return [
            pid for pid, birth in self._born.items() if pid != self.child and birth and processes.birth(pid) == birth
        ]

    def _used_bytes(self, members: dict[int, "_Status"], limit: int) -> int:
        """Memory beyond what was inherited from the zygote: a cheap upper bound; where that is beyond the limit, shared pages count once.

        The supervisor holds the zygote's pages as each fork of the child does, so its own share of them is theirs too; no more
        than was inherited is taken off, for a member that has become another program shares none.
        """
        held = sum(status.descriptor_bytes for status in members.values()) - self._descriptors_at_rest + _socket_bytes()
        mapped = sum(status.mapped_bytes for status in members.values()) - self._inherited
        if held + mapped > limit:
            shares = sum(_proportional_bytes(pid, status) for pid, status in members.items())
            share = _proportional_bytes(os.getpid(), _Status(os.getpid()))
            mapped = min(mapped, shares - min(len(members) * share, self._inherited))
        return max(held, 0) + max(mapped, 0)

    def _is_disk_full(self) -> bool:
        try:
            disk = os.statvfs(f"/proc/{self.child}/root/tmp")
        except OSError:
            return False  # it has just ended
        self.peak_disk_bytes = max(self.peak_disk_bytes, (disk.f_blocks - disk.f_bfree) * disk.f_frsize)
        return disk.f_bavail == 0 or disk.f_favail == 0


class _Status:
    """What /proc/PID/status says of one process; zeros once it is gone."""

    def __init__(self, pid: int) -> None:
        numbers = processes.read_numbers(f"/proc/{pid}/status", (*_MAPPED, b"Threads", b"FDSize"))
        self.threads = numbers.get(b"Threads", 0)
        self.page_table_bytes = 1024 * sum(numbers.get(name, 0) for name in (b"VmPTE", b"HugetlbPages"))
        self.mapped_bytes = 1024 * sum(numbers.get(name, 0) for name in _MAPPED)
        self.descriptor_bytes = _descriptor_bytes(numbers.get(b"FDSize", 0))


def _descriptor_bytes(descriptors: int) -> int:
    """The most that so many descriptors of a process can hold in the kernel: pipes, or files that epoll sets watch."""
    return descriptors * _PIPE_BYTES + (descriptors // 2) ** 2 * _WATCHED_BYTES


def _socket_bytes() -> int:
    """The most that the sockets of the jail's network namespace, which is the supervisor's too, can hold in the kernel."""
    sockets = processes.read_numbers("/proc/self/net/sockstat", (b"sockets",), word=1).get(b"sockets", 0)
    return max(sockets - _SOCKETS_AT_REST, 0) * _BYTES_OF_A_SOCKET


def _proportional_bytes(pid: int, status: _Status) -> int:
    """Anonymous and shared memory of a process, each page divided by how many share it."""
    shares = processes.read_numbers(f"/proc/{pid}/smaps_rollup", (b"Pss_Anon", b"Pss_Shmem", b"SwapPss"))
    if shares:
        return 1024 * sum(shares.values()) + status.page_table_bytes
    return _Status(pid).mapped_bytes  # it hides its map, or it has ended since: then nothing
