import os
import socket
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from learnpaths.serving import banner, broker, demo, preflight
from learnpaths.serving.process import Program
from learnpaths.serving.supervisor import ProgramFailed, Supervisor

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "learnpaths.celery", "--workdir", str(settings.BASE_DIR)]


class Command(BaseCommand):
    """Start the whole site in one foreground group: broker, web, worker, clock. Ctrl-C stops all of it."""

    help = __doc__
    requires_system_checks = []  # each program that is started makes its own

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--without-worker", action="store_true", help="lessons only: nothing is graded")

    def handle(self, *args: Any, **options: Any) -> None:
        os.umask(0o077)  # what lies in the state folder is the owner's alone
        try:
            serve(options["host"], options["port"], with_worker=not options["without_worker"])
        except (preflight.Refusal, broker.BrokerError, ProgramFailed) as error:
            raise CommandError(str(error)) from error


def serve(host: str, port: int, *, with_worker: bool) -> None:
    """Run until Ctrl-C or SIGTERM. Raises Refusal, BrokerError or ProgramFailed where that is impossible."""
    console = banner.Console()
    origin = f"http://{'localhost' if host in ('127.0.0.1', '::1', '0.0.0.0', '::') else host}:{port}"  # noqa: S104
    if settings.EMBEDDED:
        os.environ.setdefault("LEARNPATHS_BASE_URL", origin)  # for the programs started below: badges carry it
    with ExitStack() as stack:
        stack.enter_context(preflight.only_copy(settings.STATE_DIR, origin))
        if with_worker:
            preflight.check_runtime(settings.RUNTIME_DIR)
            preflight.check_user_namespaces()
        listener = stack.enter_context(preflight.listen(host, port))
        supervisor = stack.enter_context(Supervisor(console.say))
        stack.callback(console.say, "serve", "stopping …")
        if settings.ENVIRONMENT.embedded_broker:
            supervisor.start(broker_program())
        prepare_database()
        wait_for_broker(supervisor)
        supervisor.start(web_program(listener.fileno()))
        load_content(console)
        passwords = demo.make_accounts() if settings.EMBEDDED else {}
        connections.close_all()
        supervisor.run_until(lambda: is_answering(listener), seconds=60)
        if not supervisor.is_stopping:
            console.show(banner.welcome(origin, passwords, seconds=seconds_since_start(), has_worker=with_worker))
        start_queues(supervisor, with_worker=with_worker)
        supervisor.run()


def broker_program() -> Program:
    path = Path(unquote(urlsplit(settings.REDIS_URL).path))
    data = settings.STATE_DIR / "broker"
    for folder in {path.parent, data}:
        broker.make_private(folder)
    return Program(name="broker", command=broker.command(path, data))


def web_program(fd: int) -> Program:
    return Program(name="web", command=[sys.executable, "-m", "learnpaths.serving.web", str(fd)], pass_fds=(fd,))


def is_answering(listener: socket.socket) -> bool:
    """Tell whether the web process answers a request, whatever it answers."""
    host, port = listener.getsockname()[:2]
    connection = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=1)  # noqa: S104
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status > 0
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def seconds_since_start() -> float:
    """Return how long this process has run, the imports before our first line included."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def start_queues(supervisor: Supervisor, *, with_worker: bool) -> None:
    """Start the worker and the clock: after the site answers, because the worker's start takes a core for seconds."""
    if supervisor.is_stopping or not with_worker:
        return
    supervisor.start(Program(name="worker", command=[*MANAGE, "worker", "--queue", "cpu", "--with-default"]))
    supervisor.start(Program(name="kernels", command=[*MANAGE, "worker", "--queue", "interactive", "--share"]))
    schedule = settings.STATE_DIR / "beat-schedule"
    supervisor.start(Program(name="beat", command=[*CELERY, "beat", "--schedule", str(schedule), "--pidfile="]))


def prepare_database() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise preflight.Refusal(f"The database cannot be prepared: {error}".strip()) from error


def wait_for_broker(supervisor: Supervisor) -> None:
    is_answering = supervisor.run_until(lambda: broker.is_answering(settings.REDIS_URL), seconds=30)
    if not is_answering and not supervisor.is_stopping:
        where = urlsplit(settings.REDIS_URL)
        raise preflight.Refusal(f"No broker answers at {where.hostname or where.path} (REDIS_URL).")


def load_content(console: banner.Console) -> None:
    """Bring the courses' files into the database; a mistake in one keeps the last good version and the site running."""
    try:
        call_command("load_content", verbosity=0)
    except CommandError as error:
        for line in str(error).splitlines():
            console.say("serve", line)
