"""A learner's kernel in a graded run: cells are run to their end and kept as a report shows them."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar

from exercises.assignment.definition import Limits

from .budget import RunBudget
from .kernel_connection import MAX_ANSWER_BYTES, MAX_OUTPUT_BYTES, Channel, KernelConnection
from .messages import error_text
from .outputs import CellOutputs, Quota, Transcript

_KEPT_TRACEBACK = 8 * 2**10


@dataclass
class CellRun:
    """How one cell ran: `status` ok or error, seconds of wall time, the text it printed (capped) and its error."""

    status: str = "ok"
    seconds: float = 0.0
    output: str = ""
    error: dict[str, str] | None = None


class Kernel(KernelConnection):
    """One jailed kernel. Use as a context manager. With `accelerator` (`GPU`, `TPU`) it starts only where it has one."""

    role: ClassVar[str] = "learner"
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel("shell", max_bytes=MAX_ANSWER_BYTES),
        Channel("iopub", max_bytes=MAX_OUTPUT_BYTES),
    )

    def __init__(self, address: str, *, limits: Limits, seed: int, budget: RunBudget, accelerator: str = "") -> None:
        self._limits = limits
        self._run_budget = budget
        self._quota = Quota(limits.output_bytes)
        super().__init__(address, limits=limits, seed=seed, budget=budget, accelerator=accelerator)

    def execute(self, source: str) -> CellRun:
        """Run one cell to its end. Raises RunEnded when a limit, a cancellation or the kernel's death ends the run."""
        started = time.monotonic()
        recorder = _CellRecorder(CellOutputs(source, limits=self._limits, quota=self._quota))
        self._run(source, recorder)
        cell = recorder.cell
        cell.seconds = round(time.monotonic() - started, 3)
        cell.output = recorder.transcript.text
        self._run_budget.output_bytes += len(cell.output)
        return cell

    def ask(self, tree: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """Relay one remote call and return the answer, unread."""
        message = self._await_reply(self._send("namespace_request", {"tree": tree}, buffers))
        return message.content.get("tree"), message.buffers


class _CellRecorder:
    """Keeps of a cell's messages what a report shows."""

    def __init__(self, outputs: CellOutputs) -> None:
        self.cell = CellRun()
        self.transcript = Transcript()
        self._outputs = outputs

    def take_output(self, kind: str, content: dict[str, Any]) -> None:
        for event, output in self._outputs.take(kind, content):
            if event != "output":
                continue
            if output["output_type"] == "error":
                self.cell.status = "error"
                self.cell.error = _error(output["ename"], output["evalue"], output["traceback"])
            else:
                self.transcript.add(output)

    def take_reply(self, content: dict[str, Any]) -> None:
        """Read how the cell ended; of an error what the reply says, in case that its message was lost."""
        if content.get("status") == "ok":
            return
        self.cell.status = "error"
        lines = content.get("traceback")
        traceback = [str(line) for line in lines] if isinstance(lines, list) else []
        self.cell.error = self.cell.error or _error(str(content.get("ename"))[:200], error_text(content), traceback)


def _error(name: str, message: str, traceback: list[str]) -> dict[str, str]:
    return {"name": name, "message": message, "traceback": "\n".join(traceback)[-_KEPT_TRACEBACK:]}
