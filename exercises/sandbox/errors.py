"""What can go wrong.

SandboxError                    a fault of ours: the submission is tried again and costs no attempt
├── CannotConfine               this host cannot build the jail; the text says how to enable it
├── NoDevice                    this host, or this jail, lacks the accelerator that was promised
├── ZygoteFailed                the zygote did not start or has died
│   └── RuntimeMissing          this host lacks the runtime that an exercise names
└── ExaminerFailed              the examiner broke its protocol or died
ExaminerEnded                   the examiner died of what the notebook gave it: its check has failed, the run goes on
RunEnded                        the learner's run ended before its time; carries the verdict
├── LimitReached                time_limit, memory_limit, output_limit, process_limit, disk_limit
├── KernelDied                  kernel_died
└── Cancelled                   cancelled
"""

from typing import Literal

Ending = Literal[
    "completed", "learner_error", "time_limit", "memory_limit", "output_limit", "process_limit", "disk_limit",
    "kernel_died", "cancelled",
]  # fmt: skip


_ENDINGS: dict[str, Ending] = {
    "wall_seconds": "time_limit",
    "cpu_seconds": "time_limit",
    "memory_bytes": "memory_limit",
    "output_bytes": "output_limit",
    "processes": "process_limit",
    "disk_bytes": "disk_limit",
}


class SandboxError(Exception):
    """A fault of ours."""


class CannotConfine(SandboxError):
    """This host cannot build the jail."""


class NoDevice(SandboxError):
    """This host, or this jail, lacks the accelerator that was promised; the text says what is missing."""


class ZygoteFailed(SandboxError):
    """The zygote did not start or has died."""


class RuntimeMissing(ZygoteFailed):
    """This host lacks the runtime that an exercise names."""


class ExaminerFailed(SandboxError):
    """The examiner broke its protocol or died."""


class ExaminerEnded(Exception):
    """The examiner died while it worked with what the notebook gave it, of a limit (its name in `Limits`) or of a `crash`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class RunEnded(Exception):
    """The learner's run ended before its time."""

    ending: Ending


class LimitReached(RunEnded):
    """A limit of the run was reached; `limit` is its name in `Limits`."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit
        self.ending = _ENDINGS[limit]


class KernelDied(RunEnded):
    """The learner's process ended, or no longer speaks the kernel protocol."""

    ending = "kernel_died"


class Cancelled(RunEnded):
    """Somebody asked for the run to stop."""

    ending = "cancelled"
