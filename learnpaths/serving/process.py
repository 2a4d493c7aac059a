"""One supervised program: how it is started so that it can never outlive us, and how its output is read."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LONGEST_LINE = 8192  # bytes of output kept while waiting for the end of a line
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run: a command, what it finds in its environment beyond ours, and the sockets handed to it."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()


class Process:
    """A running program in a process group of its own, with its output as one pipe."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.started = time.monotonic()
        self._partial = b""
        parent = os.getpid()
        self._popen = subprocess.Popen(
            program.command,
            env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=program.pass_fds,
            process_group=0,  # Ctrl-C reaches the supervisor alone, which then stops everything in order
            preexec_fn=lambda: _die_with(parent),
        )
        assert self._popen.stdout is not None
        os.set_blocking(self._popen.stdout.fileno(), False)
        self.output = self._popen.stdout

    @property
    def pid(self) -> int:
        return self._popen.pid

    def exit_status(self) -> int | None:
        """Return the status once it has ended (negative: the signal that ended it), else None."""
        return self._popen.poll()

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the program and what it started in its group; nothing happens once all of them are gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, number)

    def signal(self, number: signal.Signals) -> None:
        self._popen.send_signal(number)

    def read_lines(self) -> list[str]:
        """Return the whole lines that have come since the last call; at the end of the output also the last part."""
        chunks = []
        while chunk := self._read():
            chunks.append(chunk)
        text = self._partial + b"".join(chunks)
        *lines, self._partial = text.split(b"\n")
        if chunk == b"" or len(self._partial) > LONGEST_LINE:
            lines, self._partial = [*lines, self._partial], b""
        return [line.decode(errors="replace").rstrip() for line in lines if line.strip()]

    def _read(self) -> bytes | None:
        """Return b"" at the end of the output, None while there is nothing to read."""
        try:
            return os.read(self.output.fileno(), 65536)
        except BlockingIOError:
            return None


def _die_with(parent: int) -> None:
    """Runs in the child before its program: the kernel sends it SIGTERM when the supervisor dies, however it dies."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)  # it died before we asked


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent dies, so that none can get away."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def reap_orphans(known: Collection[int]) -> None:
    """Forget the adopted processes that have ended; the `known` ones are somebody else's to wait for."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in known:
            return
        os.waitpid(ended.si_pid, 0)


def kill_descendants() -> None:
    """Kill and reap whatever is left below this process, such as a program that left its process group."""
    for _ in range(100):
        children = list_children()
        if not children:
            return
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        while _reap():
            pass
        time.sleep(0.02)


def list_children() -> list[int]:
    """Return the ids of this process's children, adopted ones included."""
    children = []
    for entry in os.listdir("/proc"):  # noqa: PTH208 - a thousand Path objects for nothing
        if entry.isdigit() and _parent_of(int(entry)) == os.getpid():
            children.append(int(entry))
    return children


def _parent_of(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError):
        return None


def _reap() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False
