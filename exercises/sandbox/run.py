"""Grades one job: the learner's cells in one jail, then the checks in another, remote calls relayed between them."""

import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Limits

from .budget import RunBudget
from .errors import Ending, KernelDied, LimitReached, RunEnded
from .examination import CheckJob, CheckRun, Examination
from .examiner_client import Examiner
from .kernel import CellRun, Kernel

__all__ = ["CheckJob", "CheckRun", "Job", "Run", "derive_seed", "run"]
OnEvent = Callable[[str, dict[str, Any]], None]
_DIED = "The notebook's process ended while this cell ran, as by os._exit() or a crash in native code."


@dataclass(frozen=True, kw_only=True)
class Job:
    """All that a run needs, as data. `cells` are (id, source) in order; `held_out` maps "dataset/file" to a path.

    With `early_checks` a public check runs as soon as the cells it follows have: what passed before a later cell dies still
    counts. Hidden ones wait all the same, or a later cell could print the inputs that they gave to a function.
    `locked` are the ids of cells that are not the learner's: where one raises, the cells after it run all the same.
    With `accelerator` (`GPU`, `TPU`) the learner's kernel must have one; the examiner works on the CPU.
    """

    cells: tuple[tuple[str, str], ...]
    checks: tuple[CheckJob, ...]
    seed: int
    limits: Limits
    held_out: dict[str, Path] = field(default_factory=dict)
    early_checks: bool = False
    accelerator: str = ""
    locked: frozenset[str] = frozenset()


@dataclass
class Run:
    """What happened. A check that is not in `checks` did not run; a cell that is not in `cells` neither.

    `usage` has what the run used under the names of `Limits`; of memory, processes and disk the most at one time.
    """

    ending: Ending = "completed"
    limit: str = ""  # the name of the limit that was reached
    cells: dict[str, CellRun] = field(default_factory=dict)
    checks: dict[str, CheckRun] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    is_told: bool = False  # whether the notebook may have been told hidden data


def run(job: Job, *, address: str, on_event: OnEvent, is_cancelled: Callable[[], bool] = lambda: False) -> Run:
    """Run `job` on the zygote at `address`. Raises SandboxError for faults of ours; all else is in the result."""
    result = Run()
    started = time.monotonic()
    budget = RunBudget(job.limits, is_cancelled)
    with contextlib.ExitStack() as stack:
        kernel = None
        examiners: list[Examiner] = []

        def start_examiner() -> Examiner:
            examiners.append(stack.enter_context(Examiner(address, limits=job.limits, held_out=job.held_out)))
            return examiners[-1]

        start_examiner()
        try:
            kernel = stack.enter_context(
                Kernel(
                    address,
                    limits=job.limits,
                    seed=derive_seed("learner", job.seed, 32),
                    budget=budget,
                    accelerator=job.accelerator,
                )
            )
            result.phases["start"] = round(time.monotonic() - started, 3)
            budget.started = time.monotonic()
            examination = Examination(
                examiners[0],
                start=start_examiner,
                seed=derive_seed("examiner", job.seed, 53),
                relay=kernel.ask,
                tick=budget.check,
            )
            _Grading(job, kernel, examination, result, on_event).run()
        except RunEnded as end:
            result.ending = end.ending
            result.limit = getattr(end, "limit", "")
        result.phases.setdefault("start", round(time.monotonic() - started, 3))
        accounts = [lease.close() for lease in [*(one.lease for one in examiners), *([kernel.lease] if kernel else [])]]
    if kernel and kernel.lease.limit and result.ending == "learner_error":
        # The error that a full disk or a refused fork raised in a cell came before the watch looked
        limit = LimitReached(kernel.lease.limit)
        result.ending, result.limit = limit.ending, limit.limit
    result.usage = {
        "wall_seconds": round(time.monotonic() - started, 3),
        "cpu_seconds": round(sum(account.get("cpu_seconds", 0.0) for account in accounts), 3),
        **{
            name: max(account.get(name, 0) for account in accounts)
            for name in ("memory_bytes", "processes", "disk_bytes")
        },
        "output_bytes": budget.output_bytes,
    }
    return result


def derive_seed(role: str, seed: int, bits: int) -> int:
    """Return a role's own seed: the notebook can learn its own, but not the one that draws the examiner's inputs."""
    digest = hashlib.sha256(f"{role}:{seed}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - bits)


@dataclass
class _Grading:
    """One job under way: cells in the kernel, checks in the examiner, what came of them in `result`."""

    job: Job
    kernel: Kernel
    examination: Examination
    result: Run
    on_event: OnEvent

    def run(self) -> None:
        """Run the cells until one of the learner's fails, then the checks that follow cells which ran well. Raises RunEnded, SandboxError."""
        reached = 0
        for cell_id, source in self.job.cells:
            if self.job.early_checks:
                self._run_checks([check for check in self.job.checks if check.follows == reached and not check.hidden])
            if self._run_cell(cell_id, source).status != "ok":
                self.result.ending = "learner_error"
                if cell_id not in self.job.locked:
                    break
            reached += 1
        self._run_checks(
            [check for check in self.job.checks if check.follows <= reached and check.id not in self.result.checks]
        )

    def _run_cell(self, cell_id: str, source: str) -> CellRun:
        self.on_event("cell", {"id": cell_id, "status": "running"})
        started = time.monotonic()
        cell = CellRun(status="interrupted")
        try:
            cell = self.kernel.execute(source)
        except BaseException as error:
            cell.seconds = round(time.monotonic() - started, 3)
            if isinstance(error, KernelDied):
                cell.error = {"name": "KernelDied", "message": _DIED, "traceback": ""}
            raise
        finally:
            self._spend("run", started)
            self.result.cells[cell_id] = cell
            self.on_event("cell", {"id": cell_id, "status": cell.status, "seconds": cell.seconds})
        return cell

    def _run_checks(self, checks: list[CheckJob]) -> None:
        """Run checks and publish their outcomes; of hidden ones when all have run, or the moments would show what each took."""
        started = time.monotonic()
        hidden = {check.id for check in checks if check.hidden}
        later: list[tuple[str, str]] = []
        try:
            for check_id, outcome in self.examination.run(checks):
                self.result.checks[check_id] = outcome
                if check_id in hidden:
                    later.append((check_id, outcome.outcome))
                else:
                    self.on_event("check", {"id": check_id, "outcome": outcome.outcome})
        finally:
            self._spend("check", started)
            self.result.is_told |= self._is_told(checks)
            for check_id, result in later:
                self.on_event("check", {"id": check_id, "outcome": result})

    def _is_told(self, checks: list[CheckJob]) -> bool:
        """Whether one of these checks told the notebook hidden data, or a hidden one may have before the run ended in it."""
        done = self.result.checks
        if any(done[check.id].is_told for check in checks if check.id in done):
            return True
        left = [check.hidden for check in checks if check.id not in done and not check.opens]
        return bool(left) and all(left)

    def _spend(self, phase: str, started: float) -> None:
        self.result.phases[phase] = round(self.result.phases.get(phase, 0.0) + time.monotonic() - started, 3)
