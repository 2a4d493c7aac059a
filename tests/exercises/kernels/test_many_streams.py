"""Many streams of events on the real web process: no thread for any of them, and only so many of one person."""

import os
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.contrib.auth import get_user_model
from django.db import connection as db_connection
from django.test import Client

from learnpaths.core.request_threads import THREADS
from learnpaths.core.streams import PER_PERSON
from tests.conftest import PASSWORD

PEOPLE = 5


def web_process():
    """The process that `site_process` started."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
            if is_ours and b"learnpaths.serving.web" in (folder / "cmdline").read_bytes():
                return folder
        except OSError:
            continue
    raise AssertionError("no web process")


def threads():
    status = (web_process() / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("Threads:"))


def database_files():
    """How often the process has the database's file open: once for each connection to SQLite."""
    name = str(db_connection.settings_dict["NAME"])
    return sum(str(link.readlink()) == name for link in (web_process() / "fd").iterdir() if link.is_symlink())


def follow(origin, session):
    """Open a stream and return its socket and what came first."""
    address = urlsplit(origin)
    connection = socket.create_connection((address.hostname, address.port), timeout=60)
    head = f"GET /exercises/add/kernel/events/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n"
    connection.sendall(head.encode())
    text = connection.recv(4096).decode()
    return connection, text


def session_of(number):
    user = get_user_model().objects.create_user(email=f"learner{number}@example.org", password=PASSWORD)
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.mark.django_db(transaction=True)
def test_a_stream_costs_no_thread_and_a_person_has_so_many(live_site, exercise):
    sessions = [session_of(number) for number in range(PEOPLE)]
    opened = [follow(live_site, session) for session in sessions for _ in range(PER_PERSON)]
    try:
        assert all(text.startswith("HTTP/1.1 200") for _, text in opened)
        # Beside the threads of requests: the main thread and the few that look at Redis for all streams.
        assert threads() <= THREADS + 1 + min(32, (os.cpu_count() or 1) + 4) < len(opened)
        if db_connection.vendor == "sqlite":
            assert database_files() <= THREADS
        connection, text = follow(live_site, sessions[0])
        while not text.rstrip().endswith("}") and (more := connection.recv(4096)):  # the body may come by itself
            text += more.decode()
        connection.close()
        head, _, body = text.partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 429") and "application/problem+json" in head and "retry-after" in head.lower()
        assert "Close other tabs" in (body or text)
        with urlopen(live_site) as answer:  # noqa: S310 - our own origin
            assert answer.status == 200
        opened.pop(0)[0].close()
        deadline = time.monotonic() + 60
        while True:  # its place is free again
            opened.append(follow(live_site, sessions[0]))
            if opened[-1][1].startswith("HTTP/1.1 200"):
                break
            assert time.monotonic() < deadline, opened[-1][1]
            time.sleep(0.1)
    finally:
        for connection, _ in opened:
            connection.close()
