"""Prints the engine's numbers as JSON on standard output and as a table on standard error.

CPU seconds are those of every process involved: the zygote's tree (supervisors and jails, from /proc's cumulated times once
they are reaped) and this process, which does what a worker does.
"""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django comes first

from exercises import grading  # noqa: E402 - Django comes first
from exercises.assignment.definition import Definition, Limits  # noqa: E402
from exercises.sandbox.kernel import Budget, Kernel  # noqa: E402
from exercises.sandbox.run import CheckJob, Job, run  # noqa: E402
from exercises.sandbox.zygote import Zygote  # noqa: E402
from exercises.selectors import definition_from_files  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
PLAIN = Job(
    cells=(
        ("imports", "import numpy as np, tensorflow as tf, keras"),
        ("function", "def normalise(x):\n    return (x - x.mean()) / x.std()"),
    ),
    checks=(
        CheckJob(id="mean", sources=("assert abs(normalise(np.arange(3.0)).mean()) < 1e-9",), follows=2),
        CheckJob(id="spread", sources=("assert abs(normalise(np.arange(9.0)).std() - 1) < 1e-9",), follows=2),
    ),
    seed=1,
    limits=Limits(),
)


def main() -> None:
    """Measure and print."""
    zygote = grading.new_zygote(spares=4)
    started = time.monotonic()
    zygote.start()
    grading.use(zygote)
    results: dict[str, Any] = {"machine": _machine(), "zygote_start_seconds": round(time.monotonic() - started, 2)}
    try:
        time.sleep(2)
        results["kernel_ready_seconds"] = kernel_ready(zygote)
        results["kernel_private_mib"] = kernel_memory(zygote)
        results["submission_without_training"] = repeated(lambda: run_plain(zygote), zygote, 30)
        for name in ("line-fit", "digits-mlp"):
            definition = definition_from_files(name, settings.CONTENT_DIRS)
            if definition:
                results[f"submission_{name}"] = repeated(lambda d=definition: run_exercise(d), zygote, 3)  # type: ignore[misc]
    finally:
        zygote.stop()
    json.dump(results, sys.stdout, indent=1)
    sys.stdout.write("\n")
    for name, value in results.items():
        sys.stderr.write(f"{name:<32}{value}\n")


def kernel_ready(zygote: Zygote, times: int = 40) -> dict[str, float]:
    """Seconds from the request to a kernel that has answered, with spares forked ahead and an idle machine."""
    seconds = []
    for _ in range(times):
        started = time.monotonic()
        with Kernel(zygote.address, limits=Limits(), seed=1, budget=Budget(Limits())):
            seconds.append(time.monotonic() - started)
        time.sleep(0.15)  # the spare is replaced meanwhile
    return {"p50": _round(statistics.median(seconds)), "p95": _round(statistics.quantiles(seconds, n=20)[18])}


def kernel_memory(zygote: Zygote) -> dict[str, float]:
    """Private MiB of one idle kernel (its supervisor included), and of one that has trained a small model."""
    train = "import keras, numpy as np\nm = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1)])\n"
    train += "m.compile(loss='mse')\nm.fit(np.ones((64, 8)), np.ones(64), epochs=2, verbose=0)"
    before = _private_bytes(zygote)
    with Kernel(zygote.address, limits=Limits(), seed=1, budget=Budget(Limits())) as kernel:
        time.sleep(1)
        idle = _private_bytes(zygote) - before
        kernel.execute(train)
        trained = _private_bytes(zygote) - before
    return {"idle": round(idle / 2**20, 1), "after_training": round(trained / 2**20, 1)}


def repeated(work: Callable[[], None], zygote: Zygote, times: int) -> dict[str, float]:
    """Run `work` one after the other; return CPU and wall seconds per run and the runs per minute of one worker process."""
    work()
    time.sleep(1)
    cpu, started = _cpu_seconds(zygote), time.monotonic()
    for _ in range(times):
        work()
    wall = time.monotonic() - started
    time.sleep(1.5)  # the zygote reaps its children once a second
    return {
        "runs": times,
        "cpu_seconds": _round((_cpu_seconds(zygote) - cpu) / times),
        "wall_seconds": _round(wall / times),
        "per_minute": round(60 * times / wall, 1),
    }


def run_plain(zygote: Zygote) -> None:
    """One notebook of two cells and two checks, no training."""
    result = run(PLAIN, address=zygote.address, on_event=lambda kind, data: None)
    assert [check.outcome for check in result.checks.values()] == ["passed", "passed"], result


def run_exercise(definition: Definition) -> None:
    """The reference solution of a real exercise, graded in full."""
    assert grading.grade_notebook(definition, definition.reference_sources(), seed=1)["passed"]


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}


def _cpu_seconds(zygote: Zygote) -> float:
    ticks = sum(_stat(pid, 11, 15) for pid in _tree(_pid(zygote)))
    own = os.times()
    return ticks / TICKS + own.user + own.system


def _stat(pid: int, first: int, last: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[first:last]))


def _private_bytes(zygote: Zygote) -> int:
    return sum(map(_private, _tree(_pid(zygote))))


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _pid(zygote: Zygote) -> int:
    assert zygote._process
    return zygote._process.pid


def _tree(root: int) -> list[int]:
    """Return the pids of `root` and all below it."""
    parents = {int(entry): _stat(int(entry), 1, 2) for entry in os.listdir("/proc") if entry.isdigit()}  # noqa: PTH208
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _round(value: float) -> float:
    return round(value, 3)


if __name__ == "__main__":
    main()
