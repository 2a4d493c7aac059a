"""What must hold before anything starts; each refusal says what is wrong and what helps."""

import errno
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

USER_NAMESPACES = gettext_lazy(
    "This machine does not let an ordinary program make user namespaces, so notebooks cannot be confined, and without "
    "that none is run. One of these usually helps (as root):\n"
    "  sysctl -w kernel.unprivileged_userns_clone=1          (Debian, older kernels)\n"
    "  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0   (Ubuntu 24.04 and later)\n"
    "  sysctl -w user.max_user_namespaces=15000               (Red Hat)\n"
    "  docker run --security-opt seccomp=deploy/seccomp-worker.json --security-opt systempaths=unconfined …   (in a container)\n"
    "To look at the lessons without graded exercises: manage.py serve --without-worker"
)


class Refusal(Exception):
    """The site cannot start like this; the text says why and what to do."""


@contextmanager
def only_copy(state_dir: Path, origin: str) -> Iterator[None]:
    """Hold the state folder's lock. Raises Refusal while another copy runs from the same folder."""
    path = state_dir / "serve.lock"
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise Refusal(
            _("The state folder {folder} cannot be written ({reason}). Set LEARNPATHS_STATE_DIR.").format(
                folder=state_dir, reason=error.strerror
            )
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Refusal(_already_running(state_dir, file.read().split())) from None
        file.truncate(0)
        file.write(f"{os.getpid()} {origin}\n")
        file.flush()
        yield  # the kernel drops the lock with the process, so a stale file means nothing


def _already_running(state_dir: Path, words: list[str]) -> str:
    pid, origin = (*words, "?", "?")[:2]
    return _(
        "Learnpaths is already running from {folder}: process {pid}, {origin}. "
        "Stop it there with Ctrl-C (or: kill {pid}), or give this copy a LEARNPATHS_STATE_DIR of its own."
    ).format(folder=state_dir, pid=pid, origin=origin)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`. Raises Refusal where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise Refusal(_port_refusal(host, port, error)) from error


def _port_refusal(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            text = _("Port {port} is taken by another program. Choose another one: make run PORT={other}")
        case errno.EACCES:
            text = _("Port {port} needs the administrator's rights. Choose one above 1023: make run PORT=8000")
        case _code:
            text = _("Cannot listen on {host}, port {port}: {reason}.")
    return text.format(host=host, port=port, other=min(port + 1, 65535), reason=error.strerror)


def check_runtime(runtime_dir: Path) -> None:
    """Raise Refusal where the environment that notebooks run in has not been made."""
    if not os.access(runtime_dir / "bin" / "python", os.X_OK):
        raise Refusal(
            _(
                "The TensorFlow environment {folder} is missing. `make runtime` makes it; `make run` does so too."
            ).format(folder=runtime_dir)
        )


def check_user_namespaces() -> None:
    """Raise Refusal where a user namespace cannot be made (tried for real, in a child)."""
    probe = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)"  # CLONE_NEWUSER
    if subprocess.run([sys.executable, "-S", "-E", "-c", probe], capture_output=True, check=False).returncode:
        raise Refusal(str(USER_NAMESPACES))
