"""The system-call filter of a jailed process, assembled by hand and loaded as its last step.

A notebook needs ordinary files, threads, processes and memory. Refused with EPERM is what only an escape needs: mounts,
namespaces, tracing, kernel interfaces, sockets of other families than unix and IP. Formats: linux/filter.h (classic BPF),
linux/seccomp.h, and the call numbers of asm/unistd_64.h and asm-generic/unistd.h.
"""

import ctypes
import errno
import platform
import struct

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LD_ABS, _JEQ, _JGE, _JSET, _RET, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW{TIME,NS,CGROUP,UTS,IPC,USER,PID,NET}; TIME (0x80) is a signal bit for clone(2)
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# name: (x86_64, aarch64); None where the architecture has no such call
_REFUSED: dict[str, tuple[int | None, int]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "swapon": (167, 224), "swapoff": (168, 225),
    "reboot": (169, 142), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "quotactl": (179, 60), "acct": (163, 89), "syslog": (103, 116), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171), "sethostname": (170, 161),
    "setdomainname": (171, 162), "iopl": (172, -1), "ioperm": (173, -1), "modify_ldt": (154, -1),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "personality": (135, 92), "vhangup": (153, 58),
    "mknod": (133, -1), "mknodat": (259, 33), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "mbind": (237, 235), "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "memfd_create": (319, 279),
    "landlock_create_ruleset": (444, 444), "memfd_secret": (447, 447),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _PRCTL = (56, 220), (435, 435), (41, 198), (157, 167)
_PRCTL_REFUSED = (1, 4)  # PR_SET_PDEATHSIG, PR_SET_DUMPABLE: who clears them outlives or blinds the supervisor
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: IP leads nowhere in an empty network namespace
_SOCK_RAW = 3


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def program(machine: str) -> bytes:
    """Return the filter for `platform.machine()`'s value as packed instructions. KeyError for an unknown machine."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    refuse = _instruction(_RET, _ERRNO | errno.EPERM)
    number, argument0, argument1, architecture = 0, 16, 24, 4
    code = [
        _instruction(_LD_ABS, architecture),
        _instruction(_JEQ, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RET, _KILL_PROCESS),  # a 32-bit call would slip past the numbers below
        _instruction(_LD_ABS, number),
    ]
    if machine == "x86_64":
        code += [_instruction(_JGE, 0x40000000, 0, 1), _instruction(_RET, _KILL_PROCESS)]  # the x32 interface
    for calls in _REFUSED.values():
        call = calls[column]
        if call is not None and call >= 0:
            code += [_instruction(_JEQ, call, 0, 1), refuse]
    # clone3 hides its flags behind a pointer: say that it does not exist, so that libc falls back to clone
    code += [_instruction(_JEQ, _CLONE3[column], 0, 1), _instruction(_RET, _ERRNO | errno.ENOSYS)]
    code += [
        _instruction(_JEQ, _CLONE[column], 0, 4),
        _instruction(_LD_ABS, argument0),
        _instruction(_JSET, _NEW_NAMESPACES & ~0x80, 0, 1),
        refuse,
        _instruction(_LD_ABS, number),
    ]
    options = [part for option in _PRCTL_REFUSED for part in (_instruction(_JEQ, option, 0, 1), refuse)]
    code += [_instruction(_JEQ, _PRCTL[column], 0, len(options) + 2), _instruction(_LD_ABS, argument0), *options]
    code.append(_instruction(_LD_ABS, number))
    families = [_instruction(_JEQ, family, len(_FAMILIES) - index, 0) for index, family in enumerate(_FAMILIES)]
    # Not EPERM: libzmq aborts on it when it lists interfaces, and takes this for a host without netlink
    no_family = _instruction(_RET, _ERRNO | errno.EOPNOTSUPP)
    socket_code = [
        _instruction(_LD_ABS, argument0),
        *families,
        no_family,
        _instruction(_LD_ABS, argument1),
        _instruction(_AND, 0xF),
        _instruction(_JEQ, _SOCK_RAW, 0, 1),
        refuse,
    ]
    code += [_instruction(_JEQ, _SOCKET[column], 0, len(socket_code)), *socket_code]
    code.append(_instruction(_RET, _ALLOW))
    return b"".join(code)


def load() -> None:
    """Put the calling process under the filter for good. Needs no_new_privs. Raises OSError."""
    packed = program(platform.machine())
    buffer = ctypes.create_string_buffer(packed, len(packed))
    described = _Program(len(packed) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system-call filter was refused")
