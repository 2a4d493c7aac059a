"""A worker with one slot and a broker of its own, both of which the tests here may kill."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from kombu import pools

from exercises import services
from exercises.assignment.reader import read_exercise
from exercises.models import Exercise
from learnpaths.core.redis import connection
from learnpaths.serving import broker
from tests.exercises.conftest import ANSWERS
from tests.exercises.samples import write_exercise
from tests.exercises.worker_processes import Worker, wait_until


class Broker:
    """A broker that keeps what it has on disk, as the one of `make run` does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/socket"

    def start(self) -> None:
        broker.make_private(self.folder)
        command = broker.command(self.folder / "socket", self.folder)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(lambda: broker.is_answering(self.url))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory):
    """Put the whole of this process on a broker of the module's own."""
    own = Broker(tmp_path_factory.mktemp("b"))
    own.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "REDIS_URL", own.url)
        patch.setattr(current_app.conf, "broker_url", f"redis+socket://{own.folder}/socket")
        _forget_connections()
        yield own
    _forget_connections()
    own.kill()


def _forget_connections():
    connection.cache_clear()
    pools.reset()
    current_app._pool = current_app.amqp._producer_pool = None


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return write_exercise(tmp_path_factory.mktemp("content")).parents[1]


@pytest.fixture(scope="module")
def shared_worker(django_db_setup, own_broker, content, tmp_path_factory):
    made = Worker(content, tmp_path_factory.mktemp("w"), REDIS_URL=own_broker.url)
    yield made
    if made.process is not None:
        assert made.stop() == 0, made.log.read_text()[-4000:]
        assert made.left() == []


@pytest.fixture
def worker(shared_worker, transactional_db):
    """The worker, ready; whoever killed it finds it started again."""
    if shared_worker.process is None or shared_worker.process.poll() is not None:
        shared_worker.start("--queue", "cpu", "--concurrency", "1")
    shared_worker.wait_until_ready()
    return shared_worker


@pytest.fixture
def submit(worker, content, alice):
    services.save_exercise(definition=read_exercise(content / "exercises" / "add", content / "data")[0])
    exercise = Exercise.objects.select_related("version").get()
    return lambda sources=ANSWERS, user=alice: services.submit(user=user, exercise=exercise, sources=sources)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def pause() -> None:
    """Let a process go on to where it waits for us; nothing depends on how far it comes."""
    time.sleep(0.3)
