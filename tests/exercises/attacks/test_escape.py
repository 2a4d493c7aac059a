"""Escape and sight: a learner reaches nothing but its own jail."""

import os
import threading

import pytest
from django.conf import settings

from tests.exercises.attacks.conftest import assert_ended, assert_honest
from tests.exercises.attacks.exercise import HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(120)]

LIBC = """
import ctypes, json, os, platform
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    return [result, ctypes.get_errno()]
def syscall(number, *arguments):
    return call("syscall", ctypes.c_long(number), *arguments)
"""


@pytest.fixture(scope="module")
def tried(arena):
    """What came of all single attempts, each tried in one kernel after the other."""
    secrets = {name: action.replace("ZYGOTE", arena.zygote.address) for name, action in SECRETS.items()}
    return {what: arena.attempts(cases) for what, cases in (("sees", secrets), ("writes", WRITES), ("can", POWERS))}


SECRETS = {
    "/etc/passwd": "open('/etc/passwd').read()",
    "/etc/shadow": "open('/etc/shadow').read()",
    "the list of /etc": "os.listdir('/etc')",
    "the project": f"os.listdir({str(settings.BASE_DIR)!r})",
    "the database": f"open({str(settings.BASE_DIR / 'var' / 'db.sqlite3')!r}).read()",
    "/home": "os.listdir('/home')",
    "/var": "os.listdir('/var')",
    "/sys": "os.listdir('/sys')",
    "the examiner's cells": "os.listdir('/opt/learnpaths/exercises/sandbox')",
    "held-out labels": "os.listdir('/data/toy/held_out')",
    "labels by a path upwards": "open('/data/toy/../../data/toy/held_out/labels.npz')",
    "labels as a neighbour of the data": "open('/data/toy/labels.npz')",
    "the kernel's memory": "open('/dev/mem', 'rb').read(1)",
    "kernel log": "open('/dev/kmsg').read(1)",
    "disks": "open('/dev/sda', 'rb').read(1)",
    "fuse": "open('/dev/fuse', 'rb')",
    "KVM": "open('/dev/kvm', 'rb')",
    "the outer root": "os.listdir('/proc/1/root/newroot')",
    "memory of a process outside": "open('/proc/0/mem', 'rb').read(1)",
    "a file through a symlink": "(os.symlink('/etc/passwd', '/tmp/link'), open('/tmp/link').read(), os.unlink('/tmp/link'))",
    "a NUL in a path": "open('/tmp/a\\0b', 'w')",
    "an overlong path": "open('/tmp/' + 'x' * 5000, 'w')",
    "an undecodable path": "open(b'/tmp/\\xff\\xfe/../../etc/passwd')",
    "a dotted path": "open('/tmp/work/../../../../../etc/passwd').read()",
    "open relative to a descriptor": "os.open('../etc/passwd', os.O_RDONLY, dir_fd=os.open('/usr', os.O_RDONLY))",
    "Docker's socket": "__import__('socket').socket(1).connect('/var/run/docker.sock')",
    "PostgreSQL's socket": "__import__('socket').socket(1).connect('/var/run/postgresql/.s.PGSQL.5432')",
    "the zygote's socket": "__import__('socket').socket(1).connect('ZYGOTE')",
}


@pytest.mark.parametrize("case", SECRETS)
def test_it_sees_no_file_of_ours(attack, tried, case):
    assert tried["sees"][case] == "refused"


WRITES = {
    "the runtime": "open('/runtime/lib/evil.pth', 'w')",
    "site-packages": "open(os.path.dirname(os.path.dirname(__import__('numpy').__file__)) + '/evil.py', 'w')",
    "the runner": "open('/opt/learnpaths/exercises/runner/wire.py', 'a')",
    "a data set": "open('/data/toy/points.npz', 'ab')",
    "/usr": "open('/usr/evil', 'w')",
    "/": "open('/evil', 'w')",
    "/run": "open('/run/evil', 'w')",
    "/dev": "open('/dev/evil', 'w')",
    "/dev/null's mode": "os.chmod('/dev/null', 0o000)",
    "the core pattern": "open('/proc/sys/kernel/core_pattern', 'wb', 0).write(b'|/bin/sh')",
    "the host's name": "open('/proc/sys/kernel/hostname', 'wb', 0).write(b'evil')",
    "the page cache": "open('/proc/sys/vm/drop_caches', 'wb', 0).write(b'3')",
    "the magic keys": "open('/proc/sysrq-trigger', 'wb', 0).write(b'b')",
    "the user map": "open('/proc/self/uid_map', 'wb', 0).write(b'0 0 1')",
    "the time": "__import__('time').clock_settime(0, 0)",
}


