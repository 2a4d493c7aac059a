"""The inner jail: what a forked child does to itself before it touches a learner's or an author's code.

Order matters and is fixed here: `enter_namespaces` (in the supervisor), `own_mounts`, `limit`, `drop_privileges` (in the
new namespace's first process). Each step raises OSError; a child whose step fails must exit, never go on.
`os.unshare` exists only from Python 3.12, hence ctypes.
"""

import ctypes
import os
import resource
import signal
from pathlib import Path
from typing import Any

from . import seccomp

_libc = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_PDEATHSIG, _SET_DUMPABLE, _CAPBSET_DROP, _NO_NEW_PRIVS = 1, 4, 24, 38
_LAST_CAPABILITY = 63
TMP = Path("/tmp")  # noqa: S108 - the jail's own tmpfs


def _check(result: int, what: str) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    _check(
        _libc.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, data.encode()),
        f"mount {target}",
    )


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _check(_libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "parent-death signal")


def uncover_proc() -> None:
    """Remove the covers that bubblewrap, run as root, lays over parts of /proc: under them no nested /proc can be mounted.

    Safe only because the zygote gives up root right after (`become_ordinary`): an ordinary user cannot write there.
    """
    for covered in (b"/proc/sys", b"/proc/sysrq-trigger", b"/proc/irq", b"/proc/bus"):
        _libc.umount2(covered, 2)


def become_ordinary(uid: int) -> None:
    """Give up root for good. The kernel lets the *user id* 0 write to /proc/sys even without any capability."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        _check(_libc.prctl(_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")  # else /proc/self/uid_map stays root's


def allow_many_files() -> None:
    """Raise the caller's limit of open files well above a learner's: descriptors in flight are counted per user, not per jail."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def enter_namespaces() -> None:
    """Move the (single-threaded) caller to new user, pid, network, IPC, UTS and cgroup namespaces.

    The pid namespace begins with the caller's next child. The mount namespace is that child's own (`own_proc`): the
    supervisor must keep seeing the outer /proc.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = _NEWUSER | _NEWPID | _NEWNET | _NEWIPC | _NEWUTS | _NEWCGROUP
    _check(_libc.unshare(flags), "new namespaces")
    # Refused by the kernel for an ordinary user unless setgroups is denied first.
    for file, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path("/proc/self", file).write_text(text)


def own_proc() -> None:
    """Give the first process of the pid namespace a mount namespace and a /proc that shows only its own."""
    _check(_libc.unshare(_NEWNS), "new mount namespace")
    _mount("none", "/", None, _REC | _PRIVATE)
    _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)


def own_mounts(disk_bytes: int) -> None:
    """Give the caller an empty /tmp (home, work folder and shared memory, one quota), and hide /run."""
    _mount("tmpfs", "/tmp", "tmpfs", _NOSUID | _NODEV, f"size={disk_bytes},nr_inodes=20000,mode=700")  # noqa: S108
    for name in ("home", "shm", "work"):
        (TMP / name).mkdir(mode=0o700)
    _mount("/tmp/shm", "/dev/shm", None, _BIND)  # noqa: S108
    _mount("devpts", "/dev/pts", "devpts", _NOSUID | _NOEXEC, "newinstance,ptmxmode=0666,mode=0600")
    # The host's services have their sockets there.
    _mount("tmpfs", "/run", "tmpfs", _NOSUID | _NODEV | _NOEXEC | _RDONLY, "size=4k,nr_inodes=2")
    os.chdir(TMP / "work")


def tasks(limits: dict[str, Any]) -> int:
    """How many processes and threads a jail may have: the exercise's own and TensorFlow's pools, which grow with the machine."""
    return int(limits["processes"]) + 64 + 8 * (os.cpu_count() or 1)


def limit(limits: dict[str, Any]) -> None:
    """Set the caller's resource limits from the fields of `Limits` (bytes, seconds, counts)."""
    for kind, value in (
        (resource.RLIMIT_CORE, 1),  # at 0 a core handler of the host would still be started, as the host's root
        (resource.RLIMIT_CPU, int(limits["cpu_seconds"]) + 2),
        (resource.RLIMIT_FSIZE, int(limits["disk_bytes"])),
        (resource.RLIMIT_NOFILE, 1024),
        (resource.RLIMIT_NPROC, tasks(limits) + 16),  # beyond the limit, so that the watch sees it crossed
        (resource.RLIMIT_MEMLOCK, 2**16),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 4096),  # signals and timers that wait; else counted per user, not per jail
    ):
        resource.setrlimit(kind, (value, value))
    # Where the machine runs out of memory, the kernel is to end a jail and not the worker.
    Path("/proc/self/oom_score_adj").write_text("1000")


def drop_privileges() -> None:
    """Drop every capability, forbid new ones and load the system-call filter. The last step before foreign code."""
    # From the bounding set too: a program with file capabilities, run inside, would gain them again.
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break  # the first number that this kernel does not know
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, nothing), "drop capabilities")
    _check(_libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    seccomp.load()
