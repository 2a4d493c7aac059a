"""A lesson as its kernel has it: no exercise, no stored version, no cells and checks of ours, the standard limits."""

from exercises.assignment.definition import Definition

VERSION = 0  # no row has it
DEFINITION = Definition(
    id="lesson", title="", summary="", queue="cpu", minutes=0, pass_percent=0, cells=(), checks=()
)  # fmt: skip


def session_name(slug: str) -> str:
    """Return what a lesson's session is named by, beside the slugs of exercises: none has a slash."""
    return f"lesson/{slug}"
