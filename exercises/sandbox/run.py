"""Grades one job: the learner's cells in one jail, then the checks in another, remote calls relayed between them."""

import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Limits

from .errors import Ending, ExaminerFailed, RunEnded
from .examiner import Examiner
from .kernel import Budget, CellRun, Kernel

OnEvent = Callable[[str, dict[str, Any]], None]
_OUTCOMES = frozenset({"passed", "failed", "error"})


@dataclass(frozen=True, kw_only=True)
class CheckJob:
    """One check to run: its code (examiner cells before it, then its own) and how many of the job's cells it follows."""

    id: str
    sources: tuple[str, ...]
    follows: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that a run needs, as data. `cells` are (id, source) in order; `held_out` maps "dataset/file" to a path."""

    cells: tuple[tuple[str, str], ...]
    checks: tuple[CheckJob, ...]
    seed: int
    limits: Limits
    held_out: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckRun:
    """One check's outcome (passed, failed or error) with the examiner's message and metrics."""

    outcome: str
    message: str = ""
    metrics: tuple[dict[str, Any], ...] = ()


@dataclass
class Run:
    """What happened. A check that is not in `checks` did not run; a cell that is not in `cells` neither."""

    ending: Ending = "completed"
    cells: dict[str, CellRun] = field(default_factory=dict)
    checks: dict[str, CheckRun] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)


def run(job: Job, *, address: str, on_event: OnEvent, is_cancelled: Callable[[], bool] = lambda: False) -> Run:
    """Run `job` on the zygote at `address`. Raises SandboxError for faults of ours; all else is in the result."""
    result = Run()
    started = time.monotonic()
    budget = Budget(job.limits, is_cancelled)
    with contextlib.ExitStack() as stack:
        kernel = None
        examiner = stack.enter_context(Examiner(address, limits=job.limits, held_out=job.held_out))
        try:
            kernel = stack.enter_context(
                Kernel(address, limits=job.limits, seed=derive_seed("learner", job.seed, 32), budget=budget)
            )
            result.phases["start"] = round(time.monotonic() - started, 3)
            budget.started = time.monotonic()
            reached = _run_cells(job, kernel, result, on_event)
            result.phases["run"] = round(time.monotonic() - budget.started, 3)
            _run_checks(job, reached, kernel, examiner, budget, result, on_event)
        except RunEnded as end:
            result.ending = end.ending
        result.phases.setdefault("start", round(time.monotonic() - started, 3))
        leases = [examiner.lease] + ([kernel.lease] if kernel else [])
        accounts = [lease.close() for lease in leases]
    result.usage = {
        "wall_seconds": round(time.monotonic() - started, 3),
        "cpu_seconds": round(sum(account.get("cpu_seconds", 0.0) for account in accounts), 3),
        "peak_bytes": max(account.get("peak_bytes", 0) for account in accounts),
    }
    return result


def derive_seed(role: str, seed: int, bits: int) -> int:
    """Return a role's own seed: the notebook can learn its own, but not the one that draws the examiner's inputs."""
    digest = hashlib.sha256(f"{role}:{seed}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits)


def _run_cells(job: Job, kernel: Kernel, result: Run, on_event: OnEvent) -> int:
    """Run the cells until one fails; return how many ran well."""
    for number, (cell_id, source) in enumerate(job.cells):
        on_event("cell", {"id": cell_id, "status": "running"})
        try:
            cell = kernel.execute(source)
        except RunEnded:
            result.cells[cell_id] = CellRun(status="interrupted")
            on_event("cell", {"id": cell_id, "status": "interrupted"})
            raise
        result.cells[cell_id] = cell
        on_event("cell", {"id": cell_id, "status": cell.status, "seconds": cell.seconds})
        if cell.status != "ok":
            result.ending = "learner_error"
            return number
    return len(job.cells)


def _run_checks(
    job: Job, reached: int, kernel: Kernel, examiner: Examiner, budget: Budget, result: Run, on_event: OnEvent
) -> None:
    started = time.monotonic()
    wanted = [check for check in job.checks if check.follows <= reached]
    ids = {check.id for check in wanted}
    order = [{"id": check.id, "sources": list(check.sources)} for check in wanted]
    try:
        for answer in examiner.examine(
            order,
            seed=derive_seed("examiner", job.seed, 53),
            relay=kernel.ask,
            tick=budget.check,
        ):
            check_id = answer.get("id")
            if check_id not in ids or check_id in result.checks or answer.get("outcome") not in _OUTCOMES:
                raise ExaminerFailed("The examiner answered for a check that it was not given.")
            result.checks[check_id] = CheckRun(
                answer["outcome"], str(answer.get("message", ""))[:2000], tuple(answer.get("metrics") or ())[:10]
            )
            on_event("check", {"id": check_id, "outcome": answer["outcome"]})
    finally:
        result.phases["check"] = round(time.monotonic() - started, 3)
