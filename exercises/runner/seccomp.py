"""The system-call filter of a jailed process: a classic BPF program, assembled here and loaded as the jail's last step.

A notebook needs ordinary files, threads, processes and memory. Refused with EPERM is what only an escape needs (mounts,
namespaces, tracing, kernel interfaces, sockets other than unix, TCP and UDP) and what holds memory that no process's map shows
(pages in pipes, System V memory, rings of asynchronous files). Calls newer than this file do not exist (ENOSYS). Formats:
linux/filter.h, linux/seccomp.h; numbers: asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64), to which a test holds them.
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

# Call: (number on x86_64, number on aarch64); None where the architecture has no such call. A list of what is refused, not of what
# is allowed: TensorFlow, NumPy and glibc use a hundred others, which change with their versions, and each of them only touches what
# the namespaces leave. To add a call, take its numbers from the headers named above; the test says whether they are right.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
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
    "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "personality": (135, 92), "vhangup": (153, 58),
    "mknod": (133, None), "mknodat": (259, 33), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "mbind": (237, 235), "shmget": (29, 194), "semget": (64, 190), "shmat": (30, 196), "msgget": (68, 186), "memfd_create": (319, 279),
    "landlock_create_ruleset": (444, 444), "memfd_secret": (447, 447), "quotactl_fd": (443, 443), "uselib": (134, None),
    "vmsplice": (278, 75), "splice": (275, 76), "tee": (276, 77), "io_setup": (206, 0), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "cachestat": (451, 451), "process_mrelease": (448, 448),
}  # fmt: skip
# The newest call that was looked at (mseal, Linux 6.10): what a later kernel adds may be an escape that nobody has thought of.
# The numbers of both architectures agree from 424 on.
_NEWEST = 462
_MMAP = (9, 222)
# MAP_SHARED | MAP_ANONYMOUS: its pages outlive being unmapped in part, and then no map shows them and no quota counts them
_SHARED_ANONYMOUS = 0x21
_CLONE, _CLONE3, _PRCTL, _FCNTL = (56, 220), (435, 435), (157, 167), (72, 25)
_SOCKET, _SOCKETPAIR = (41, 198), (53, 199)
_FCNTL_REFUSED = (1024,)  # F_SETLEASE: who holds a lease on a shared file makes the next one who opens it wait for 45 s
_PRCTL_REFUSED = (1, 4)  # PR_SET_PDEATHSIG, PR_SET_DUMPABLE: who clears them outlives or blinds the supervisor
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: IP leads nowhere in an empty network namespace
_SOCKET_TYPES = (1, 2, 5)  # SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
_PROTOCOLS = (0, 6, 17)  # TCP and UDP: others (SCTP, MPTCP) make the kernel load modules on demand


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


# Offsets in struct seccomp_data. Of an argument only the low half is looked at: the kernel takes flags and families as 32 bits.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, (16, 24, 32, 40)
_REFUSE = _instruction(_RET, _ERRNO | errno.EPERM)
_ABSENT = _instruction(_RET, _ERRNO | errno.ENOSYS)


def program(machine: str) -> bytes:
    """Return the filter for `platform.machine()`'s value as packed instructions. KeyError for an unknown machine."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    code = [
        _instruction(_LD_ABS, _ARCHITECTURE),
        _instruction(_JEQ, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RET, _KILL_PROCESS),  # a 32-bit call would slip past the numbers below
        _instruction(_LD_ABS, _NUMBER),
    ]
    if machine == "x86_64":
        code += [_instruction(_JGE, 0x40000000, 0, 1), _instruction(_RET, _KILL_PROCESS)]  # the x32 interface
    code += [_instruction(_JGE, _NEWEST + 1, 0, 1), _ABSENT]
    for calls in _REFUSED.values():
        call = calls[column]
        if call is not None:
            code += [_instruction(_JEQ, call, 0, 1), _REFUSE]
    # clone3 hides its flags behind a pointer: say that it does not exist, so that libc falls back to clone
    code += [_instruction(_JEQ, _CLONE3[column], 0, 1), _ABSENT]
    flags = [_instruction(_LD_ABS, _ARGUMENTS[0]), _instruction(_JSET, _NEW_NAMESPACES & ~0x80, 0, 1), _REFUSE]
    code += _for_call(_CLONE[column], flags)
    code += _for_call(_PRCTL[column], [_instruction(_LD_ABS, _ARGUMENTS[0]), *_refuse_each(_PRCTL_REFUSED)])
    code += _for_call(_FCNTL[column], [_instruction(_LD_ABS, _ARGUMENTS[1]), *_refuse_each(_FCNTL_REFUSED)])
    code += _for_call(
        _MMAP[column],
        [
            _instruction(_LD_ABS, _ARGUMENTS[3]),
            _instruction(_AND, _SHARED_ANONYMOUS),
            *_refuse_each((_SHARED_ANONYMOUS,)),
        ],
    )
    for call in (_SOCKET[column], _SOCKETPAIR[column]):
        code += _for_call(call, _socket_rules())
    code.append(_instruction(_RET, _ALLOW))
    return b"".join(code)


def _for_call(call: int, rules: list[bytes]) -> list[bytes]:
    """Apply `rules`, which may load arguments and fall through, to one call; then load the number again."""
    rules = [*rules, _instruction(_LD_ABS, _NUMBER)]
    return [_instruction(_JEQ, call, 0, len(rules)), *rules]


def _refuse_each(values: tuple[int, ...]) -> list[bytes]:
    return [part for value in values for part in (_instruction(_JEQ, value, 0, 1), _REFUSE)]


def _refuse_others(values: tuple[int, ...], otherwise: bytes) -> list[bytes]:
    matches = [_instruction(_JEQ, value, len(values) - index, 0) for index, value in enumerate(values)]
    return [*matches, otherwise]


def _socket_rules() -> list[bytes]:
    # Not EPERM for a family: libzmq aborts on it when it lists interfaces, and takes this for a host without netlink
    no_family = _instruction(_RET, _ERRNO | errno.EOPNOTSUPP)
    return [
        _instruction(_LD_ABS, _ARGUMENTS[0]),
        *_refuse_others(_FAMILIES, no_family),
        _instruction(_LD_ABS, _ARGUMENTS[1]),
        _instruction(_AND, 0xF),
        *_refuse_others(_SOCKET_TYPES, _REFUSE),
        _instruction(_LD_ABS, _ARGUMENTS[2]),
        *_refuse_others(_PROTOCOLS, _REFUSE),
    ]


def load() -> None:
    """Put the calling process under the filter for good. Needs no_new_privs. Raises OSError."""
    packed = program(platform.machine())
    buffer = ctypes.create_string_buffer(packed, len(packed))
    described = _Program(len(packed) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system-call filter was refused")