@pytest.mark.parametrize("case", WRITES)
def test_it_changes_nothing_of_ours(attack, tried, case):
    assert tried["writes"][case] == "refused"


POWERS = {
    "setuid": "os.setuid(0)",
    "setgroups": "os.setgroups([0])",
    "chroot": "os.chroot('/tmp')",
    "nice": "os.nice(-5)",
    "real-time scheduling": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "a device node": "os.mknod('/tmp/node', 0o20666, os.makedev(1, 1))",
    "more descriptors": "__import__('resource').setrlimit(7, (4096, 4096))",
    "more processes": "__import__('resource').setrlimit(6, (100000, 100000))",
    "more processor time": "__import__('resource').setrlimit(0, (100000, 100000))",
    "a core dump": "__import__('resource').setrlimit(4, (-1, -1))",
    "a raw socket": "__import__('socket').socket(2, 3, 1)",
    "a packet socket": "__import__('socket').socket(17, 3)",
    "netlink": "__import__('socket').socket(16, 3, 0)",
    "vsock to the hypervisor": "__import__('socket').socket(40, 1)",
    "the kernel's cryptography": "__import__('socket').socket(38, 5)",
    "SCTP, which loads a module": "__import__('socket').socket(2, 1, 132)",
    "multipath TCP": "__import__('socket').socket(2, 1, 262)",
    "a ping": "__import__('socket').socket(2, 2, 1)",
    "a pair of another family": "__import__('socket').socketpair(30, 1)",
    "a lease on a file": "__import__('fcntl').fcntl(open('/tmp/leased', 'w'), 1024, 1)",
    "bluetooth": "__import__('socket').socket(31, 3, 1)",
    "the shadow of su": "__import__('subprocess').run(['su', '-c', 'id'], check=True, stdin=-3, capture_output=True)",
    "unshare the program": "__import__('subprocess').run(['unshare', '-U', 'true'], check=True, capture_output=True)",
    "mount the program": "__import__('subprocess').run(['mount', '-t', 'tmpfs', 'x', '/tmp'], check=True, capture_output=True)",
}


@pytest.mark.parametrize("case", POWERS)
def test_it_has_no_powers(attack, tried, case):
    assert tried["can"][case] == "refused"


NUMBERS = {  # x86_64
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "pidfd_getfd": 438, "mount": 165,
    "umount2": 166, "pivot_root": 155, "unshare": 272, "setns": 308, "open_tree": 428, "move_mount": 429, "fsopen": 430,
    "fsmount": 432, "mount_setattr": 442, "name_to_handle_at": 303, "open_by_handle_at": 304, "bpf": 321,
    "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "add_key": 248, "keyctl": 250, "init_module": 175,
    "kexec_load": 246, "reboot": 169, "syslog": 103, "personality": 135, "swapon": 167, "acct": 163, "quotactl": 179,
    "sethostname": 170, "settimeofday": 164, "fanotify_init": 300, "iopl": 172, "modify_ldt": 154, "memfd_secret": 447,
    "clone3": 435, "vmsplice": 278, "splice": 275, "tee": 276, "io_setup": 206, "semget": 64, "shmget": 29, "msgget": 68,
    "memfd_create": 319, "inotify_init1": 294, "cachestat": 451, "of a later kernel": 467,
}  # fmt: skip


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
def test_raw_system_calls_are_refused(attack):
    seen = attack.look(f"{LIBC}\nseen = {{name: syscall(number, 0, 0, 0, 0, 0) for name, number in {NUMBERS}.items()}}")
    assert {name: answer for name, answer in seen.items() if answer not in ([-1, 1], [-1, 38])} == {}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
def test_clone_makes_no_namespace(attack):
    flags = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
    seen = attack.look(f"{LIBC}\nseen = [syscall(56, flag | 17, 0, 0, 0, 0) for flag in {flags}]")
    assert seen == [[-1, 1]] * len(flags)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the other interfaces of x86_64")
def test_the_x32_interface_is_closed(attack):
    assert_ended(attack.submit(f"{LIBC}\nsyscall(0x40000000 + 39)"), "kernel_died")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the other interfaces of x86_64")
def test_the_32_bit_interface_is_closed(attack):
    source = """
import ctypes, mmap
memory = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
memory.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")  # mov eax, 20 (getpid); int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
"""
    assert_ended(attack.submit(source), "kernel_died")


def test_it_is_an_ordinary_user_without_capabilities(attack):
    source = (
        "seen = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)"
    )
    status = attack.look(f"import json\n{source}")
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Groups"].strip()) == ("1", "2", "")
    assert set(status["Uid"].split()) != {"0"}


