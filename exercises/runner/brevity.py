"""What a kernel sends, cut to what the host keeps anyway. A courtesy: the host's own caps and limits hold without it."""

import sys
import time
from collections.abc import Callable
from typing import Any

from .printed import collapse

# Not below the host's own caps: what is cut here would have been cut there, so the two never disagree about what is shown.
MAX_TEXT = 256 * 2**10  # characters of one message of printed text
MAX_TEXT_OF_CELL = 2**20  # characters of printed text after which a cell's messages have `LITTLE` each
LITTLE = 2**10
MAX_ITEM = 2 * 2**20  # characters of one representation of an output; a picture is base64
MAX_BUFFER = 2**20  # characters that are printed before they are sent
MAX_ERROR = 64 * 2**10  # characters of an error's message, and of its traceback
SECONDS = 0.05  # between two sendings that the notebook asks for
_SHOWN = ("display_data", "execute_result", "update_display_data")


def be_brief(app: Any) -> None:
    """Have the kernel of `app` send what the host keeps, and no more."""
    app.session.send = _Sender(app.session.send)
    _slow_down()


class _Sender:
    """The session's `send` with everything cut that is far beyond the caps."""

    def __init__(self, send: Callable[..., Any]) -> None:
        self._send = send
        self._cell: Any = None
        self._sent = 0

    def __call__(self, stream: Any, message: Any, content: Any = None, *rest: Any, **options: Any) -> Any:
        kind = message["header"]["msg_type"] if isinstance(message, dict) else message
        body = message.get("content") if isinstance(message, dict) else content
        if isinstance(body, dict):
            if kind == "stream":
                self._cap_text(body, message)
            _cap(kind, body)
            clean = _clean(body)
            if isinstance(message, dict):
                message["content"] = clean
            else:
                content = clean
        return self._send(stream, message, content, *rest, **options)

    def _cap_text(self, body: dict[str, Any], message: Any) -> None:
        cell = (message.get("parent_header") or {}).get("msg_id") if isinstance(message, dict) else None
        if cell != self._cell:
            self._cell, self._sent = cell, 0
        text = collapse(body.get("text") or "")
        room = MAX_TEXT if self._sent < MAX_TEXT_OF_CELL else LITTLE
        if len(text) > room:
            body["cut"] = len(text) - room
        body["text"] = text[:room]
        self._sent += len(body["text"])


def _cap(kind: Any, body: dict[str, Any]) -> None:
    if kind in _SHOWN and isinstance(body.get("data"), dict):
        sizes = {name: len(item) for name, item in body["data"].items() if isinstance(item, str | bytes)}
        too_large = {name: size for name, size in sizes.items() if size > MAX_ITEM}
        if too_large:
            body["data"] = {name: item for name, item in body["data"].items() if name not in too_large}
            body["too_large"] = too_large
    elif kind == "error" or (kind == "execute_reply" and "evalue" in body):  # the reply carries the error again
        body["evalue"] = str(body.get("evalue"))[:MAX_ERROR]
        body["traceback"] = _last(body.get("traceback") or [])


def _last(lines: list[Any]) -> list[str]:
    kept: list[str] = []
    room = MAX_ERROR
    for line in reversed([str(line) for line in lines]):
        kept.insert(0, line[:room])
        room -= len(line)
        if room <= 0:
            break
    return kept


def _clean(value: Any) -> Any:
    """Return JSON data whose texts can be sent: what is no character (a lone surrogate) becomes a question mark."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if type(value) in (list, tuple) else value


def _slow_down() -> None:
    """Have printed text sent a few times a second, also where each line asks for it, and before it fills the memory."""
    from ipykernel.iostream import OutStream

    flush, write, rotate = OutStream.flush, OutStream.write, OutStream._rotate_buffers
    state = {"flushed": 0.0, "held": 0}

    def flush_seldom(self: Any) -> None:
        now = time.monotonic()
        is_ours = str(sys._getframe(1).f_globals.get("__name__")).startswith(("ipykernel", "IPython"))
        if is_ours or now - state["flushed"] >= SECONDS:  # ours keep text and pictures in their order
            state["flushed"] = now
            flush(self)

    def write_some(self: Any, string: str) -> int | None:
        size: int | None = write(self, string)
        state["held"] += len(string)
        if state["held"] > MAX_BUFFER:
            flush(self)
        return size

    def rotate_and_count(self: Any) -> Any:
        state["held"] = 0
        return rotate(self)

    # ipykernel offers no setting for this; the three methods are the ones that every print passes through.
    OutStream.flush, OutStream.write, OutStream._rotate_buffers = flush_seldom, write_some, rotate_and_count
