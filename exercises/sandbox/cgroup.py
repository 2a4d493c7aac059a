"""A control group for one jail, where the host lets us make one: memory (kernel memory included) and tasks, held by the kernel.

Version 2 (delegated to the worker's user) or version 1 (mounted, writable); without either the supervisor's watch stands alone.
Files: https://docs.kernel.org/admin-guide/cgroup-v2.html and …/cgroup-v1/memory.html.
"""

import contextlib
import functools
import itertools
import os
import time
from pathlib import Path

from exercises.assignment.definition import Limits

_MOUNTS = Path("/proc/self/mounts")
_OWN = Path("/proc/self/cgroup")
_SLACK = 64 * 2**20  # sockets, page tables and what the fork copies
_TASKS_SLACK = 64
_numbers = itertools.count(1)


class Cgroup:
    """The control group of one jail. `remove` it once the jail has ended."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self._folders = folders

    @classmethod
    def create(cls, limits: Limits) -> "Cgroup | None":
        """Return a new group with these limits, or None where the host does not let us."""
        parents = controllers()
        name = f"learnpaths-{os.getpid()}-{next(_numbers)}"
        folders: dict[str, Path] = {}
        try:
            for controller, parent in parents.items():
                folder = parent / name
                folder.mkdir(exist_ok=True)
                folders[controller] = folder
                _limit(folder, controller, limits)
        except OSError:
            cls(folders).remove()
            return None
        return cls(folders) if folders else None

    def add(self, pid: int) -> None:
        """Put a process, and so all it will start, into the group. Raises OSError."""
        for folder in set(self._folders.values()):
            (folder / "cgroup.procs").write_text(str(pid))

    @property
    def ran_out_of_memory(self) -> bool:
        """Tell whether the kernel killed a process of the group for its memory."""
        folder = self._folders.get("memory")
        if folder is None:
            return False
        for name in ("memory.events", "memory.oom_control"):
            with contextlib.suppress(OSError):
                lines = (folder / name).read_text().splitlines()
                return any(line.startswith("oom_kill ") and line != "oom_kill 0" for line in lines)
        return False

    def remove(self) -> None:
        """Remove the group; a group whose last process is only just gone needs a moment."""
        for folder in set(self._folders.values()):
            for _ in range(20):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)


@functools.cache
def controllers() -> dict[str, Path]:
    """Return the folders below which this process may make groups: by controller, `memory` and `pids`; empty if none."""
    found = {name: folder for name in ("memory", "pids") if (folder := _version_1(name))}
    unified = _version_2()
    return {**(dict.fromkeys(("memory", "pids"), unified) if unified else {}), **found}


def _version_1(controller: str) -> Path | None:
    for line in _MOUNTS.read_text().splitlines():
        _, mount, kind, options = line.split()[:4]
        if kind == "cgroup" and controller in options.split(","):
            own = next((row.split(":", 2)[2] for row in _own_rows() if controller in row.split(":")[1].split(",")), "/")
            folder = Path(mount) / own.strip("/")
            return folder if os.access(folder, os.W_OK) and _can_make(folder) else None
    return None


def _version_2() -> Path | None:
    """The worker's own group, if it was delegated with both controllers: its processes move to a leaf, as version 2 asks."""
    mount = next((line.split()[1] for line in _MOUNTS.read_text().splitlines() if line.split()[2] == "cgroup2"), None)
    own = next((row[3:] for row in _own_rows() if row.startswith("0::")), None)
    if mount is None or own is None:
        return None
    folder = Path(mount) / own.strip("/")
    try:
        if not {"memory", "pids"} <= set((folder / "cgroup.controllers").read_text().split()):
            return None
        leaf = folder / "worker"
        leaf.mkdir(exist_ok=True)
        for pid in (folder / "cgroup.procs").read_text().split():
            (leaf / "cgroup.procs").write_text(pid)
        (folder / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError:
        return None
    return folder


def _own_rows() -> list[str]:
    return _OWN.read_text().splitlines()


def _can_make(folder: Path) -> bool:
    trial = folder / f"learnpaths-trial-{os.getpid()}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def _limit(folder: Path, controller: str, limits: Limits) -> None:
    # Pages of the jail's /tmp are charged to the group, too; they have a quota of their own.
    memory = str(limits.memory_bytes + limits.disk_bytes + _SLACK)
    if controller == "pids":
        tasks = limits.processes + 64 + 8 * (os.cpu_count() or 1) + _TASKS_SLACK
        (folder / "pids.max").write_text(str(tasks))
    elif (folder / "memory.max").exists():
        (folder / "memory.max").write_text(memory)
        (folder / "memory.swap.max").write_text("0")
    else:
        (folder / "memory.limit_in_bytes").write_text(memory)
        with contextlib.suppress(OSError):  # only where swap is accounted
            (folder / "memory.memsw.limit_in_bytes").write_text(memory)
