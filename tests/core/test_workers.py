import os
import socket

from learnpaths.core.workers import worker_name


def test_a_worker_is_named_by_its_host_and_process():
    assert worker_name() == f"{socket.gethostname()}:{os.getpid()}"
