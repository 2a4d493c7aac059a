"""The least that a submission can cost: its cells and checks, run one after the other in a fork of a warm Python.

`python -m bench.peers.bare ASSIGNMENT TIMES` in the runtime's environment prints a JSON list of `[cpu_seconds, wall_seconds]`. No
jail, no kernel, no examiner, one process: what our engine uses beyond this is what protecting and observing a run costs.
"""

import gc
import json
import os
import sys
import time

from exercises.runner import zygote

from .assignments import ASSIGNMENTS, Assignment


def main(name: str, times: int) -> None:
    """Warm up as a zygote does, then run the assignment `times` times, each in a fork of its own."""
    zygote.warm_up()
    zygote.assert_untouched()
    gc.collect()
    gc.freeze()
    assignment = next(each for each in ASSIGNMENTS if each.name == name)
    json.dump([run_once(assignment) for _ in range(times)], sys.stdout)


def run_once(assignment: Assignment) -> tuple[float, float]:
    """Return CPU and wall seconds of one fork that runs everything. Raises RuntimeError if a cell or a check failed."""
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            _run(assignment)
        finally:
            os._exit(1)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"{assignment.name} does not pass its own checks")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started


def _run(assignment: Assignment) -> None:
    namespace = {"__name__": "__main__"}
    for part in assignment.parts:
        exec(compile(part.solved, part.id, "exec"), namespace)  # noqa: S102 - our own assignments
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
