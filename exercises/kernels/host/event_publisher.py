"""What one kernel's thread tells its page: the record of the session and the journal, always about the same things alike."""

import json
from typing import Any

from exercises.assignment.definition import Check
from exercises.kernels import sessions
from exercises.kernels.host.time_limits import Closing
from exercises.kernels.journal import Journal
from exercises.kernels.sessions import Claim, Command
from exercises.sandbox.run import CheckRun


class EventPublisher:
    """`cells` is what has run in this kernel: {id: {count, digest, status}}."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._journal = Journal(claim.key)
        self.cells: dict[str, dict[str, Any]] = {}

    def forget(self) -> None:
        """Forget what was told of the kernel so far."""
        self._journal.clear()
        self.cells = {}

    def save(self, state: str, *, reason: str = "", message: str = "") -> None:
        """Write the record. Raises Closing where the session is no longer ours."""
        cells = json.dumps(self.cells)
        if not sessions.update(self._claim, state=state, reason=reason, message=message, cells=cells):
            raise Closing("worker_stopped")

    def tell_state(self, state: str, *, reason: str = "", message: str = "") -> None:
        """Write the record and say so."""
        self.save(state, reason=reason, message=message)
        self._journal.write("kernel", sessions.state(self._claim.key))

    def tell_cell(
        self, command: Command, cell: str, status: str, *, seconds: float = 0.0, count: int | None = None
    ) -> None:
        said = {"run": command["run"], "cell": cell, "status": status, "seconds": seconds, "count": count}
        self._journal.write("cell", said)

    def begin_cell(self, command: Command, cell: str) -> None:
        """Say that a cell runs, and forget what it showed before."""
        self._journal.forget_cell(cell)
        self.tell_cell(command, cell, "running")

    def tell_output(self, command: Command, cell: str, name: str, said: dict[str, Any]) -> None:
        """Say what a cell shows (`output`), or how a fit goes (`metrics`)."""
        mark = {"run": command["run"], "cell": cell}
        if said.get("output_type") == "clear_output" and not said["wait"]:
            self._journal.forget_cell(cell)
        data = {**mark, **said} if name == "metrics" else {**mark, "output": said}
        self._journal.write(name, data, of_cell=cell)

    def tell_check(self, command: Command, check: Check, outcome: CheckRun) -> None:
        passed = outcome.outcome == "passed"
        said = {
            "run": command["run"], "id": check.id, "title": check.title, "outcome": outcome.outcome,
            "points": check.points if passed else 0, "max_points": check.points, "message": "" if passed else outcome.words or outcome.message,
        }  # fmt: skip
        self._journal.write("check", said | ({"metrics": list(outcome.metrics)} if outcome.metrics else {}))

    def tell_run(self, command: Command, status: str, message: Any = "") -> None:
        self._journal.write("run", {"run": command["run"], "status": status, "message": str(message)})
