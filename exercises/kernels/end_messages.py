"""Why a kernel ended, in words for its learner: which limit it was, and what to do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

NOT_RUN = _("The kernel ended before these cells ran. Run them again: a new kernel starts at once.")
OURS = _("This cell is ours, and its error costs no points by itself: the cells after it run all the same.")
LATE = _("A thread of this cell said more after the cell had ended; that is not shown. Wait for it: thread.join().")
_AGAIN = _("Run your cells again to go on: a new kernel starts at once. Your text is kept.")
_MESSAGES: dict[str, Any] = {
    "idle": _("The kernel was ended because it was idle for long or somebody else waited for a place."),
    "made_room": _("You have more than one kernel, so this one made room for somebody who had fewer."),
    "replaced": _("The kernel was ended because you started another one; you can have three at a time."),
    "time_limit": _("The kernel was ended because it used up its CPU time, or a cell did not stop in time."),
    "memory_limit": _("The kernel was ended because it needed more memory than it may use."),
    "output_limit": _("The kernel was ended because a cell sent far more output than it may."),
    "process_limit": _("The kernel was ended because it started too many processes or threads."),
    "disk_limit": _("The kernel was ended because its disk was full."),
    "died": _("The process that ran your cells ended by itself, as by exit() or a crash in native code."),
    "interrupted": _("The cell did not stop when asked to, so its kernel was ended."),
    "restarted": _("The kernel was started anew."),
    "worker_stopped": _("The machine that ran your kernel was stopped."),
    "system_error": _("The kernel ended by a fault of ours; the operators see it in their logs."),
}


def message(reason: str, limit: str = "") -> str:
    """Return what to tell the learner; `limit` is the limit that was reached, with its unit. Empty for no reason."""
    if reason not in _MESSAGES:
        return ""
    named = f" {_('The limit is %(limit)s.') % {'limit': limit}}" if limit else ""
    return f"{_MESSAGES[reason]}{named} {_AGAIN}"
