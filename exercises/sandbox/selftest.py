"""Canary attacks: what a worker proves about its jail before it takes work, and what `manage.py sandbox_check` prints.

Each canary is an expression that is true inside a jail in which the layer holds. They run in a learner's kernel on the real
zygote, so that a missing layer is found by trying, not by reading settings.
"""

import json
from dataclasses import dataclass

from exercises.assignment.definition import Limits

from .errors import CannotConfine
from .kernel import Budget, Kernel

_LIMITS = Limits(wall_seconds=30, disk_bytes=8 * 2**20, memory_bytes=512 * 2**20)
_TOOLS = """
import ctypes, json, os, resource, socket
_libc = ctypes.CDLL(None, use_errno=True)
_status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
def _fails(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return True
    return False
def _refused(name, *arguments):
    return getattr(_libc, name)(*arguments) == -1
def _read_only(folder):
    return _fails(open, folder + "/canary", "w")
"""


@dataclass(frozen=True)
class Layer:
    """One layer of the jail: whether it held, and what was tried."""

    name: str
    tried: str
    holds: bool


_CANARIES: tuple[tuple[str, str, str], ...] = (
    ("pid namespace", "the kernel is process 1 and sees no other", "os.getpid() == 1 and {p for p in os.listdir('/proc') if p.isdigit()} == {'1'}"),
    ("user namespace", "a single user is mapped", "len(open('/proc/self/uid_map').readlines()) == 1 and os.getuid() != 0"),
    ("network namespace", "no address can be reached, no interface is up", "_fails(socket.create_connection, ('127.0.0.1', 6379), 1) and {line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]} <= {'lo'}"),
    ("no capabilities", "CapEff, CapPrm and CapBnd are empty", "all(int(_status[name], 16) == 0 for name in ('CapEff', 'CapPrm', 'CapBnd', 'CapInh'))"),
    ("no new privileges", "no_new_privs is set", "_status['NoNewPrivs'] == '1'"),
    ("system-call filter", "seccomp is in filter mode; unshare, mount, ptrace, bpf and keyctl are refused",
     "_status['Seccomp'] == '2' and _refused('unshare', 0x10000000) and _refused('mount', b'none', b'/tmp', b'tmpfs', 0, None) "
     "and _refused('ptrace', 16, 1, 0, 0) and _refused('syscall', 321, 0, 0, 0) and _refused('syscall', 250, 0, 0, 0)"),
    ("socket families", "netlink and vsock sockets are refused", "_fails(socket.socket, 16, socket.SOCK_RAW) and _fails(socket.socket, 40, socket.SOCK_STREAM)"),
    ("read-only system", "/, /usr, /dev, /data, /run and the runtime cannot be written", "all(map(_read_only, ('/', '/usr', '/dev', '/data', '/run', '/runtime', '/opt/learnpaths')))"),
    ("hidden files", "no /etc/passwd or shadow, no home, no project, no sockets", "not any(map(os.path.exists, ('/etc/shadow', '/home', '/var/run', '/proc/1/root/etc/shadow'))) and os.listdir('/run') == []"),
    ("clean environment", "nothing of the worker's environment", "not [n for n in os.environ if any(w in n.upper() for w in ('SECRET', 'DATABASE', 'REDIS', 'DJANGO', 'TOKEN', 'PASSWORD', 'LEARNPATHS'))]"),
    ("open files", "only sockets of the kernel, pipes and devices", "all(os.readlink('/proc/self/fd/' + fd).split(':')[0] in ('socket', 'pipe', 'anon_inode', '/dev/null', '/dev/urandom') for fd in os.listdir('/proc/self/fd') if os.path.lexists('/proc/self/fd/' + fd))"),
    ("disk quota", "/tmp and /dev/shm share one small tmpfs", f"os.statvfs('/tmp').f_blocks * os.statvfs('/tmp').f_frsize <= {_LIMITS.disk_bytes} and os.stat('/tmp').st_dev == os.stat('/dev/shm').st_dev"),
    ("resource limits", "no core dumps, CPU time, files and processes are capped", "resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) and all(resource.getrlimit(k)[1] != resource.RLIM_INFINITY for k in (resource.RLIMIT_CPU, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE))"),
)  # fmt: skip


def examine(address: str) -> list[Layer]:
    """Try every canary in a jail of the zygote at `address`. Raises SandboxError where no jail can be started at all."""
    source = _TOOLS + "print(json.dumps([bool(value) for value in ["
    source += ",\n".join(expression for _, _, expression in _CANARIES) + "]]))"
    with Kernel(address, limits=_LIMITS, seed=1, budget=Budget(_LIMITS)) as kernel:
        run = kernel.execute(source)
    if run.error:
        raise CannotConfine(f"The self-test of the jail failed: {run.error['name']}: {run.error['message']}")
    held = json.loads(run.output)
    return [Layer(name, tried, holds) for (name, tried, _), holds in zip(_CANARIES, held, strict=True)]


def require(address: str) -> None:
    """Raise CannotConfine, naming the layers, unless every canary failed to escape."""
    missing = [f"{layer.name} ({layer.tried})" for layer in examine(address) if not layer.holds]
    if missing:
        raise CannotConfine(f"This worker's jail lacks: {'; '.join(missing)}. It takes no work.")
