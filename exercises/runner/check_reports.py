"""What checks report for the learner to see: metrics and findings; coarse from the moment when hidden data may have been told.

A function of the notebook that was given hidden data can answer with it later, in predictions, in weights, in groups. So a public
row is never chosen or shown after that, and a figure says little more than two digits.
"""

import math
from collections.abc import Callable
from typing import Any

from . import findings
from .rpc_client import RpcClient

_MAX_FINDINGS = 4  # of one check
_MAX_MESSAGE = 2_000
_LATE = (
    "report_examples shows rows, and the notebook may have been told hidden data by then. Put it into an examiner cell with "
    "before_hidden=true, with the id of its check: report_examples(…, check=…)."
)
Make = Callable[..., findings.Finding]


class Reports:
    """Collects what one check, or one cell that runs before all hidden ones (`opens`: for which checks), reports."""

    def __init__(self, client: RpcClient) -> None:
        self._client = client
        self.begin()

    def begin(self, opens: list[str] | None = None) -> None:
        """Forget what was reported."""
        self._opens = opens
        self.metrics: list[dict[str, Any]] = []
        self._findings: list[findings.Finding] = []
        self._opened: dict[str, list[findings.Finding]] = {check: [] for check in opens or ()}

    def names(self) -> dict[str, Any]:
        """Return the functions that checks call."""
        return {
            "report_metric": self._report_metric,
            "report_confusion": self._finder(findings.confusion),
            "report_residuals": self._finder(findings.residuals),
            "report_slices": self._finder(self._slices),
            "report_examples": self._finder(self._examples),
        }

    def shown(self) -> list[findings.Finding]:
        """Return the findings of a check as they may be shown."""
        kept = self._findings[:_MAX_FINDINGS]
        return [findings.coarse(finding) for finding in kept] if self._client.has_told else kept

    def opened(self, problem: str = "") -> dict[str, list[findings.Finding]]:
        """Return the findings of a cell before all hidden checks, by check; a problem of the cell is one of each."""
        missing = [{"kind": "none", "message": problem[:_MAX_MESSAGE]}] if problem else []
        return {check: [*kept[:_MAX_FINDINGS], *missing] for check, kept in self._opened.items()}

    def _finder(self, make: Make) -> Callable[..., None]:
        """Return a function that records what `make` finds; where it cannot, the check goes on all the same."""

        def find(*arguments: Any, check: str = "", **options: Any) -> None:
            try:
                finding = make(*arguments, **options)
                kept = self._kept(check)
            # A report is for the learner to look at; a mistake of an author's in it must not cost a point.
            except Exception as error:
                finding = {"kind": "none", "message": f"{type(error).__name__}: {error}"[:_MAX_MESSAGE]}
                kept = self._findings
                for other in self._opened.values():
                    other.append(finding)
            kept.append(finding)

        return find

    def _kept(self, check: str) -> list[findings.Finding]:
        if self._opens is None and not check:
            return self._findings
        if check not in self._opened:
            raise ValueError(
                "check= names a hidden check that this cell reports for; it is for cells with before_hidden=true."
            )
        return self._opened[check]

    def _slices(self, *arguments: Any, **options: Any) -> findings.Finding:
        return findings.slices(*arguments, **{**options, "is_blind": self._client.has_told})

    def _examples(self, *arguments: Any, **options: Any) -> findings.Finding:
        if self._client.has_told:
            raise ValueError(_LATE)
        return findings.examples(*arguments, **options)

    def _report_metric(self, name: str, value: float, threshold: float | None = None, better: str = "higher") -> None:
        """Record a number that the learner may see and that becomes evidence."""
        number = float(value)
        self.metrics.append(
            {
                "name": str(name)[:80],
                "value": round(number, 6) if math.isfinite(number) else None,
                "threshold": None if threshold is None else float(threshold),
                "better": "lower" if better == "lower" else "higher",
            }
        )
