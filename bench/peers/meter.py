"""Runs a command and tells what it and everything it started used: CPU seconds, wall seconds.

`python meter.py COMMAND …` prints JSON as its last line on standard output. It makes itself the reaper of orphans, so that a kernel
which outlives the program that started it is still waited for and counted. Standard library only.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Usage:
    cpu_seconds: float
    wall_seconds: float


class CommandFailed(Exception):
    """A grader's program ended with an error; the text has its last lines."""


def measure(command: list[str], *, folder: Path, environ: dict[str, str], seconds: int = 900) -> Usage:
    """Run `command` in `folder` and return its usage. Raises CommandFailed."""
    result = subprocess.run(
        [sys.executable, __file__, *command],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
    )
    if result.returncode:
        raise CommandFailed(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout[-4000:]}")
    return Usage(**json.loads(result.stdout.splitlines()[-1]))


def main(command: list[str]) -> int:
    """Run `command`, wait for all of its descendants, print the usage; return the command's exit status."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    status = child.wait()
    wall = time.monotonic() - started
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"cpu_seconds": used.ru_utime + used.ru_stime, "wall_seconds": wall}))  # noqa: T201 - the result
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
