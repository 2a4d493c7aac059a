"""A jailed kernel that stays: cell after cell, outputs as they come, stopped and asked for completions in between.

One thread owns a console. While it waits for the kernel it calls `tick` several times a second; what that raises ends the
wait, and the console may be used again afterwards: answers to what was given up are not mistaken for later ones.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from exercises.assignment.definition import Limits
from exercises.runner.printed import without_escape_codes

from .budget import CellBudget, Tick
from .examination import CheckJob, CheckRun, Examination
from .examiner_client import Examiner
from .kernel_connection import MAX_ANSWER_BYTES, Channel, KernelConnection
from .messages import Message
from .run import derive_seed

_MAX_MATCHES = 200
_MAX_ENDED = 50
_OUTPUTS = ("stream", "display_data", "update_display_data")
_MAX_INSPECTION = 20_000
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)
OnOutput = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class CellEnd:
    """How a cell ended: `ok` or `error`, its number in the kernel and its seconds."""

    status: str = "ok"
    count: int = 0
    seconds: float = 0.0


class Console(KernelConnection):
    """Use as a context manager. Every method raises RunEnded when the kernel has ended; then it is of no more use."""

    role: ClassVar[str] = "interactive"
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel("shell", max_bytes=MAX_ANSWER_BYTES),
        Channel("control", max_bytes=2**20),
        Channel("iopub", max_bytes=8 * 2**20),
    )

    def __init__(self, address: str, *, limits: Limits, seed: int) -> None:
        self._cell_budget = CellBudget()
        self._address = address
        self._is_first_call = True
        self._on_late: dict[str, Callable[[], None]] = {}  # by the request of a cell that has ended
        super().__init__(address, limits=limits, seed=derive_seed("learner", seed, 32), budget=self._cell_budget)

    def run_cell(
        self, source: str, *, on_output: OnOutput, tick: Tick, on_late: Callable[[], None] = lambda: None
    ) -> CellEnd:
        """Run one cell to its end, handing on each output message (kind, content), unread and untrusted.

        `on_late` is called once if the cell (a thread of it) says more after its end; that is dropped.
        """
        self._cell_budget.begin(tick)
        started = time.monotonic()
        listener = _CellRelay(on_output)
        request = self._run(source, listener)
        self._on_late[request] = on_late
        while len(self._on_late) > _MAX_ENDED:
            del self._on_late[next(iter(self._on_late))]
        return replace(listener.end, seconds=round(time.monotonic() - started, 3))

    def _receive(self) -> Iterator[tuple[str, Message]]:
        for channel, message in super()._receive():
            if channel == "iopub" and message.kind in _OUTPUTS and isinstance(message.parent_id, str):
                self._on_late.pop(message.parent_id, lambda: None)()
            yield channel, message

    def interrupt(self) -> None:
        """Ask the kernel to stop what it runs (KeyboardInterrupt). It may not obey."""
        self._send("interrupt_request", {}, channel="control")

    def look(self) -> None:
        """Drop what came while nobody waited, and raise RunEnded if the kernel has ended meanwhile."""
        self._cell_budget.begin(lambda: None)
        for _ in self._receive():
            pass

    def complete(self, code: str, cursor: int, *, tick: Tick) -> dict[str, Any]:
        """Return {matches: [{text, type}], start, end} for a position in code; numbers are characters."""
        reply = self._ask_shell("complete_request", {"code": code, "cursor_pos": cursor}, tick)
        try:
            return _read_matches(reply, code)
        except _NONSENSE:
            return {"matches": [], "start": cursor, "end": cursor}

    def inspect(self, code: str, cursor: int, *, tick: Tick) -> dict[str, Any]:
        """Return {found, text} for the name at a position in code."""
        request = {"code": code, "cursor_pos": cursor, "detail_level": 0}
        reply = self._ask_shell("inspect_request", request, tick)
        data = reply.get("data")
        text = str(data.get("text/plain", "")) if isinstance(data, dict) else ""
        return {"found": bool(text), "text": without_escape_codes(text)[:_MAX_INSPECTION]}

    def examine(
        self, checks: list[CheckJob], *, seed: int, held_out: dict[str, Path], limits: Limits, tick: Tick
    ) -> Iterator[tuple[str, CheckRun]]:
        """Yield (id, outcome) of each check, run by an examiner of its own against this kernel's names.

        Raises ExaminerFailed, RunEnded and what `tick` raises.
        """
        self._cell_budget.begin(tick)
        self._is_first_call = True
        with contextlib.ExitStack() as stack:

            def start() -> Examiner:
                return stack.enter_context(Examiner(self._address, limits=limits, held_out=held_out))

            examiner_seed = derive_seed("examiner", seed, 53)
            yield from Examination(
                start(), start=start, seed=examiner_seed, relay=self.ask, tick=self._cell_budget.check
            ).run(checks)

    def ask(self, tree: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """Relay one remote call; the first one of an examiner begins afresh."""
        content = {"tree": tree, "is_first": self._is_first_call}
        self._is_first_call = False
        message = self._await_reply(self._send("namespace_request", content, buffers))
        return message.content.get("tree"), message.buffers

    def _ask_shell(self, kind: str, content: dict[str, Any], tick: Tick) -> dict[str, Any]:
        self._cell_budget.begin(tick)
        return self._await_reply(self._send(kind, content)).content


class _CellRelay:
    """Hands a cell's output messages on, and reads from the reply how it ended."""

    def __init__(self, on_output: OnOutput) -> None:
        self.take_output = on_output
        self.end = CellEnd()

    def take_reply(self, content: dict[str, Any]) -> None:
        self.end = _read_end(content)
        for text in _pages(content):
            self.take_output("display_data", {"data": {"text/plain": text}, "metadata": {}})


def _read_end(content: dict[str, Any]) -> CellEnd:
    count = content.get("execution_count")
    if not isinstance(count, int) or not 0 <= count < 10**9:
        count = 0
    return CellEnd("ok" if content.get("status") == "ok" else "error", int(count))


def _pages(content: dict[str, Any]) -> Iterator[str]:
    """Yield the texts that IPython would show in a pager, as for `name?`."""
    payload = content.get("payload")
    for item in payload[:4] if isinstance(payload, list) else ():
        data = item.get("data") if isinstance(item, dict) and item.get("source") == "page" else None
        if isinstance(data, dict) and isinstance(data.get("text/plain"), str):
            yield without_escape_codes(data["text/plain"])[:_MAX_INSPECTION]


def _read_matches(reply: dict[str, Any], code: str) -> dict[str, Any]:
    start, end = int(reply["cursor_start"]), int(reply["cursor_end"])
    if not 0 <= start <= end <= len(code):
        raise ValueError("positions outside of the code")
    typed = (reply.get("metadata") or {}).get("_jupyter_types_experimental") or []
    kinds = {str(item["text"]): str(item.get("type") or "") for item in typed if isinstance(item, dict)}
    texts = [str(text)[:200] for text in reply["matches"][:_MAX_MATCHES]]
    kinds_of = [kinds.get(text, "")[:30] for text in texts]
    if code[start : start + 1] == "." and all(text.startswith(".") for text in texts):
        start, texts = start + 1, [text[1:] for text in texts]  # IPython counts the dot among what it completes
    matches = [{"text": text, "type": kind} for text, kind in zip(texts, kinds_of, strict=True)]
    return {"matches": matches, "start": start, "end": end}
