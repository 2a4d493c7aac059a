"""The Jupyter wire protocol 5.4: packs requests to a kernel into the parts of a ZeroMQ message, and reads its messages.

https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol. What a kernel says is untrusted: it is read as
JSON only, and its signature proves no more than that it came through the kernel's own session.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

_DELIMITER = b"<IDS|MSG>"
_VERSION = "5.4"
_MAX_TEXT = 16 * 2**20  # bytes of JSON in one message: read, they are about 25 times as many


class NotAMessage(Exception):
    """What came is not a signed message of the protocol."""


_OUR_FILES = re.compile(r" ?\((?:\d+\.py|<[\w ]+>), (line \d+)\)")


def error_text(content: dict[str, Any]) -> str:
    """Return what an error says, at most 2,000 characters, without the names that Python gives to code that is in no file."""
    return _OUR_FILES.sub(r" (\1)", str(content.get("evalue")))[:2000].lstrip()


@dataclass(frozen=True)
class Message:
    """A message that has come. Its kind and what is in `content` may be anything that JSON can say."""

    kind: Any
    parent_id: Any  # the id of the request that it belongs to
    content: dict[str, Any]
    buffers: list[bytes]


@dataclass(frozen=True)
class Session:
    """One kernel's session: the key that signs, under which nobody else speaks."""

    key: str = field(default_factory=lambda: secrets.token_hex(16))
    id: str = field(default_factory=lambda: str(uuid4()))

    def pack(self, kind: str, content: dict[str, Any], buffers: list[bytes]) -> tuple[str, list[bytes]]:
        """Return a request's id and its parts."""
        request = str(uuid4())
        header = {
            "msg_id": request, "msg_type": kind, "session": self.id, "username": "worker",
            "date": datetime.now(UTC).isoformat(), "version": _VERSION,
        }  # fmt: skip
        texts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        return request, [_DELIMITER, self._sign(texts), *texts, *buffers]

    def unpack(self, parts: list[bytes]) -> Message:
        """Read a message. Raises NotAMessage."""
        try:
            start = parts.index(_DELIMITER) + 1
            signature, *texts = parts[start : start + 5]
            if sum(map(len, texts)) > _MAX_TEXT:
                raise NotAMessage
            if not hmac.compare_digest(signature, self._sign(texts)):
                raise NotAMessage
            header, parent, _, content = map(json.loads, texts)
            if not isinstance(content, dict):
                raise NotAMessage
            return Message(header.get("msg_type"), parent.get("msg_id"), content, parts[start + 5 :])
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise NotAMessage from None

    def _sign(self, texts: list[bytes]) -> bytes:
        return hmac.new(self.key.encode(), b"".join(texts), hashlib.sha256).hexdigest().encode()
