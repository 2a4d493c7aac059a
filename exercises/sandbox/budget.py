"""What a kernel may still send and use: the whole of a graded run, or one cell in a page.

Printed text beyond the limits is cut (outputs.py) and ends nothing. What ends a kernel is traffic: more bytes of output messages, or
larger ones, than a kernel sends that has its courtesy (runner/brevity.py).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from exercises.assignment.definition import Limits

from .errors import Cancelled, LimitReached

_MAX_TRAFFIC = 64 * 2**20  # bytes of output messages, frames and headers included
_ASK_SECONDS = 0.5  # between two questions whether a run was cancelled
Tick = Callable[[], None]


@dataclass
class Budget:
    """Counts the bytes of output messages. Whoever waits for a kernel calls `check` several times a second."""

    traffic_bytes: int = field(default=0, kw_only=True)

    def check(self) -> None:
        """Raise what must end the wait."""
        if self.traffic_bytes > _MAX_TRAFFIC:
            raise self.overflow(self.traffic_bytes)

    def overflow(self, size: int) -> LimitReached:
        """Return the end for output that is not taken, of at least `size` bytes."""
        return LimitReached("output_bytes")


@dataclass
class RunBudget(Budget):
    """What is left of a graded run: its clock, which all cells and checks share, and its output; `is_cancelled` is asked now and then."""

    limits: Limits
    is_cancelled: Callable[[], bool] = lambda: False
    started: float = field(default_factory=time.monotonic)  # monotonic seconds
    output_bytes: int = 0
    _asked_at: float = 0.0

    def check(self) -> None:
        """Raise LimitReached or Cancelled when the run must end."""
        now = time.monotonic()
        if now - self.started > self.limits.wall_seconds:
            raise LimitReached("wall_seconds")
        super().check()
        if now - self._asked_at > _ASK_SECONDS:
            self._asked_at = now
            if self.is_cancelled():
                raise Cancelled

    def overflow(self, size: int) -> LimitReached:
        """Count the output that is not taken, for the report, and return the end of the run."""
        self.output_bytes = max(self.output_bytes, size)
        return super().overflow(size)


@dataclass
class CellBudget(Budget):
    """What one cell in a page may send. Its owner decides how long it runs: each check calls `tick`, which may raise."""

    tick: Tick = lambda: None

    def begin(self, tick: Tick) -> None:
        """Start counting anew, for one cell."""
        self.traffic_bytes, self.tick = 0, tick

    def check(self) -> None:
        """Raise LimitReached where the messages of a cell are beyond all caps, and what `tick` raises."""
        super().check()
        self.tick()
