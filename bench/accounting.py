"""What running work on a zygote costs: CPU seconds and memory of every process involved, read from /proc."""

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exercises.sandbox.zygote_process import Zygote

TICKS = os.sysconf("SC_CLK_TCK")
_REAPED_SECONDS = 1.5  # the zygote reaps its children once a second


def repeated(work: Callable[[], None], zygote: Zygote, times: int) -> dict[str, float]:
    """Run `work` one after the other; return CPU and wall seconds per run and the runs per minute of one worker process."""
    work()
    time.sleep(_REAPED_SECONDS)
    # After one run that is not counted: the first pays for pages and caches that all later ones find, and it is reaped
    # by now.
    cpu, started = cpu_seconds(zygote), time.monotonic()
    for _ in range(times):
        work()
    wall = time.monotonic() - started
    time.sleep(_REAPED_SECONDS)
    return {
        "runs": times,
        "cpu_seconds": rounded((cpu_seconds(zygote) - cpu) / times),
        "wall_seconds": rounded(wall / times),
        "per_minute": round(60 * times / wall, 1),
    }


def machine() -> dict[str, Any]:
    """Describe this machine in general words, and how busy it is with other work (the load average of the last minute)."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 1),
    }


def cpu_seconds(zygote: Zygote) -> float:
    """Return what the zygote's tree and this process have used so far; a child counts in full once it is reaped."""
    ticks = sum(_stat(pid, 11, 15) for pid in _tree(_pid(zygote)))
    own = os.times()
    return ticks / TICKS + own.user + own.system


def private_bytes(zygote: Zygote) -> int:
    """Return the memory that the zygote's processes have written and share with nobody.

    Pages of a library that only the zygote has mapped so far are left out: they stop being private when a fork touches them.
    """
    return sum(map(_private, _tree(_pid(zygote))))


def rounded(value: float) -> float:
    return round(value, 3)


def _stat(pid: int, first: int, last: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[first:last]))


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty"))


def _pid(zygote: Zygote) -> int:
    assert zygote._process
    return zygote._process.pid


def _tree(root: int) -> list[int]:
    """Return the pids of `root` and all below it."""
    parents = {int(entry): _stat(int(entry), 1, 2) for entry in os.listdir("/proc") if entry.isdigit()}  # noqa: PTH208
    pids = [root]
    for pid in pids:
        pids += [child for child, parent in parents.items() if parent == pid]
    return pids
