"""Our end of a ZMTP 3.0 connection to one peer over a unix socket: whole messages in, whole messages out, sizes capped.

https://rfc.zeromq.org/spec/23/. Why not libzmq: it reads ahead in a thread of its own and keeps a message of endless parts
whatever its limits say. Here a byte is read only when the run asks for a message, so a connection holds at most one message and
one read beyond it; the socket's own buffer holds back who sends more.
"""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Literal

_MORE, _LONG, _COMMAND = 1, 2, 4
_GREETING_BYTES = 64
_GREETING = b"\xff" + bytes(8) + b"\x7f" + bytes([3, 0]) + b"NULL".ljust(20, b"\0") + bytes(32)
_READ_BYTES = 2**18
_OVERHEAD = 128  # bytes that a part takes beside what it carries
_SUBSCRIBE_TO_ALL = b"\x01"


class ConnectionEnded(Exception):
    """The peer has closed the connection, or speaks something else than ZMTP."""


class MessageTooLarge(Exception):
    """The peer sends a message of more bytes than the connection takes; it is of no more use."""


class Connection:
    """A connection to the listener at `path`. Raises OSError where nobody listens."""

    def __init__(self, path: Path, kind: Literal["DEALER", "SUB"], *, max_bytes: int) -> None:
        self._kind, self._max_bytes = kind, max_bytes
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._rest = memoryview(b"")
        self._data = bytearray()
        self._parts: list[bytes] = []
        self._size = self._flags = 0
        self._is_ready = False
        self._expect(_GREETING_BYTES, self._on_greeting)

    def shake_hands(self, seconds: float) -> None:
        """Greet the peer and wait until it is ready; from then on nothing here blocks. Raises ConnectionEnded.

        libzmq drops a peer that sends messages before its own greeting has gone out.
        """
        ready = _property(b"Socket-Type", self._kind.encode()) + _property(b"Identity", b"")
        self._socket.settimeout(seconds)
        try:
            self._socket.sendall(_GREETING + _frame(b"\x05READY" + ready, _COMMAND))
        except OSError as error:
            raise ConnectionEnded from error
        while not self._is_ready:
            while not self.has_data:
                if not self._read():
                    raise ConnectionEnded
            self._step()
        self._socket.setblocking(False)
        if self._kind == "SUB":
            self.send([_SUBSCRIBE_TO_ALL])
            self.flush()

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    @property
    def has_data(self) -> bool:
        """Is the next field already read, so that waiting for the socket would be in vain?"""
        return len(self._data) >= self._wanted

    def send(self, parts: list[bytes]) -> None:
        """Put one message behind what is still to be sent; `flush` sends it."""
        frames = [_frame(part, _MORE) for part in parts[:-1]]
        self._rest = memoryview(b"".join([self._rest, *frames, _frame(parts[-1], 0)]))

    def flush(self) -> bool:
        """Send what the socket takes now and tell whether that was all. Raises ConnectionEnded."""
        try:
            while self._rest:
                self._rest = self._rest[self._socket.send(self._rest) :]
        except BlockingIOError:
            return False
        except OSError as error:
            raise ConnectionEnded from error
        return True

    def receive(self) -> list[bytes] | None:
        """Return the next whole message's parts; None if it has not come yet. Raises ConnectionEnded, MessageTooLarge."""
        while True:
            while not self.has_data:
                if not self._read():
                    return None
            if message := self._step():
                return message

    def _step(self) -> list[bytes] | None:
        field = bytes(self._data[: self._wanted])
        del self._data[: self._wanted]
        return self._on_field(field)

    def _read(self) -> bool:
        """Take what the socket has and tell whether there was any."""
        try:
            part = self._socket.recv(_READ_BYTES)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError as error:
            raise ConnectionEnded from error
        if not part:
            raise ConnectionEnded
        self._data += part
        return True

    def _expect(self, size: int, then: Callable[[bytes], list[bytes] | None]) -> None:
        self._wanted, self._on_field = size, then

    def _on_greeting(self, field: bytes) -> None:
        if field[0] != 0xFF or field[9] != 0x7F or field[10] < 3:
            raise ConnectionEnded
        self._expect(1, self._on_flags)

    def _on_flags(self, field: bytes) -> None:
        self._flags = field[0]
        self._expect(8 if self._flags & _LONG else 1, self._on_length)

    def _on_length(self, field: bytes) -> None:
        length = int.from_bytes(field)
        self._size += length + _OVERHEAD
        if self._size > self._max_bytes:
            raise MessageTooLarge
        self._expect(length, self._on_body)

    def _on_body(self, field: bytes) -> list[bytes] | None:
        self._expect(1, self._on_flags)
        if self._flags & _COMMAND:
            if self._is_ready:
                raise ConnectionEnded  # no peer of ours has more to command
            self._is_ready, self._size = True, 0
            return None
        self._parts.append(field)
        if self._flags & _MORE:
            return None
        message, self._parts, self._size = self._parts, [], 0
        return message


def _frame(body: bytes, flags: int) -> bytes:
    length = len(body)
    head = bytes([flags | _LONG]) + length.to_bytes(8) if length > 255 else bytes([flags, length])
    return head + body


def _property(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + len(value).to_bytes(4) + value
