"""The system-call filter: its numbers are the kernel's, and it refuses what it should; tried in an interpreter of its instructions."""

import errno
import re
import struct
from pathlib import Path

import pytest

from exercises.runner import seccomp

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
SPECIAL = {
    "mmap": seccomp._MMAP, "clone": seccomp._CLONE, "clone3": seccomp._CLONE3, "prctl": seccomp._PRCTL,
    "fcntl": seccomp._FCNTL, "socket": seccomp._SOCKET, "socketpair": seccomp._SOCKETPAIR,
}  # fmt: skip
ALLOWED, KILLED = "allowed", "killed"
MACHINES = pytest.mark.parametrize("machine", HEADERS)
LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMPS = {0x15: lambda a, k: a == k, 0x35: lambda a, k: a >= k, 0x45: lambda a, k: bool(a & k)}


def column(machine):
    return list(HEADERS).index(machine)


def call(machine, number, *arguments, architecture=None):
    """Run the filter on one system call, as the kernel does, and return what it says."""
    program = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
    data = struct.pack(
        "=IIQ6Q", number, architecture or seccomp._AUDIT_ARCH[machine], 0, *arguments, *[0] * (6 - len(arguments))
    )
    place = accumulator = 0
    while True:
        code, if_true, if_false, value = program[place]
        place += 1
        if code == LOAD:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == AND:
            accumulator &= value
        elif code == RETURN:
            names = {seccomp._ALLOW: ALLOWED, seccomp._KILL_PROCESS: KILLED}
            return names.get(value) or errno.errorcode[value & 0xFFFF]
        else:
            place += if_true if JUMPS[code](accumulator, value) else if_false


@MACHINES
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers (linux-libc-dev) are not installed")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    numbers = {name: int(number) for name, number in defined}
    newest = max(number for name, number in numbers.items() if number < 1000 and name != "syscalls")
    for name, ours in {**seccomp._REFUSED, **SPECIAL}.items():
        number = ours[column(machine)]
        if number is None or number <= newest:  # else newer than the headers that are here
            assert numbers.get(name) == number, name


@MACHINES
@pytest.mark.parametrize("name", seccomp._REFUSED)
def test_a_listed_call_is_refused(machine, name):
    number = seccomp._REFUSED[name][column(machine)]
    assert number is None or call(machine, number) == "EPERM"


@MACHINES
def test_ordinary_calls_are_allowed(machine):
    for number in {"x86_64": (0, 1, 2, 60), "aarch64": (63, 64, 56, 93)}[machine]:  # read, write, open or openat, exit
        assert call(machine, number) == ALLOWED


@MACHINES
def test_calls_of_another_interface_kill(machine):
    assert call(machine, 0, architecture=0x40000003) == KILLED  # of 32 bits
    assert machine == "aarch64" or call(machine, 0x40000000) == KILLED  # x32


@MACHINES
def test_calls_that_are_newer_than_the_filter_do_not_exist(machine):
    assert call(machine, seccomp._NEWEST + 1) == "ENOSYS"
    assert call(machine, seccomp._CLONE3[column(machine)]) == "ENOSYS"


@MACHINES
@pytest.mark.parametrize(
    ("name", "arguments", "outcome"),
    [
        ("clone", (0x11,), ALLOWED),  # SIGCHLD alone: fork
        ("clone", (0x10000011,), "EPERM"),  # a user namespace
        ("prctl", (15,), ALLOWED),  # PR_SET_NAME
        ("prctl", (1,), "EPERM"),
        ("prctl", (4,), "EPERM"),
        ("fcntl", (0, 1), ALLOWED),
        ("fcntl", (0, 1024), "EPERM"),
        ("mmap", (0, 4096, 3, 0x22), ALLOWED),  # private
        ("mmap", (0, 4096, 3, 0x21), "EPERM"),
        ("socket", (2, 1, 6), ALLOWED),
        ("socket", (1, 0x80801, 0), ALLOWED),  # not blocking, closed on exec
        ("socket", (2, 3, 0), "EPERM"),  # raw
        ("socket", (2, 1, 132), "EPERM"),  # SCTP
        ("socket", (16, 3, 0), "ENOTSUP"),  # netlink
        ("socketpair", (1, 5, 0), ALLOWED),
        ("socketpair", (40, 1, 0), "ENOTSUP"),  # vsock
    ],
)
def test_calls_that_are_judged_by_their_arguments(machine, name, arguments, outcome):
    assert call(machine, SPECIAL[name][column(machine)], *arguments) == outcome


def test_an_unknown_machine_has_no_filter():
    with pytest.raises(KeyError):
        seccomp.program("riscv64")
