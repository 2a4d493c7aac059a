"""What running work on a zygote costs: CPU seconds and memory of every process involved, read from /proc."""

import os
import platform
import time
from collections.abc import Callable
from typing import Any

from exercises.runner import processes
from exercises.sandbox.zygote_process import Zygote

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
    ticks = sum(sum(map(int, processes.stat_fields(pid)[11:15])) for pid in processes.list_tree(zygote.pid))
    own = os.times()
    return ticks / processes.TICKS + own.user + own.system


def private_bytes(zygote: Zygote) -> int:
    """Return the memory that the zygote's processes have written and share with nobody.

    Pages of a library that only the zygote has mapped so far are left out: they stop being private when a fork touches them.
    """
    return sum(map(_private, processes.list_tree(zygote.pid)))


def rounded(value: float) -> float:
    return round(value, 3)


def _private(pid: int) -> int:
    return 1024 * processes.read_numbers(f"/proc/{pid}/smaps_rollup", (b"Private_Dirty",)).get(b"Private_Dirty", 0)
