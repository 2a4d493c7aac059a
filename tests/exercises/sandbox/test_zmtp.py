"""Our end of a ZeroMQ connection against libzmq itself, and against peers that lie."""

import socket

import pytest
import zmq

from exercises.sandbox.zmtp import Connection, ConnectionEnded, MessageTooLarge

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x04\x06\x05READY"


@pytest.fixture
def router(tmp_path):
    with zmq.Context() as context, context.socket(zmq.ROUTER) as sock:
        sock.bind(f"ipc://{tmp_path}/router")
        yield sock


@pytest.fixture
def connect(tmp_path):
    opened = []

    def connect(name, kind="DEALER", max_bytes=2**20):
        opened.append(Connection(tmp_path / name, kind, max_bytes=max_bytes))
        opened[-1].shake_hands(5)
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def liar(tmp_path):
    """A connection whose peer has greeted; returns it and the peer's socket."""
    sockets = []

    def lie():
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(tmp_path / f"liar-{len(sockets)}"))
            listener.listen()
            connection = Connection(tmp_path / f"liar-{len(sockets)}", "DEALER", max_bytes=2**20)
            sockets.extend((connection, listener.accept()[0]))
        sockets[-1].sendall(GREETING + READY)
        connection.shake_hands(5)
        return connection, sockets[-1]

    yield lie
    for each in sockets:
        each.close()


def send(connection, parts):
    connection.send(parts)
    while not connection.flush():
        assert zmq.zmq_poll([(connection.fileno(), zmq.POLLOUT)], 5000), "nothing was taken"


def await_message(connection):
    while not (message := connection.receive()):
        assert zmq.zmq_poll([(connection.fileno(), zmq.POLLIN)], 5000), "nothing came"
    return message


@pytest.mark.parametrize("sizes", [[0], [1], [255, 256], [3, 0, 2], [70_000, 300_000]])
def test_messages_of_all_sizes_go_both_ways(router, connect, sizes):
    connection = connect("router")
    parts = [bytes([number]) * size for number, size in enumerate(sizes)]
    send(connection, parts)
    who, *came = router.recv_multipart()
    assert came == parts
    router.send_multipart([who, *parts])
    assert await_message(connection) == parts


def test_messages_that_came_together_are_given_one_by_one(router, connect):
    connection = connect("router")
    send(connection, [b"hello"])
    who, _ = router.recv_multipart()
    for text in (b"a", b"b", b"c"):
        router.send_multipart([who, text])
    assert [await_message(connection) for _ in "abc"] == [[b"a"], [b"b"], [b"c"]]
    assert connection.receive() is None and not connection.has_data


def test_a_subscriber_hears_all(tmp_path, connect):
    with zmq.Context() as context, context.socket(zmq.XPUB) as sock:
        sock.bind(f"ipc://{tmp_path}/xpub")
        connection = connect("xpub", "SUB")
        assert sock.recv() == b"\x01"
        sock.send_multipart([b"any topic", b"text"])
        assert await_message(connection) == [b"any topic", b"text"]


def test_a_request_larger_than_the_socket_takes_goes_out_in_pieces(router, connect):
    connection = connect("router")
    send(connection, [bytes(30 * 2**20)])
    assert len(router.recv_multipart()[1]) == 30 * 2**20


LARGE = {
    "an announced frame": b"\x02" + (2**20).to_bytes(8),
    "an impossible one": b"\x02" + b"\xff" * 8,
    "many parts": (b"\x03" + (2**16).to_bytes(8) + bytes(2**16)) * 16,
    "endless empty parts": b"\x01\x00" * 9000,
}


@pytest.mark.parametrize("sent", LARGE.values(), ids=LARGE.keys())
def test_a_message_beyond_the_cap_is_refused_as_it_comes(liar, sent):
    connection, peer = liar()
    peer.settimeout(0.2)
    with pytest.raises(MessageTooLarge):
        for start in range(0, len(sent), 2**16):
            peer.sendall(sent[start : start + 2**16])
            connection.receive()


@pytest.mark.parametrize("end", [b"", b"\x04\x05\x04PING", b"\x01"], ids=["closed", "a command", "half a frame"])
def test_a_peer_that_goes_or_commands_has_ended_the_connection(liar, end):
    connection, peer = liar()
    peer.sendall(b"\x00\x02ok" + end)
    peer.shutdown(socket.SHUT_WR)
    assert connection.receive() == [b"ok"]
    with pytest.raises(ConnectionEnded):
        connection.receive()


def test_who_hangs_up_is_noticed_by_who_sends(liar):
    connection, peer = liar()
    peer.close()
    connection.send([b"x"])
    with pytest.raises(ConnectionEnded):
        connection.flush()


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-x".ljust(64), b"\xff" + bytes(8) + b"\x7f\x01" + bytes(53)])
def test_a_greeting_of_something_else_ends_the_connection(tmp_path, greeting):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "other"))
        listener.listen()
        connection = Connection(tmp_path / "other", "DEALER", max_bytes=10)
        with listener.accept()[0] as peer:
            peer.sendall(greeting)
            peer.shutdown(socket.SHUT_WR)
            with pytest.raises(ConnectionEnded):
                connection.shake_hands(5)
        connection.close()
