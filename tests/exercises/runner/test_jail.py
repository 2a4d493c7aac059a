"""The jail's own arithmetic and limits; that they hold is tried in tests/exercises/attacks."""

import json
import os
import subprocess
import sys

import pytest

from exercises.runner import jail

LIMITS = {"processes": 7, "cpu_seconds": 30, "disk_bytes": 2**20}
LIMIT = """
import json, resource
from django.conf import settings

from exercises.runner import jail
jail.limit(json.loads(%r))
names = ("CORE", "CPU", "FSIZE", "NOFILE", "NPROC", "MEMLOCK", "MSGQUEUE", "SIGPENDING")
print(json.dumps({name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names}))
print(open("/proc/self/oom_score_adj").read())
"""


def test_tensorflows_own_threads_do_not_count():
    assert jail.tasks(LIMITS) - jail.tasks({"processes": 0}) == 7
    assert jail.tasks({"processes": 0}) >= 64 + 8 * (os.cpu_count() or 1)


def test_the_limits_of_a_process():
    done = subprocess.run(
        [sys.executable, "-c", LIMIT % json.dumps(LIMITS)], capture_output=True, text=True, check=True
    )
    limits, score = done.stdout.strip().splitlines()
    expected = {"CORE": 1, "CPU": 32, "FSIZE": 2**20, "NOFILE": 1024, "NPROC": jail.tasks(LIMITS) + 16,
                "MEMLOCK": 2**16, "MSGQUEUE": 0, "SIGPENDING": 4096}  # fmt: skip
    assert json.loads(limits) == {name: [value, value] for name, value in expected.items()}
    assert score == "1000", "where memory runs out, the kernel ends a jail and not the worker"


def test_a_step_that_fails_is_an_error():
    with pytest.raises(OSError, match="mount /nothing"):
        jail._check(-1, "mount /nothing")
    jail._check(0, "all is well")
