"""What a verdict means for the learner, and what to do next, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from exercises.assignment.report import Report
from exercises.models import Verdict


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """`tone` is good, bad, warn or empty: the colour of the box, never the only sign."""

    meaning: Any
    advice: Any
    tone: str = "bad"


EXPLANATIONS: dict[str, Explanation] = {
    Verdict.PASSED: Explanation(
        meaning="",
        advice=_("Go on with the next step, or improve what is left: the best result counts."),
        tone="good",
    ),
    Verdict.FAILED: Explanation(
        meaning="",
        advice=_(
            "Read below what each check expected and what your code returned, change your cells, and submit again."
        ),
        tone="warn",
    ),
    Verdict.LEARNER_ERROR: Explanation(
        meaning=_("A cell raised an error, so the cells after it did not run."),
        advice=_("The last line of the error says what went wrong; the line above it says where."),
    ),
    Verdict.TIME_LIMIT: Explanation(
        meaning=_(
            "The notebook used more CPU time than it may: a cell, or a check of your functions, did not end in time."
        ),
        advice=_("Look for a loop that does not end, or train for fewer epochs or on smaller batches of work."),
    ),
    Verdict.MEMORY_LIMIT: Explanation(
        meaning=_("The notebook needed more memory than it may use."),
        advice=_(
            "Load less at once, use smaller batches, or delete large arrays that you no longer need. "
            "Many open files and sockets count as memory too."
        ),
    ),
    Verdict.OUTPUT_LIMIT: Explanation(
        meaning=_("The notebook sent many times more output than is kept, so its run was ended."),
        advice=_("Print less inside loops, and show a few rows instead of all."),
    ),
    Verdict.PROCESS_LIMIT: Explanation(
        meaning=_("The notebook started too many processes or threads."),
        advice=_("Use one process; TensorFlow's own threads do not count."),
    ),
    Verdict.DISK_LIMIT: Explanation(
        meaning=_("The notebook wrote more to disk than it may, or more than 20,000 files."),
        advice=_("Write fewer or smaller files, and delete those that you no longer need."),
    ),
    Verdict.KERNEL_DIED: Explanation(
        meaning=_("The process that ran your notebook ended by itself."),
        advice=_("Look for calls that end the process (such as exit) and for crashes in native code."),
    ),
    Verdict.INVALID_NOTEBOOK: Explanation(
        meaning=_("The notebook could not be run as it is."),
        advice=_("Download the exercise's notebook again, copy your cells into it, and submit that."),
    ),
    Verdict.CANCELLED: Explanation(
        meaning=_("This submission was stopped before it was graded. It does not count as an attempt."),
        advice=_("Your cells are kept; submit again when you are ready."),
        tone="warn",
    ),
    Verdict.SYSTEM_ERROR: Explanation(
        meaning=_("We could not grade this, and the fault is ours. It does not count as an attempt."),
        advice=_("Your cells are kept. Please submit again in a few minutes; the operators see this in their logs."),
        tone="warn",
    ),
}
WAITED = Explanation(
    meaning=_(
        "The notebook did not end in time, although it had CPU time left: a cell, or a check of your functions, waited."
    ),
    advice=_(
        "Look for what waits: a sleep, a thread that never answers, a file or a connection that never comes. "
        "Work alone ends by its CPU time long before."
    ),
)
OURS = Explanation(
    meaning=_("A cell of ours, which uses what your cells made, raised an error. The cells after it ran all the same."),
    advice=_("Compare what your cells return with what the exercise asks for: its type, its shape, its order."),
    tone="warn",
)
OUTCOMES: dict[str, Any] = {
    "passed": _("passed"),
    "failed": _("not passed"),
    "error": _("error"),
    "unattempted": _("not attempted"),
    "not_run": _("not run"),
}
LIMIT_OF: dict[str, str] = {
    Verdict.TIME_LIMIT: "wall_seconds",  # of old reports, which do not name it
    Verdict.MEMORY_LIMIT: "memory_bytes",
    Verdict.OUTPUT_LIMIT: "output_bytes",
    Verdict.PROCESS_LIMIT: "processes",
    Verdict.DISK_LIMIT: "disk_bytes",
}
LIMITS: dict[str, Any] = {
    "cpu_seconds": _("CPU time"),
    "wall_seconds": _("time by the clock"),
    "memory_bytes": _("memory"),
    "processes": _("processes and threads"),
    "disk_bytes": _("disk"),
    "output_bytes_per_cell": _("kept output of a cell"),
    "output_bytes": _("kept output in all"),
}


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The limit that ended a run, in words: its name, its value and what was used (empty where nobody measured it)."""

    name: Any
    allowed: str
    used: str


def explain(verdict: str, report: Report) -> Explanation:
    """Return what a verdict means; with its own words where the clock ended the run, or where only our own cells raised."""
    if verdict == Verdict.TIME_LIMIT and report.limit == "wall_seconds":
        return WAITED
    errors = [cell.error for cell in report.cells if cell.error]
    if verdict == Verdict.LEARNER_ERROR and errors and all(error.is_ours for error in errors):
        return OURS
    return EXPLANATIONS[verdict]


def limit_reached(verdict: str, report: Report) -> Reached | None:
    """Return the limit that a report's verdict names, or None."""
    name = report.limit or LIMIT_OF.get(verdict, "")
    if verdict not in LIMIT_OF or name not in report.limits:
        return None
    used = (report.usage or {}).get(name)
    return Reached(
        name=LIMITS[name],
        allowed=limit_text(name, report.limits[name]),
        used="" if used is None else limit_text(name, used),
    )


def limit_rows(limits: Mapping[str, Any]) -> tuple[tuple[Any, str], ...]:
    """Return the limits as (name, value with its unit)."""
    return tuple((LIMITS[name], limit_text(name, value)) for name, value in limits.items() if name in LIMITS)


def limit_text(name: str, value: Any) -> str:
    """Return a limit with its unit, such as "2 GiB"."""
    if name.endswith("_seconds"):
        return _("%(value)s s") % {"value": f"{value:.4g}"}
    if "bytes" in name:
        for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
            if value >= size:
                return f"{value / size:.4g} {unit}"
        return f"{value} B"
    return str(value)
