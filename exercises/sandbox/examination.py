"""The checks of one run, in one examiner while it lives, and after its death in a new one.

An examiner that dies while it works with what the notebook gave it (a model too large, an array too long) fails the check that it
was at, and the run goes on. A new examiner runs the earlier examiner cells again; what only other checks defined is
out of reach there: looked up in the notebook, it would be the learner's to forge.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .errors import ExaminerEnded, ExaminerFailed
from .examiner_client import Examiner, Relay

MAX_RESTARTS = 2
_MAX_FINDINGS = 4
_MAX_FINDINGS_BYTES = 128 * 2**10
_OUTCOMES = frozenset({"passed", "failed", "error"})
_ENDED = {
    "memory_bytes": "While this check worked with what your notebook gave it, the examiner ran out of memory. "
    "Make your model, or what your functions return, smaller.",
    "cpu_seconds": "While this check worked with what your notebook gave it, the examiner used up its CPU time. "
    "Make your model, or what your functions return, smaller.",
    "disk_bytes": "While this check worked with what your notebook gave it, the examiner ran out of disk space.",
    "processes": "While this check worked with what your notebook gave it, the examiner started too many threads.",
    "crash": "While this check worked with what your notebook gave it, the examiner crashed. "
    "Make your model, or what your functions return, smaller and simpler.",
}
_NOT_RUN = "This check could not run: the examiner had ended at earlier checks, as they say."


@dataclass(frozen=True, kw_only=True)
class CheckJob:
    """One check to run: its code (examiner cells before it, then its own) and how many of the job's cells it follows.

    With `opens` it is none, but a cell that runs before all hidden checks and reports findings for those it names. `models`
    are the notebook's models that later checks build again: the check fails where that is impossible, and says why.
    """

    id: str
    sources: tuple[str, ...]
    follows: int
    hidden: bool = False
    opens: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckRun:
    """One check's outcome (passed, failed or error) with the examiner's message, metrics and findings.

    `words` is what the engine itself says of the outcome: it may be shown also for a hidden check. `is_told`: by its end the
    notebook may have been told hidden data.
    """

    outcome: str
    message: str = ""
    metrics: tuple[dict[str, Any], ...] = ()
    findings: tuple[dict[str, Any], ...] = ()
    words: str = ""
    is_told: bool = False


class Examination:
    """Runs checks, in order. `start` gives a new examiner; whoever gives it ends it."""

    def __init__(
        self, examiner: Examiner, *, start: Callable[[], Examiner], seed: int, relay: Relay, tick: Callable[[], None]
    ) -> None:
        self._examiner: Examiner | None = examiner
        self._start = start
        self._seed = seed
        self._relay = relay
        self._tick = tick
        self._restarts = 0
        self._past: list[CheckJob] = []
        self._opened: dict[str, tuple[dict[str, Any], ...]] = {}

    def run(self, checks: list[CheckJob]) -> Iterator[tuple[str, CheckRun]]:
        """Yield (id, outcome) of each check. Raises ExaminerFailed and what `relay` and `tick` raise."""
        waiting = {check.id: check for check in checks}
        while waiting and self._examiner:
            try:
                for event in self._examiner.examine(self._order(waiting), relay=self._relay, tick=self._tick):
                    if event.get("event") == "opened":
                        self._past.append(self._open(event, waiting))
                        continue
                    check_id, outcome = _read_check(event, waiting)
                    self._past.append(waiting.pop(check_id))
                    shown = (*self._opened.get(check_id, ()), *outcome.findings)[:_MAX_FINDINGS]
                    yield check_id, replace(outcome, findings=shown)
            except ExaminerEnded as end:
                dead = waiting.pop(next(iter(waiting)))
                self._past.append(dead)
                self._restart()
                if not dead.opens:
                    yield dead.id, CheckRun("failed", words=_ENDED[end.kind], is_told=dead.hidden)
        for check in waiting.values():
            if not check.opens:
                yield check.id, CheckRun("error", words=_NOT_RUN, is_told=check.hidden)

    def _open(self, event: dict[str, Any], waiting: dict[str, CheckJob]) -> CheckJob:
        cell = waiting.get(str(event.get("id")))
        findings = event.get("findings")
        if cell is None or type(findings) is not dict or not set(findings) <= set(cell.opens):
            raise ExaminerFailed("The examiner answered for a cell that it was not given.")
        for check_id, reported in findings.items():
            self._opened[check_id] = (*self._opened.get(check_id, ()), *_read_findings(reported))
        return waiting.pop(cell.id)

    def _restart(self) -> None:
        self._restarts += 1
        self._examiner = self._start() if self._restarts <= MAX_RESTARTS else None

    def _order(self, checks: dict[str, CheckJob]) -> dict[str, Any]:
        order: dict[str, Any] = {
            "seed": self._seed,
            "checks": [
                {
                    "id": check.id,
                    "sources": list(check.sources),
                    "hidden": check.hidden and not check.opens,
                    "opens": list(check.opens),
                    "models": list(check.models),
                }
                for check in checks.values()
            ],
        }
        if self._restarts and self._examiner and not self._examiner.has_begun:
            order["again"] = [source for check in self._past for source in check.sources[:-1]]
            order["is_told"] = any(check.hidden and not check.opens for check in self._past)
            order["withheld"] = [check.sources[-1] for check in self._past]
        return order


def _read_check(event: dict[str, Any], wanted: dict[str, CheckJob]) -> tuple[str, CheckRun]:
    """Return a check's id and outcome from the examiner's event; the examiner is ours, but is not believed without a look."""
    check_id, outcome = str(event.get("id")), str(event.get("outcome"))
    if check_id not in wanted or outcome not in _OUTCOMES:
        raise ExaminerFailed("The examiner answered for a check that it was not given.")
    metrics, findings = _read_metrics(event.get("metrics")), _read_findings(event.get("findings"))
    words, is_told = str(event.get("words", ""))[:2000], bool(event.get("is_told"))
    return check_id, CheckRun(outcome, str(event.get("message", ""))[:2000], metrics, findings, words, is_told)


def _read_findings(reported: Any) -> tuple[dict[str, Any], ...]:
    findings = reported or []
    if not isinstance(findings, list) or not all(isinstance(item, dict) for item in findings):
        raise ExaminerFailed("The examiner reported a finding that is none.")
    if len(json.dumps(findings[:_MAX_FINDINGS])) > _MAX_FINDINGS_BYTES:
        raise ExaminerFailed("The examiner found more than a report holds.")
    return tuple(findings[:_MAX_FINDINGS])


def _read_metrics(reported: Any) -> tuple[dict[str, Any], ...]:
    """Return at most ten metrics: a short name, a number or none, a threshold or none, which way is better."""
    try:
        return tuple(
            {
                "name": str(item["name"])[:80],
                "value": None if item["value"] is None else float(item["value"]),
                "threshold": None if item["threshold"] is None else float(item["threshold"]),
                "better": "lower" if item["better"] == "lower" else "higher",
            }
            for item in list(reported or ())[:10]
        )
    except (TypeError, ValueError, KeyError, OverflowError):
        raise ExaminerFailed("The examiner reported a metric that is none.") from None
