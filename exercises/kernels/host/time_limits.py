"""How long a kernel and what it runs may go on, and the ways in which it is stopped."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class TimeLimits:
    """How long kernels live, in seconds; `cpu_seconds` and `cell_seconds` (0: the exercise's own) bound their work.

    A cell that goes on for `obey_seconds` after it was asked to stop is ended with its kernel.
    """

    idle_seconds: float
    life_seconds: float = 8 * 3600
    cpu_seconds: int = 3600
    cell_seconds: float = 0
    obey_seconds: float = 10


class Closing(Exception):
    """The kernel must end, for a reason that has a name; `limit` is the one that was reached, with its unit."""

    def __init__(self, reason: str, limit: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


class Restarting(Exception):
    """The learner wants a fresh kernel."""


class Stopped(Exception):
    """What ran has been given up; the kernel lives."""


@dataclass
class Work:
    """What runs now: for how long it may, since when, when it was asked to stop, and whether that was for its time."""

    seconds: float
    started: float = field(default_factory=time.monotonic)
    asked_at: float = 0.0
    is_late: bool = False

    @property
    def is_stopped(self) -> bool:
        return bool(self.asked_at)
