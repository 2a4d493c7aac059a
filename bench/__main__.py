"""Prints the engine's numbers as JSON on standard output and as a table on standard error.

CPU seconds are those of every process involved: the zygote's tree (supervisors and jails, from /proc's cumulated times once
they are reaped) and this process, which does what a worker does.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django comes first

from bench import endings  # noqa: E402 - Django comes first
from bench.accounting import machine, private_bytes, repeated, rounded  # noqa: E402 - Django comes first
from exercises.assignment.definition import Definition, Limits  # noqa: E402
from exercises.grading import engine, zygotes  # noqa: E402 - Django comes first
from exercises.sandbox.budget import RunBudget  # noqa: E402
from exercises.sandbox.kernel import Kernel  # noqa: E402
from exercises.sandbox.run import CheckJob, Job, run  # noqa: E402
from exercises.sandbox.zygote_process import Zygote  # noqa: E402
from exercises.selectors import definition_from_files  # noqa: E402

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
    zygote = zygotes.new_zygote(spares=4)
    started = time.monotonic()
    zygote.start()
    zygotes.use(zygote)
    results: dict[str, Any] = {"machine": machine(), "zygote_start_seconds": round(time.monotonic() - started, 2)}
    try:
        time.sleep(2)
        results["kernel_ready_seconds"] = kernel_ready(zygote)
        results["kernel_private_mib"] = kernel_memory(zygote)
        results["submission_without_training"] = repeated(lambda: run_plain(zygote), zygote, 30)
        results["seconds_late"] = endings.seconds_late(zygote)
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
        with Kernel(zygote.address, limits=Limits(), seed=1, budget=RunBudget(Limits())):
            seconds.append(time.monotonic() - started)
        time.sleep(0.15)  # the spare is replaced meanwhile
    return {"p50": rounded(statistics.median(seconds)), "p95": rounded(statistics.quantiles(seconds, n=20)[18])}


def kernel_memory(zygote: Zygote) -> dict[str, float]:
    """Private MiB of one idle kernel (its supervisor included), and of one that has trained a small model."""
    train = "import keras, numpy as np\nm = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1)])\n"
    train += "m.compile(loss='mse')\nm.fit(np.ones((64, 8)), np.ones(64), epochs=2, verbose=0)"
    before = private_bytes(zygote)
    with Kernel(zygote.address, limits=Limits(), seed=1, budget=RunBudget(Limits())) as kernel:
        time.sleep(1)
        idle = private_bytes(zygote) - before
        kernel.execute(train)
        trained = private_bytes(zygote) - before
    return {"idle": round(idle / 2**20, 1), "after_training": round(trained / 2**20, 1)}


def run_plain(zygote: Zygote) -> None:
    """One notebook of two cells and two checks, no training."""
    result = run(PLAIN, address=zygote.address, on_event=lambda kind, data: None)
    assert [check.outcome for check in result.checks.values()] == ["passed", "passed"], result


def run_exercise(definition: Definition) -> None:
    """The reference solution of a real exercise, graded in full."""
    assert engine.grade_notebook(definition, definition.reference_sources(), seed=1).passed


if __name__ == "__main__":
    main()
