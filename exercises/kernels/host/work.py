"""What a kernel does at the moment, for how long it may, and the ways in which it is stopped."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from exercises.kernels.host.time_limits import TimeLimits


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
    stopped_at: float = 0.0
    is_late: bool = False

    @property
    def is_stopped(self) -> bool:
        """Whether it was asked to stop."""
        return bool(self.stopped_at)

    def check_stopped(self) -> None:
        """Raise Stopped once it was asked to stop, to give it up without waiting for its end."""
        if self.is_stopped:
            raise Stopped


class WorkMonitor:
    """Watches what one kernel does: stops it after its time, and ends a kernel that does not stop."""

    def __init__(self, time_limits: TimeLimits, interrupt: Callable[[], Any]) -> None:
        self._time_limits = time_limits
        self._interrupt = interrupt
        self._work: Work | None = None

    @contextmanager
    def watch(self, seconds: float) -> Iterator[Work]:
        """Have what is done inside watched: it may take so many seconds."""
        self._work = Work(seconds)
        try:
            yield self._work
        finally:
            self._work = None

    def stop(self) -> None:
        """Ask the kernel to stop what it does, if it does anything and was not asked yet."""
        if self._work and not self._work.is_stopped:
            self._work.stopped_at = time.monotonic()
            self._interrupt()

    def check(self) -> None:
        """Stop what has used up its time. Raises Closing where it does not stop."""
        work = self._work
        if work is None:
            return
        now = time.monotonic()
        if not work.is_stopped and now - work.started > work.seconds:
            work.is_late = True
            self.stop()
        if work.is_stopped and now - work.stopped_at > self._time_limits.obey_seconds:
            raise Closing("time_limit", format_seconds(work.seconds)) if work.is_late else Closing("interrupted")


def format_seconds(value: float) -> str:
    """Return so many seconds in words."""
    return _("%(seconds)s seconds") % {"seconds": round(value)}
