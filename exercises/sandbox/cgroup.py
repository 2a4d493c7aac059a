"""The outer backstop: a control group around a zygote and all its jails, below a group that the operator names.

A group is joined in one way only: the process that is about to become bubblewrap writes "0", which means itself, to the group's
`cgroup.procs`. No process number is ever written, so nothing but a zygote and what it forks can be in the group.
Files: https://docs.kernel.org/admin-guide/cgroup-v2.html and, for version 1, …/cgroup-v1/memory.html and …/cgroup-v1/pids.html.
"""

import contextlib
import itertools
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exercises.assignment.definition import Limits
from exercises.runner import jail

from .errors import CannotConfine

_PREFIX = "learnpaths-"
_CONTROLLERS = ("memory", "pids")
_JOIN = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 90; shift; done; shift; exec "$@"'
_ZYGOTE_BYTES = 2 * 2**30  # TensorFlow, and what forks copy of it when nothing runs
_JAIL_BYTES = 512 * 2**20  # pages that a jail copies of the zygote's, page tables, buffers of sockets and pipes
_ZYGOTE_TASKS = 256
_GONE_SECONDS = 5
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Group:
    """One group: a folder per hierarchy (version 2 has one, version 1 one per controller)."""

    folders: tuple[Path, ...]

    def joining(self, command: Sequence[str]) -> list[str]:
        """Return the command that enters the group by itself and then becomes `command`."""
        files = [str(folder / "cgroup.procs") for folder in self.folders]
        return ["/bin/sh", "-c", _JOIN, "join", *files, "--", *command]

    def limits(self) -> dict[str, str]:
        """Return the limits as the kernel has them, by file name."""
        files = [folder / name for folder in self.folders for name in _limit_values(1) if (folder / name).exists()]
        return {file.name: file.read_text().strip() for file in files}

    def holds(self, pid: int) -> bool:
        """Tell whether a process is in the group, in each hierarchy."""
        joined = {Path(line.split(":", 2)[2]).name for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines()}
        return {folder.name for folder in self.folders} <= joined

    def remove(self) -> None:
        """Remove the group once its last process is gone; a zygote that was just killed takes a moment."""
        deadline = time.monotonic() + _GONE_SECONDS
        for folder in self.folders:
            while folder.exists() and not _removed(folder) and time.monotonic() < deadline:
                time.sleep(0.02)


def create(parents: Iterable[Path], *, jails: int) -> Group:
    """Return a new, empty group below each of `parents`, with limits for a zygote and so many jails at a time.

    Raises CannotConfine where a parent is no control group, may not be written, or has neither controller.
    """
    name = f"{_PREFIX}{os.getpid()}-{next(_numbers)}"
    made: list[Path] = []
    try:
        for parent in parents:
            _remove_stale(parent)
            _enable(parent)
            (parent / name).mkdir()
            made.append(parent / name)
            if not _limit(parent / name, jails):
                raise CannotConfine(f"The control group {parent} has neither of the controllers memory and pids.")
    except OSError as error:
        Group(tuple(made)).remove()
        raise CannotConfine(f"No control group can be made below {parent}: {error.strerror}. {_ADVICE}") from error
    except CannotConfine:
        Group(tuple(made)).remove()
        raise
    return Group(tuple(made))


_ADVICE = (
    "LEARNPATHS_CGROUPS must name groups that are delegated to the worker's user and hold no process themselves "
    "(with systemd: Delegate=yes and DelegateSubgroup=worker); leave it empty to do without."
)


def _limit_values(jails: int) -> dict[str, str]:
    """The limits by file, those of version 2 and of version 1."""
    limits = Limits()
    memory = _ZYGOTE_BYTES + jails * (limits.memory_bytes + limits.disk_bytes + _JAIL_BYTES)
    tasks = _ZYGOTE_TASKS + jails * (jail.tasks(vars(limits)) + 32)
    return {
        "pids.max": str(tasks),
        "memory.max": str(memory),
        "memory.swap.max": "0",
        "memory.limit_in_bytes": str(memory),
    }


def _limit(folder: Path, jails: int) -> bool:
    """Write the limits that the folder's controllers have; return whether there was one."""
    files = {folder / name: value for name, value in _limit_values(jails).items() if (folder / name).exists()}
    for file, value in files.items():
        file.write_text(value)
    return bool(files)


def _enable(parent: Path) -> None:
    """In version 2, let groups below `parent` have the controllers that it has itself."""
    if not (parent / "cgroup.procs").exists():
        raise CannotConfine(f"{parent} is not a control group. {_ADVICE}")
    if not (parent / "cgroup.controllers").exists():
        return  # version 1
    has, gives = ((parent / name).read_text().split() for name in ("cgroup.controllers", "cgroup.subtree_control"))
    for controller in _CONTROLLERS:
        if controller in has and controller not in gives:
            (parent / "cgroup.subtree_control").write_text(f"+{controller}")


def _remove_stale(parent: Path) -> None:
    """Remove groups of workers that were killed. The kernel removes no group that holds a process."""
    for folder in _stale(parent):
        _removed(folder)


def _stale(parent: Path) -> Iterator[Path]:
    for folder in parent.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            yield folder


def _removed(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        folder.rmdir()
        return True
    return False
