"""A real `manage.py worker` beside the tests, and what one wants to know about it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from exercises.grading import events, heartbeats
from exercises.models import State, Submission
from exercises.sandbox import process_tree
from tests.browser import test_database_url
from tests.exercises.conftest import ANSWERS
from tests.serving.running import look_at


def answers(seconds: float) -> dict[str, str]:
    """Right answers whose first cell sleeps."""
    return {**ANSWERS, "add": f"import time\ntime.sleep({seconds})\n" + ANSWERS["add"]}


SLOW, LONG = answers(4), answers(60)


def wait_until(is_true, seconds=120):
    """Wait for something and return it; the patience is for a busy machine, not a promise."""
    deadline = time.monotonic() + seconds
    while not (found := is_true()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return found


class Worker:
    """A worker on the session's test database, with a folder of its own for temporary files."""

    def __init__(self, content: Path, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": test_database_url(),
            "LEARNPATHS_CONTENT_DIRS": str(content),
            "LEARNPATHS_RUNTIME_DIR": str(settings.RUNTIME_DIR),
            "TMPDIR": str(folder),
            **environment,
        }
        self.log = folder.with_name(folder.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> "Worker":
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "worker", *(options or ("--queue", "cpu", "--concurrency", "2"))]
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def zygote(self) -> int:
        found = process_tree.find_zygote(self.pid)
        assert found, self.log.read_text()[-4000:]
        return found

    def pool(self) -> list[int]:
        """The processes that grade."""
        return [
            pid
            for pid in process_tree.list_children(self.pid)
            if b"bwrap" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def wait_until_ready(self) -> "Worker":
        wait_until(lambda: self.process.poll() is not None or self.is_ready(), 240)
        assert self.process.poll() is None, self.log.read_text()[-4000:]
        return self

    def is_ready(self) -> bool:
        return any(each.pid == self.pid and each.state == "ready" for each in heartbeats.workers("cpu"))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """Send a signal and return the exit status; None where it never ran."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def family(self) -> set:
        """All processes below it, jails included."""
        found = list(process_tree.list_children(self.pid))
        for each in found:
            found += process_tree.list_children(each)
        return {seen for seen, _ in map(look_at, found) if seen}

    def left(self) -> list[str]:
        """What lies in its folder for temporary files."""
        return sorted(path.name for path in self.folder.iterdir())


def is_in(state):
    return lambda submission: Submission.objects.get(id=submission.id).state == state


is_running, is_waiting, is_finished = map(is_in, (State.RUNNING, State.QUEUED, State.FINISHED))


def has_begun(submission):
    return any(event.kind == "cell" for event in events.read(submission.id))