def test_a_setuid_program_gives_nothing(attack):
    source = """
import json, subprocess
found = subprocess.run(["find", "/usr/bin", "/usr/sbin", "-perm", "-4000"], capture_output=True, text=True).stdout.split()
seen = [name for name in found if b"uid=0" in subprocess.run(["id"], capture_output=True, executable="/usr/bin/id").stdout]
"""
    assert attack.look(source) == []


def test_it_sees_only_its_own_processes(attack):
    source = "import json, os\nseen = [int(name) for name in os.listdir('/proc') if name.isdigit()]"
    assert attack.look(source) == [1]


def test_it_sees_no_process_of_a_neighbour(attack):
    with attack.beside():
        seen = attack.look(
            "import json, os, time\nseen = []\nfor _ in range(10):\n"
            "    seen += [name for name in os.listdir('/proc') if name.isdigit() and name != '1']\n    time.sleep(0.1)"
        )
    assert seen == []


def test_killing_everything_kills_only_itself(attack):
    with attack.beside():
        report = attack.submit(
            "import os\nfor number in (-1, 1, 0):\n    try: os.kill(number, 9)\n    except ProcessLookupError: pass\n"
            + HONEST
        )
    assert_ended(report, "passed", "kernel_died", points=None)


def test_every_process_that_it_can_signal_is_itself(attack):
    """Numbers of its own threads answer too; anything else would be somebody else."""
    source = """
import json, os
seen = []
for number in range(2, 40_000):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        continue
    except PermissionError:
        seen.append(number)
        continue
    if "Tgid:\\t1\\n" not in open(f"/proc/{number}/status").read():
        seen.append(number)
"""
    assert attack.look(source) == []


def test_a_terminal_is_not_shared_between_jails(attack):
    """One learner's pseudo-terminals are no letter box for another's."""
    source = "import os, time\nkept = os.openpty()\ntime.sleep(2.5)\n"
    seen: list[str] = []
    holder = threading.Thread(target=lambda: attack.submit(source + HONEST))
    holder.start()
    try:
        seen = attack.look(
            "import json, os, time\nseen = []\nfor _ in range(25):\n"
            "    seen += [name for name in (os.listdir('/dev/pts') if os.path.isdir('/dev/pts') else []) if name != 'ptmx']\n    time.sleep(0.1)"
        )
    finally:
        holder.join()
    assert seen == []


def test_environment_and_mounts_tell_nothing_of_the_host(attack):
    source = """
import json, os
seen = {"environment": dict(os.environ), "mounts": open("/proc/self/mountinfo").read(), "name": os.uname().nodename,
        "command": open("/proc/1/cmdline").read(), "first": open("/proc/1/environ").read()}
"""
    seen = attack.look(source)
    assert not [name for name in seen["environment"] if name.startswith(("LEARNPATHS", "DJANGO", "DATABASE", "REDIS"))]
    assert settings.SECRET_KEY not in str(seen)
    assert seen["name"] == "notebook"
    assert (
        str(settings.STATE_DIR if hasattr(settings, "STATE_DIR") else settings.BASE_DIR / "var") not in seen["mounts"]
    )


DISGUISES = {
    "undecodable": "b'\\xff\\xfe'",
    "like a line of kilobytes": "b'x kB'",
    "like a closing bracket": "b') R 1 1'",
    "like lines": "b'a\\nb: 1 kB'",
}


@pytest.mark.parametrize("name", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_process_name_deceives_no_watch(attack, name):
    """The supervisor reads /proc, where a process chooses its name; losing the supervisor would lose every limit."""
    source = f"""{LIBC}
libc.prctl(1, 0, 0, 0, 0)   # no signal when the parent dies
libc.prctl(15, {name}, 0, 0, 0)
import time
time.sleep(1)
"""
    assert_honest(attack.submit(source + HONEST))


def test_a_hidden_process_is_ended_with_its_run(attack):
    source = f"""{LIBC}
libc.prctl(1, 0, 0, 0, 0)
libc.prctl(4, 0, 0, 0, 0)   # not dumpable: /proc hides it from its own user
libc.prctl(15, b"\\xff", 0, 0, 0)
import time
time.sleep(1000)
"""
    assert_ended(attack.submit(source, wall_seconds=3), "time_limit")


def test_no_core_is_dumped(attack):
    source = "import os\nif os.fork() == 0: os.abort()\nos.wait()\nimport json\nseen = os.listdir('.')"
    assert attack.look(source) == []
