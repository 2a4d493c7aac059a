"""How long after its limit, or after the word to cancel, a run is over: its jails gone, its result in hand."""

import time
from collections.abc import Callable
from typing import Any

from exercises.assignment.definition import Limits
from exercises.sandbox.run import Job, Run, run
from exercises.sandbox.zygote_process import Zygote

_LIMITS = Limits(wall_seconds=3, cpu_seconds=2, memory_bytes=512 * 2**20)
_DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
_SPIN = _DEAF + "while True: pass"
_CROWD = (
    _DEAF
    + "import os, time\nfor _ in range(40):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(60)\n"
)
ENDINGS = {
    "wall time, a deaf sleeper": (_DEAF + "import time\nwhile True: time.sleep(1)", "wall_seconds"),
    "wall time, forty processes": (_CROWD + "time.sleep(60)", "wall_seconds"),
    "processor time, a loop in Python": (_SPIN, "cpu_seconds"),
    "processor time, a loop in C": (_DEAF + "import re\nre.match('(a+)+$', 'a' * 60 + 'b')", "cpu_seconds"),
}


def seconds_late(zygote: Zygote, times: int = 5) -> dict[str, float]:
    """Seconds beyond the limit that the slowest of `times` runs took for each way to run into it, and beyond a cancellation."""
    late = {name: max(_late(zygote, source, limit) for _ in range(times)) for name, (source, limit) in ENDINGS.items()}
    late["cancelled, a loop"] = max(_cancelled(zygote, _SPIN) for _ in range(times))
    late["cancelled, forty processes"] = max(_cancelled(zygote, _CROWD + "time.sleep(60)") for _ in range(times))
    return {name: round(seconds, 2) for name, seconds in late.items()}


def _late(zygote: Zygote, source: str, limit: str) -> float:
    result, seconds = _timed(zygote, source, lambda: False)
    assert result.limit == limit, result
    started = result.phases["start"]
    return seconds - started - float(getattr(_LIMITS, limit))


def _cancelled(zygote: Zygote, source: str) -> float:
    cancel_at: list[float] = []

    def is_cancelled() -> bool:
        """Say so one second after the cell began: the run asks twice a second."""
        if not cancel_at:
            cancel_at.append(time.monotonic() + 1.0)
        return time.monotonic() >= cancel_at[0]

    result, _ = _timed(zygote, source, is_cancelled)
    assert result.ending == "cancelled", result
    return time.monotonic() - cancel_at[0]


def _timed(zygote: Zygote, source: str, is_cancelled: Callable[[], bool]) -> tuple[Run, float]:
    job = Job(cells=(("cell", source),), checks=(), seed=1, limits=_LIMITS)
    began = time.monotonic()
    result = run(job, address=zygote.address, on_event=_ignore, is_cancelled=is_cancelled)
    return result, time.monotonic() - began


def _ignore(kind: str, data: dict[str, Any]) -> None:
    """Nobody watches."""
