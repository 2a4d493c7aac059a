"""The outer control group: joined by nobody but the process that becomes the zygote."""

import os
import subprocess
from pathlib import Path

import pytest

from exercises.sandbox import cgroup, selftest
from exercises.sandbox.cgroup import Group
from exercises.sandbox.errors import CannotConfine
from exercises.sandbox.zygote_process import Zygote


def own_group_of(controller: str) -> Path | None:
    """The group of this process for a controller, where it is writable; nothing is written to find out."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mount, kind, options, *_ = line.split()
        if kind == "cgroup" and controller in options.split(","):
            rows = [row.split(":", 2) for row in Path("/proc/self/cgroup").read_text().splitlines()]
            own = next(path for _, names, path in rows if controller in names.split(","))
            folder = Path(mount) / own.strip("/")
            return folder if os.access(folder, os.W_OK) else None
    return None


OWN = own_group_of("pids")
needs_group = pytest.mark.skipif(OWN is None, reason="no writable group of version 1 here")


@pytest.fixture
def fake(tmp_path):
    """A folder that looks like a group: what is written to it can be read."""
    (tmp_path / "cgroup.procs").write_text("")
    (tmp_path / "pids.max").write_text("max")
    return tmp_path


def test_a_process_joins_by_writing_zero_and_nothing_else(fake):
    done = subprocess.run(Group((fake, fake)).joining(["/bin/echo", "a b", "$HOME"]), capture_output=True, text=True)
    assert (fake / "cgroup.procs").read_text() == "0\n"
    assert (done.returncode, done.stdout) == (0, "a b $HOME\n")


def test_a_process_that_cannot_join_does_not_start(tmp_path):
    done = subprocess.run(Group((tmp_path / "none",)).joining(["/bin/echo", "started"]), capture_output=True, text=True)
    assert done.returncode == 90 and "started" not in done.stdout


def test_no_code_of_the_host_writes_a_process_number():
    """By construction: one program text writes to cgroup.procs, and it writes "0"."""
    sources = [path.read_text() for path in Path(cgroup.__file__).parents[1].rglob("*.py")]
    assert sum(source.count('"cgroup.procs"') for source in sources) == 2  # where it is named to join, and looked for
    assert "echo 0 >" in cgroup._JOIN and cgroup._JOIN.count(">") == 1


def test_what_is_no_group_is_refused(tmp_path):
    with pytest.raises(CannotConfine, match=f"{tmp_path} is not a control group"):
        cgroup.create([tmp_path], jails=2)


def test_a_group_without_controllers_is_refused_and_leaves_nothing(fake):
    with pytest.raises(CannotConfine, match="neither of the controllers"):
        cgroup.create([fake], jails=2)
    assert sorted(path.name for path in fake.iterdir()) == ["cgroup.procs", "pids.max"]


def test_a_group_that_is_not_ours_is_refused_with_advice(fake):
    (fake / "cgroup.controllers").write_text("cpu memory pids")
    (fake / "cgroup.subtree_control").mkdir()  # cannot be read, nor written
    with pytest.raises(CannotConfine, match="DelegateSubgroup"):
        cgroup.create([fake], jails=2)


def test_version_2_gives_its_controllers_down(fake):
    (fake / "cgroup.controllers").write_text("cpu memory pids")
    (fake / "cgroup.subtree_control").write_text("memory")
    cgroup._enable(fake)
    assert (fake / "cgroup.subtree_control").read_text() == "+pids"  # the kernel adds it to what is there


@needs_group
def test_it_works():
    before = Path("/proc/self/cgroup").read_text()
    group = cgroup.create([OWN], jails=2)
    try:
        limit = int(group.limits()["pids.max"])
        assert limit > 2 * 128
        with subprocess.Popen(group.joining(["/bin/cat"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as inside:
            inside.stdin.write(b"x")
            inside.stdin.flush()
            assert inside.stdout.read(1) == b"x"  # it has joined
            assert group.holds(inside.pid) and not group.holds(os.getpid())
            assert (group.folders[0] / "cgroup.procs").read_text().split() == [str(inside.pid)]
            inside.kill()
    finally:
        group.remove()
    assert not group.folders[0].exists()
    assert Path("/proc/self/cgroup").read_text() == before


@needs_group
@pytest.mark.parametrize("is_inside", [True, False])
def test_the_self_test_sees_whether_the_zygote_is_in_its_group(tmp_path, is_inside):
    zygote = Zygote(runtime=tmp_path)
    assert selftest.examine_group(zygote) is None
    zygote.group = cgroup.create([OWN], jails=2)
    command = zygote.group.joining(["/bin/cat"]) if is_inside else ["/bin/cat"]
    zygote._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        zygote._process.stdin.write(b"x")
        zygote._process.stdin.flush()
        zygote._process.stdout.read(1)
        layer = selftest.examine_group(zygote)
        assert layer.holds is is_inside and "pids.max is" in layer.tried
    finally:
        folder = zygote.group.folders[0]
        zygote.stop()
    assert not folder.exists()


@needs_group
def test_the_kernel_holds_the_limit():
    group = cgroup.create([OWN], jails=2)
    try:
        (group.folders[0] / "pids.max").write_text("3")
        done = subprocess.run(
            group.joining(["/bin/sh", "-c", "for n in 1 2 3 4 5; do sleep 1 & done; wait"]),
            capture_output=True,
            text=True,
        )
        assert "fork" in done.stderr.lower()
    finally:
        group.remove()


@needs_group
def test_the_group_of_a_worker_that_was_killed_is_removed_by_the_next():
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    stale = OWN / f"learnpaths-{ended.pid}-1"
    stale.mkdir()
    cgroup.create([OWN], jails=2).remove()
    assert not stale.exists()
