"""What the script of the notebook says, marked for translation here because scripts have no catalogue of messages.

`{name}` is filled in by the script. The templates write everything else.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

NOTEBOOK: dict[str, Any] = {
    # the state of the kernel
    "none": _("Not started: it starts when you run a cell."),
    "waiting_first": _("Waiting for a place: you are next."),
    "waiting": _("Waiting for a place: {position} before you."),
    "waiting_time": _("Waiting for a place: {position} before you, about {seconds} s."),
    "starting": _("Starting …"),
    "idle": _("Ready"),
    "busy": _("Running"),
    "busy_cell": _("Running {cell}"),
    "ended": _("Ended"),
    "reconnecting": _("No connection. What runs goes on; trying again …"),
    "signed_out": _("You are signed out. Sign in in another tab and run again; what you wrote is kept."),
    "unreachable": _("The site does not answer. What you wrote is kept; run again in a moment."),
    "restart_sure": _("Restart? Everything that your cells made is forgotten; what you wrote stays."),
    # cells
    "your_cell": _("your cell {name}"),
    "scratch_name": _("scratch cell {number}"),
    "scratch_cell": _("Scratch cell {number}: only for trying things, never submitted"),
    "queued": _("waiting"),
    "running": _("running"),
    "ok": _("ran in {seconds} s"),
    "error": _("stopped by an error"),
    "interrupted": _("stopped"),
    "skipped": _("not run"),
    "changed": _("changed since it ran"),
    "line": _("Line {line}"),
    "traceback": _("Traceback"),
    "image": _("Picture made by {cell}"),
    "frame": _("Table or page made by {cell}"),
    "raw": _("Data"),
    # checks
    "check_passed": _("passed"),
    "check_failed": _("not passed"),
    "check_error": _("error"),
    "check_unattempted": _("not attempted"),
    "check_not_run": _("not run"),
    "checking": _("Checking …"),
    "checked": _("{passed} of {total} public checks pass, {points} of {max} points."),
    "checked_hidden": _("The hidden checks are run when you submit."),
    "check_stopped": _("Not checked: {message}"),
    # curves
    "epoch": _("epoch"),
    "epoch_of": _("Epoch {epoch} of {epochs}"),
    "seconds": _("seconds"),
    "as_table": _("The numbers"),
    "curve": _("{metric} by epoch"),
    "training": _("training"),
    "validation": _("validation"),
    # what a screen reader hears
    "said_ok": _("{cell} ran in {seconds} s."),
    "said_error": _("{cell} stopped: {message}"),
    "said_all": _("All {count} cells ran."),
    "said_stopped": _("Stopped."),
    "said_restarted": _("Restarted. Nothing has run yet."),
    "said_added": _("A scratch cell was added. It is never submitted."),
    "said_deleted": _("The scratch cell was deleted; press z to bring it back."),
    "said_find": _("{at} of {total}"),
    "said_found_none": _("not found"),
    # editing
    "completions": _("Completions"),
    "draft_foreign": _("These are locked; add a scratch cell with a or b to try something."),
}

# What the cells of a lesson say: some of the above, and a few of their own
_SHARED = (
    "waiting_first", "waiting", "starting", "reconnecting", "signed_out", "unreachable", "running", "ok", "error", "interrupted",
    "line", "traceback", "image", "frame", "epoch", "epoch_of", "seconds", "as_table", "curve", "training", "validation",
    "said_ok", "said_error", "said_stopped",
)  # fmt: skip
LESSON: dict[str, Any] = {name: NOTEBOOK[name] for name in _SHARED} | {
    "cell": _("Cell {number}"),
    "asking": _("Asking for a kernel …"),
    "before": _("Running the code above it: {number} of {count}"),
    "not_run": _("Not run: code above it stopped with an error."),
    "stopped": _("Stopped."),
    "reset": _("This is the lesson's code again."),
}
