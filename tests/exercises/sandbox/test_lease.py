"""A lease from request to account, with whatever a zygote answers; the zygote here is a thread that plays a script."""

import json
import socket
import threading

import pytest

from exercises.assignment.definition import Limits
from exercises.sandbox.errors import CannotConfine, ZygoteFailed
from exercises.sandbox.lease import Lease

READY = b'{"event": "ready"}\n'
ACCOUNT = b'{"event": "exit", "reason": "memory_limit", "memory_bytes": 7}\n'


@pytest.fixture
def lease(tmp_path):
    """Ask for a lease; the answer comes in these parts, the rest of them when we hang up. Notes the request."""
    address = str(tmp_path / "zygote")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()
    opened = []

    def play(parts, at_the_end):
        connection, _ = listener.accept()
        with connection:
            lease.request = json.loads(connection.recv(65536))
            for part in parts:
                connection.sendall(part)
            if at_the_end is not None:
                connection.recv(1)  # empty: they hung up
                connection.sendall(at_the_end)

    def lease(*parts, at_the_end=None):
        thread = threading.Thread(target=play, args=(parts, at_the_end))
        thread.start()
        made = Lease(address, "learner", Limits(), {"seed": 1}, [])
        opened.append((made, thread))
        return made

    yield lease
    for made, thread in opened:
        made.close()
        thread.join(10)
    listener.close()


def test_it_works(lease):
    with lease(READY, at_the_end=b'{"event": "exit", "reason": "hangup"}\n') as held:
        held.wait_ready(10)
        assert not held.has_ended() and held.limit == ""
    assert held.exit == {"event": "exit", "reason": "hangup"}
    assert lease.request == {"seed": 1, "role": "learner", "limits": vars(Limits())}


def test_a_child_that_reached_a_limit_has_its_name(lease):
    held = lease(READY, ACCOUNT)
    held.wait_ready(10)
    assert held.has_ended(10) and held.limit == "memory_bytes"
    assert held.close()["memory_bytes"] == 7 == held.close()["memory_bytes"]


def test_lines_may_come_in_pieces_and_together(lease):
    held = lease(READY[:5], READY[5:] + ACCOUNT)
    held.wait_ready(10)
    assert held.has_ended(10) and held.limit == "memory_bytes"


def test_a_jail_that_cannot_be_built_says_why(lease):
    with pytest.raises(CannotConfine, match="no namespaces"):
        lease(b'{"event": "exit", "reason": "failed", "message": "no namespaces"}\n').wait_ready(10)


@pytest.mark.parametrize("answer", [b"", b"[]\n", b'{"event": "other"}\n', b"x" * 100_000], ids=["silence", "no object", "other", "endless"])  # fmt: skip
def test_anything_else_is_no_start(lease, answer):
    with pytest.raises(ZygoteFailed, match="did not start"):
        lease(answer).wait_ready(10)


def test_a_supervisor_that_goes_without_a_word_leaves_no_account(lease):
    held = lease(READY)
    held.wait_ready(10)
    assert held.has_ended(10) and held.exit == {} and held.limit == ""
