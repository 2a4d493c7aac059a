"""A real `manage.py serve` in a state folder of its own, as a person would start it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

from django.conf import settings

FOREIGN = ("LEARNPATHS_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_", "COV_", "COVERAGE")


class Site:
    """Start it, ask it, stop it. What it printed is in `output()`."""

    def __init__(self, state_dir: Path, **environment: str) -> None:
        self.state_dir = state_dir
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self._log = state_dir.with_name(f"{state_dir.name}.log")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        runtime = {"LEARNPATHS_RUNTIME_DIR": str(settings.RUNTIME_DIR)}
        self.environment = kept | runtime | {"LEARNPATHS_STATE_DIR": str(state_dir)} | environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> "Site":
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), *options]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same state folder."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def wait_for_output(self, text: str, seconds: float = 90) -> None:
        self._wait(lambda: text in self.output(), seconds, f"{text!r} was never printed")

    def wait_until_ready(self, seconds: float = 180) -> None:
        """Wait for /readyz to say that everything is there, the worker included."""
        self.wait_for_output("Learnpaths is at")
        self._wait(lambda: self.get("/readyz")[0] == 200, seconds, f"never ready: {self.get('/readyz')}")

    def _wait(self, is_true, seconds: float, message: str) -> None:
        deadline = time.monotonic() + seconds
        while not is_true():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{message}; status {self.process.poll()}. It printed:\n{self.output()[-6000:]}")
            time.sleep(0.1)

    def get(self, path: str) -> tuple[int, dict]:
        """Return the status and the JSON of an address (an empty dict where it is something else)."""
        try:
            with urlopen(self.origin + path, timeout=30) as response:  # noqa: S310 - our own origin
                return response.status, _json(response.read())
        except HTTPError as error:
            return error.code, _json(error.read())

    def passwords(self) -> dict[str, str]:
        """Return the demo accounts that were printed."""
        return dict(re.findall(r"^\s+(\S+@example\.org)\s+(\S+)$", self.output(), re.MULTILINE))

    def output(self) -> str:
        return self._log.read_text()

    def processes(self) -> set["Seen"]:
        """Return the site's own process and all below it, jails included."""
        assert self.process is not None
        parents = {seen: parent for seen, parent in map(look_at, list_pids()) if seen}
        found = {seen for seen in parents if seen.pid == self.process.pid}
        while more := {seen for seen, parent in parents.items() if parent in {each.pid for each in found}} - found:
            found |= more
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and return the exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _json(body: bytes) -> dict:
    try:
        return json.loads(body)
    except ValueError:
        return {}


class Seen(NamedTuple):
    """A process; its start in clock ticks tells it from a later one with the same number."""

    pid: int
    started: int


def list_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def look_at(pid: int) -> tuple[Seen | None, int]:
    """Return a process and its parent's id; None where it is gone or only waits to be reaped."""
    try:
        state, parent, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None, 0
    return (None, 0) if state == "Z" else (Seen(pid, int(rest[17])), int(parent))


def still_alive(processes: set[Seen], seconds: float = 10) -> set[Seen]:
    """Return those of the processes that live on, after giving them a moment to go."""
    deadline = time.monotonic() + seconds
    while (alive := {seen for seen in processes if look_at(seen.pid)[0] == seen}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive
