"""What a session's journal says, each entry as data and as the JSON that a page reads; no process of ours reads it back."""

from dataclasses import dataclass
from typing import Any, ClassVar

from exercises.kernels.session import SessionState


@dataclass(frozen=True, kw_only=True)
class KernelEntry:
    """The session's state has changed."""

    kind: ClassVar[str] = "kernel"
    state: SessionState

    def as_json(self) -> dict[str, Any]:
        return self.state.as_json()


@dataclass(frozen=True, kw_only=True)
class CellEntry:
    """How a cell does: queued, running, ok, error, interrupted or skipped; its seconds and its number once it has ended."""

    kind: ClassVar[str] = "cell"
    run: str
    cell: str
    status: str
    seconds: float = 0.0
    count: int | None = None

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class OutputEntry:
    """An output of a cell (nbformat 4); of the run itself where `cell` is empty."""

    kind: ClassVar[str] = "output"
    run: str
    cell: str
    output: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class MetricsEntry:
    """One epoch of a fit: {fit, epoch, epochs, values, seconds}."""

    kind: ClassVar[str] = "metrics"
    run: str
    cell: str
    metrics: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"run": self.run, "cell": self.cell, **self.metrics}


@dataclass(frozen=True, kw_only=True)
class CheckEntry:
    """The outcome of a public check, and the metrics that it reported."""

    kind: ClassVar[str] = "check"
    run: str
    id: str
    title: str
    outcome: str
    points: int
    max_points: int
    message: str
    metrics: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        fields = dict(vars(self))
        metrics = list(fields.pop("metrics"))
        return {**fields, "metrics": metrics} if metrics else fields


@dataclass(frozen=True, kw_only=True)
class RunEntry:
    """A run has ended: finished, failed or stopped; `message` says why cells of it did not run."""

    kind: ClassVar[str] = "run"
    run: str
    status: str
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


Entry = KernelEntry | CellEntry | OutputEntry | MetricsEntry | CheckEntry | RunEntry
