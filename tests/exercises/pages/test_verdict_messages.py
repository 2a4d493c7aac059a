"""What a verdict says to the learner: which limit, its value, what was used, what to try."""

import pytest

from exercises.assignment.definition import Limits
from exercises.assignment.report import CellError, CellResult, Report
from exercises.models import Verdict
from exercises.pages.verdict_messages import EXPLANATIONS, OURS, explain, limit_reached, limit_text

ALLOWED = vars(Limits(wall_seconds=10, cpu_seconds=5, memory_bytes=2**28))


def report(limit=None, *errors, **usage):
    return Report(
        exercise="mails", version="sha256:0", verdict="failed", points=0, max_points=5, passed=False, seed=1, checks=(),
        cells=tuple(CellResult(id="cell", status="error" if error else "ok", error=error) for error in errors),
        limit=limit, limits=ALLOWED, usage=usage or None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "limit", "used", "words"),
    [
        (Verdict.TIME_LIMIT, "wall_seconds", 10.127, ("time by the clock", "10 s", "10.13 s")),
        (Verdict.TIME_LIMIT, "cpu_seconds", 5.2, ("CPU time", "5 s", "5.2 s")),
        (Verdict.MEMORY_LIMIT, "memory_bytes", 345 * 2**20, ("memory", "256 MiB", "345 MiB")),
        (Verdict.OUTPUT_LIMIT, "output_bytes", 3 * 2**19, ("kept output in all", "1 MiB", "1.5 MiB")),
        (Verdict.PROCESS_LIMIT, "processes", 130, ("processes and threads", "128", "130")),
        (Verdict.DISK_LIMIT, "disk_bytes", 2**28, ("disk", "256 MiB", "256 MiB")),
    ],
)
def test_a_limit_is_named_with_what_was_allowed_and_used(verdict, limit, used, words):
    told = limit_reached(verdict, report(limit, **{limit: used}))
    assert (str(told.name), str(told.allowed), str(told.used)) == words
    assert str(EXPLANATIONS[verdict].advice)


def test_an_old_report_names_its_limit_without_what_was_used():
    told = limit_reached(Verdict.MEMORY_LIMIT, report())
    assert (str(told.name), told.allowed, told.used) == ("memory", "256 MiB", "")


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.LEARNER_ERROR, Verdict.KERNEL_DIED, Verdict.CANCELLED])
def test_other_verdicts_name_no_limit(verdict):
    assert limit_reached(verdict, report("memory_bytes", memory_bytes=1)) is None


def test_waiting_is_told_from_working():
    worked = explain(Verdict.TIME_LIMIT, report("cpu_seconds", cpu_seconds=5.1))
    waited = explain(Verdict.TIME_LIMIT, report("wall_seconds", wall_seconds=10.1))
    assert "CPU time" in str(worked.meaning) and "loop" in str(worked.advice)
    assert "waited" in str(waited.meaning) and "sleep" in str(waited.advice)


def test_numbers_are_short():
    assert [str(limit_text("memory_bytes", value)) for value in (2**31, 1234567890, 900)] == [
        "2 GiB",
        "1.15 GiB",
        "900 B",
    ]


def test_an_error_of_our_own_cell_is_called_ours():
    ours, theirs = (CellError(name="E", message="", is_ours=is_ours) for is_ours in (True, False))
    assert explain(Verdict.LEARNER_ERROR, report("", None, ours)) is OURS
    assert explain(Verdict.LEARNER_ERROR, report("", ours, theirs)) is not OURS
