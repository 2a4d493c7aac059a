"""Prints what grading costs with each grader as JSON on standard output, and as a table with ratios on standard error.

Every number is the median of `--times` measurements and counts CPU seconds (user and system) of all processes involved. The graders
take turns in each round, so that a busier moment of the machine meets all of them.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django comes first

from bench.accounting import machine, repeated, rounded  # noqa: E402
from exercises.grading import zygotes  # noqa: E402
from exercises.sandbox.zygote_process import Zygote  # noqa: E402

from . import graders, ours  # noqa: E402
from .assignments import ASSIGNMENTS, Assignment  # noqa: E402
from .meter import Usage  # noqa: E402

_IN_ONE_COMMAND = 4  # submissions of nbgrader's second column
_RUNS = 5  # of ours in one measurement: /proc counts CPU in steps of 0.01 s
_LABELS = {
    "ours": "Learnpaths",
    "bare": "bare cells and checks",
    "nbgrader": "nbgrader autograde",
    "nbgrader_batch": f"nbgrader, {_IN_ONE_COMMAND} in a command",
    "otter": "otter run",
}
Samples = dict[str, list[Usage]]


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="learnpaths-peers-") as folder:
        peers = graders.Peers(arguments.peers, Path(folder))
        versions = {package: peers.version(package) for package in ("nbgrader", "otter-grader", "tensorflow-cpu")}
        results: dict[str, Any] = {"machine": machine(), "versions": versions, "times": arguments.times}
        zygote = Zygote(runtime=Path(settings.RUNTIME_DIR), spares=2)
        started = time.monotonic()
        zygote.start()
        zygotes.use(zygote)
        results["zygote_start_wall_seconds"] = rounded(time.monotonic() - started)
        try:
            for assignment in ASSIGNMENTS:
                if assignment.name in arguments.only:
                    samples = compare(assignment, peers, zygote, Path(folder) / assignment.name, arguments.times)
                    results[assignment.name] = summarise(samples)
        finally:
            zygote.stop()
        results["machine"]["load_at_the_end"] = machine()["load"]
    json.dump(results, sys.stdout, indent=1)
    sys.stdout.write("\n")
    for assignment in ASSIGNMENTS:
        if assignment.name in results:
            sys.stderr.write(table(assignment, results[assignment.name]))


def compare(assignment: Assignment, peers: graders.Peers, zygote: Zygote, folder: Path, times: int) -> Samples:
    """Grade `assignment` with everybody, in turns; the first round of each, which fills caches, is not counted."""
    nbgrader = graders.Nbgrader(peers, assignment, folder / "nbgrader", students=_IN_ONE_COMMAND)
    otter = graders.Otter(peers, assignment, folder / "otter")
    definition = ours.define(assignment)
    samples: Samples = {name: [] for name in _LABELS}
    samples["bare"] = bare(assignment, times)
    otter.grade()
    nbgrader.grade()
    for number in range(times):
        samples["ours"].append(_usage(repeated(lambda: ours.grade(definition), zygote, _RUNS)))
        samples["nbgrader"].append(nbgrader.grade())
        samples["otter"].append(otter.grade())
        if number == 0:
            samples["nbgrader_batch"].append(nbgrader.grade(students=_IN_ONE_COMMAND))
    return samples


def bare(assignment: Assignment, times: int) -> list[Usage]:
    """Measure the cells and checks alone, in the runtime's Python with the variables that a jail has."""
    command = [f"{settings.RUNTIME_DIR}/bin/python", "-m", "bench.peers.bare", assignment.name, str(times + 1)]
    environ = {
        "PATH": "/usr/bin:/bin",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise graders.WrongResult(done.stderr[-4000:])
    return [Usage(*pair) for pair in json.loads(done.stdout)[1:]]


def summarise(samples: Samples) -> dict[str, Any]:
    """Return each grader's medians and spread, and how many times our CPU and wall seconds each uses."""
    summary = {name: _medians(usages) for name, usages in samples.items()}
    for name, numbers in summary.items():
        for kind in ("cpu", "wall"):
            numbers[f"{kind}_ratio"] = round(numbers[f"{kind}_seconds"] / summary["ours"][f"{kind}_seconds"], 2)
        numbers["label"] = _LABELS[name]
    overhead = summary["ours"]["cpu_seconds"] - summary["bare"]["cpu_seconds"]
    return {"graders": summary, "overhead_cpu_seconds": rounded(overhead)}


def table(assignment: Assignment, result: dict[str, Any]) -> str:
    """Return the numbers of one assignment as Markdown."""
    lines = [
        f"\n{assignment.name}: {assignment.says}\n",
        "| grader | CPU s | lowest to highest | times ours | wall s | times ours | n |",
    ]
    lines.append("|---|---:|---:|---:|---:|---:|---:|")
    for numbers in result["graders"].values():
        low, high = numbers["cpu_range"]
        lines.append(
            f"| {numbers['label']} | {numbers['cpu_seconds']:.2f} | {low:.2f} to {high:.2f} | {numbers['cpu_ratio']:.1f} "
            f"| {numbers['wall_seconds']:.2f} | {numbers['wall_ratio']:.1f} | {numbers['times']} |"
        )
    return "\n".join([*lines, f"\nours beyond the bare cells and checks: {result['overhead_cpu_seconds']:.2f} CPU s\n"])


def _medians(usages: list[Usage]) -> dict[str, Any]:
    cpu = [usage.cpu_seconds for usage in usages]
    return {
        "cpu_seconds": rounded(statistics.median(cpu)),
        "cpu_range": [rounded(min(cpu)), rounded(max(cpu))],
        "wall_seconds": rounded(statistics.median(usage.wall_seconds for usage in usages)),
        "times": len(usages),
    }


def _usage(numbers: dict[str, float]) -> Usage:
    return Usage(numbers["cpu_seconds"], numbers["wall_seconds"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__)
    parser.add_argument("--peers", type=Path, default=Path(".peers"), help="the environment of the other graders")
    parser.add_argument("--times", type=int, default=3, help="measurements per grader and assignment (default 3)")
    names = [assignment.name for assignment in ASSIGNMENTS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="assignments to measure")
    return parser.parse_args()


if __name__ == "__main__":
    main()
