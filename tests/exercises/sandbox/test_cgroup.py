"""Control groups, where this host lets us make them."""

import os
from pathlib import Path

import pytest

from exercises import grading
from exercises.assignment.definition import Limits
from exercises.sandbox import cgroup
from exercises.sandbox.errors import LimitReached
from exercises.sandbox.kernel import Budget, Kernel
from exercises.sandbox.lease import _only_child

pytestmark = [
    pytest.mark.jail,
    pytest.mark.skipif(not cgroup.controllers(), reason="this host lets us make no control groups"),
]


def kernel(**limits):
    limits = Limits(wall_seconds=20, **limits)
    return Kernel(grading.zygote_of("tf-2.21").address, limits=limits, seed=1, budget=Budget(limits))


def ours():
    return [
        folder for parent in set(cgroup.controllers().values()) for folder in parent.glob(f"learnpaths-{os.getpid()}-*")
    ]


def test_a_jail_lives_in_a_group_and_leaves_nothing():
    with kernel() as jail:
        pid = _only_child(jail.lease._supervisor)
        groups = Path(f"/proc/{pid}/cgroup").read_text()
        assert all(f"{name}:" in groups for name in ("memory", "pids")) and "/learnpaths-" in groups
        assert ours()
    assert ours() == []


def test_what_the_watch_cannot_see_is_still_memory():
    """Bytes that wait in sockets belong to no process's map."""
    source = """
import socket
kept = []
for _ in range(480):
    a, b = socket.socketpair()
    a.setblocking(False)
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
    try:
        while True:
            a.send(b"x" * 65536)
    except BlockingIOError:
        kept.append((a, b))
"""
    with kernel(memory_bytes=2**20, disk_bytes=2**20) as jail, pytest.raises(LimitReached) as reached:
        jail.execute(source)
    assert reached.value.ending == "memory_limit"


def test_without_a_writable_hierarchy_there_is_no_group(monkeypatch, tmp_path):
    monkeypatch.setattr(cgroup, "controllers", dict)
    assert cgroup.Cgroup.create(Limits()) is None


def test_a_group_that_cannot_be_limited_is_no_group(monkeypatch, tmp_path):
    monkeypatch.setattr(cgroup, "controllers", lambda: {"memory": Path("/proc/self")})
    assert cgroup.Cgroup.create(Limits()) is None
