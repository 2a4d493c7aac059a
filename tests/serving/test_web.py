"""The web process alone: where it listens."""

import os
import socket

import pytest

from learnpaths.serving import web


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_it_listens_on_an_address(host):
    with web.listen(f"{host}:0") as listener:
        socket.create_connection(listener.getsockname()[:2], timeout=5).close()


def test_it_takes_over_a_descriptor():
    with socket.create_server(("127.0.0.1", 0)) as parents, web.listen(str(os.dup(parents.fileno()))) as listener:
        assert listener.getsockname() == parents.getsockname()
