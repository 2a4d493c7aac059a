"""What a worker tries in its own jail: each function is true where the layer of its name holds, its docstring says what was tried.

The text of this module runs as one cell of a jailed kernel (`selftest.py`); it is never imported.
"""

import ctypes
import json
import os
import resource
import socket

_libc = ctypes.CDLL(None, use_errno=True)
_status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
_CLONE_NEWUSER, _AF_NETLINK, _AF_VSOCK, _BPF, _KEYCTL = 0x10000000, 16, 40, 321, 250


def _fails(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return True
    return False


def _refused(name, *arguments):
    return getattr(_libc, name)(*arguments) == -1


def pid_namespace():
    """the kernel is process 1 and sees no other"""
    return os.getpid() == 1 and [name for name in os.listdir("/proc") if name.isdigit()] == ["1"]


def user_namespace():
    """one ordinary user is mapped"""
    return len(open("/proc/self/uid_map").readlines()) == 1 and os.getuid() != 0


def network_namespace():
    """no address can be reached; there is no interface but an idle loopback"""
    interfaces = {line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]}
    return interfaces <= {"lo"} and _fails(socket.create_connection, ("127.0.0.1", 6379), 1)


def capabilities():
    """none are held, permitted, inheritable or within the bounds"""
    return all(int(_status[name], 16) == 0 for name in ("CapEff", "CapPrm", "CapBnd", "CapInh"))


def new_privileges():
    """no program can give any"""
    return _status["NoNewPrivs"] == "1"


def system_calls():
    """unshare, mount, ptrace, bpf and keyctl are refused by a filter"""
    return (
        _status["Seccomp"] == "2"
        and _refused("unshare", _CLONE_NEWUSER)
        and _refused("mount", b"none", b"/tmp", b"tmpfs", 0, None)
        and _refused("ptrace", 16, 1, 0, 0)
        and _refused("syscall", _BPF, 0, 0, 0)
        and _refused("syscall", _KEYCTL, 0, 0, 0)
    )


def socket_families():
    """netlink, vsock and raw sockets are refused"""
    kinds = ((_AF_NETLINK, socket.SOCK_RAW), (_AF_VSOCK, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_RAW))
    return all(_fails(socket.socket, *kind) for kind in kinds)


def read_only_system():
    """the root, the system, devices, data, the runtime and our own code cannot be written"""
    folders = ("/", "/usr", "/dev", "/data", "/run", "/runtime", "/opt/learnpaths")
    return all(_fails(open, folder + "/canary", "w") for folder in folders)


def hidden_files():
    """no accounts, homes, sockets or files of the worker"""
    paths = ("/etc/passwd", "/etc/shadow", "/home", "/var", "/proc/1/root/etc/shadow")
    return not any(map(os.path.exists, paths)) and os.listdir("/run") == []


def environment():
    """nothing of the worker's"""
    words = ("SECRET", "DATABASE", "REDIS", "DJANGO", "TOKEN", "PASSWORD", "LEARNPATHS_")
    return not [name for name in os.environ if any(word in name for word in words)]


def open_files():
    """only the kernel's own sockets and pipes, and null devices"""
    harmless = ("socket", "pipe", "anon_inode", "/dev/null", "/dev/urandom")
    paths = ["/proc/self/fd/" + name for name in os.listdir("/proc/self/fd")]
    return all(os.readlink(path).split(":")[0] in harmless for path in paths if os.path.lexists(path))


def disk_quota():
    """/tmp and shared memory are one small file system"""
    disk = os.statvfs("/tmp")
    return disk.f_blocks * disk.f_frsize <= 8 * 2**20 and os.stat("/tmp").st_dev == os.stat("/dev/shm").st_dev


def resource_limits():
    """no core dumps; CPU time, files, their size and processes are capped"""
    capped = (resource.RLIMIT_CPU, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE)
    return resource.getrlimit(resource.RLIMIT_CORE) == (1, 1) and all(
        resource.getrlimit(kind)[1] != resource.RLIM_INFINITY for kind in capped
    )


_LAYERS = (
    pid_namespace, user_namespace, network_namespace, capabilities, new_privileges, system_calls, socket_families,
    read_only_system, hidden_files, environment, open_files, disk_quota, resource_limits,
)  # fmt: skip
print(json.dumps([[layer.__name__.replace("_", " "), layer.__doc__, bool(layer())] for layer in _LAYERS]))
