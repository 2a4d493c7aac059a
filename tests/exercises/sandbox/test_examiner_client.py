"""The examiner's protocol as the worker speaks it: calls are relayed, outcomes come one by one, anything else is a fault of ours."""

import json
import signal
import socket
import struct
import threading

import pytest

from exercises.assignment.definition import Limits
from exercises.sandbox.errors import ExaminerEnded, ExaminerFailed
from exercises.sandbox.examiner_client import Examiner

LENGTH = struct.Struct(">I")
ORDER = {"checks": []}


def frame(message, *buffers):
    text = json.dumps({**message, "buffers": [len(buffer) for buffer in buffers]}).encode()
    return LENGTH.pack(len(text)) + text + b"".join(buffers)


def read(connection):
    (length,) = LENGTH.unpack(connection.recv(LENGTH.size, socket.MSG_WAITALL))
    message = json.loads(connection.recv(length, socket.MSG_WAITALL))
    return message, [connection.recv(size, socket.MSG_WAITALL) for size in message.pop("buffers")]


@pytest.fixture
def examiner(tmp_path):
    """An examiner that plays a script: bytes are sent, `read` receives; then it ends, as `account` says."""
    address = str(tmp_path / "zygote")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()
    opened = []

    def play(script, account):
        lease, _ = listener.accept()
        _, fds, _, _ = socket.recv_fds(lease, 65536, 4)
        with lease, socket.socket(fileno=fds[0]) as connection:
            lease.sendall(b'{"event": "ready"}\n')
            examiner.received = [read(connection)]
            for step in script:
                if step is read:
                    examiner.received.append(read(connection))
                else:
                    connection.sendall(step)
            lease.sendall(json.dumps({"event": "exit", **account}).encode() + b"\n")

    def examiner(*script, **account):
        thread = threading.Thread(target=play, args=(script, account))
        thread.start()
        made = Examiner(address, limits=Limits(), held_out={})
        opened.append((made, thread))
        return made

    yield examiner
    for made, thread in opened:
        made.__exit__()
        thread.join(10)
    listener.close()


def examine(examiner, relay=lambda tree, buffers: ("answer", [b"xyz"])):
    return list(examiner.examine(ORDER, relay=relay, tick=lambda: None))


CHECK = {"event": "check", "id": "a", "outcome": "passed"}
REMOTE = {"event": "remote", "tree": ["call"]}


def test_it_works(examiner):
    calls = []

    def relay(tree, buffers):
        calls.append((tree, buffers))
        return "answer", [b"xyz"]

    assert examine(examiner(frame(REMOTE, b"12"), read, frame(CHECK), frame({"event": "done"})), relay) == [CHECK]
    assert calls == [(["call"], [b"12"])]
    assert examiner.received == [(ORDER, []), ({"tree": "answer"}, [b"xyz"])]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (frame({"event": "broken", "message": "no module"}), "no module"),
        (frame({"event": "dance"}), "not a message"),
        (LENGTH.pack(3) + b"{]}", "not a message"),
        (LENGTH.pack(2**31), "too large"),
        (LENGTH.pack(17) + b'{"buffers": [-1]}', "too many bytes"),
    ],
    ids=["broken", "unknown", "no JSON", "too large", "negative"],
)
def test_what_breaks_the_protocol_is_a_fault_of_ours(examiner, sent, words):
    with pytest.raises(ExaminerFailed, match=words):
        examine(examiner(sent))


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ({"reason": "memory_limit"}, "memory_bytes"),
        ({"reason": "exited", "status": -signal.SIGSEGV}, "crash"),
        ({"reason": "exited", "status": -signal.SIGKILL, "memory_bytes": 2**40}, "memory_bytes"),
    ],
)
def test_a_death_of_what_the_notebook_gave_ends_a_check(examiner, account, kind):
    with pytest.raises(ExaminerEnded) as end:
        examine(examiner(frame(REMOTE), read, **account))
    assert end.value.kind == kind


@pytest.mark.parametrize(
    "account", [{"reason": "exited", "status": 1}, {"reason": "exited", "status": -signal.SIGKILL}]
)
def test_another_death_is_a_fault_of_ours(examiner, account):
    with pytest.raises(ExaminerFailed, match="ended before its checks did"):
        examine(examiner(frame(REMOTE), read, **account))


def test_a_death_with_nothing_of_the_notebook_s_in_play_is_a_fault_of_ours(examiner):
    with pytest.raises(ExaminerFailed):
        examine(examiner(reason="memory_limit"))
