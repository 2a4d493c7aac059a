"""Grades a notebook: a definition and a learner's sources in, the report out. No database, no broker."""

from collections.abc import Callable, Iterator, Set
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from exercises.assignment import datasets
from exercises.assignment.definition import Cell, Definition
from exercises.assignment.examined import examined_models
from exercises.assignment.pass_rule import unattempted_cells
from exercises.assignment.report import CellError, CellResult, CellStatus, Report
from exercises.assignment.run_events import CellEvent, CheckEvent, Data, Kind
from exercises.grading import disclosure, scoring, zygotes
from exercises.sandbox.devices import NAMES
from exercises.sandbox.errors import SandboxError
from exercises.sandbox.outputs import find_line
from exercises.sandbox.run import CheckJob, Job, Run, run

OnEvent = Callable[[Kind, Data], None]


def grade_notebook(
    definition: Definition,
    sources: dict[str, str],
    *,
    seed: int,
    on_event: OnEvent = lambda kind, data: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    is_exact: bool = False,
) -> Report:
    """Run and score one submission and return the report. Raises SandboxError for faults of ours.

    `sources` are the submitted solution cells by id; a missing one counts as untouched. `seed` is 0 ≤ seed < 2**53. With `is_exact`
    the report is an author's: numbers are not rounded, and a finding that cannot be shown says why.
    """
    unattempted = unattempted_cells(definition, sources)
    job = make_job(definition, sources, seed, unattempted)
    tell = partial(_pass_on, definition, on_event)
    with zygotes.hold_zygote(definition.runtime, definition.queue) as zygote:
        result = run(job, address=zygote.address, on_event=tell, is_cancelled=is_cancelled)
    score = scoring.score(definition, unattempted, result, is_exact=is_exact)
    return _report(definition, score, seed, result, zygote.versions, is_exact)


def _pass_on(definition: Definition, on_event: OnEvent, kind: str, data: dict[str, Any]) -> None:
    """Hand an event of the sandbox on, of a check with what the definition says of it."""
    if kind == "check":
        on_event("check", _check_event(definition, data))
    else:
        on_event("cell", cast(CellEvent, data))


def _check_event(definition: Definition, data: dict[str, Any]) -> CheckEvent:
    check = next(check for check in definition.checks if check.id == data["id"])
    return {
        "id": check.id,
        "outcome": data["outcome"],
        "title": check.title,
        "points": check.points if data["outcome"] == "passed" else 0,
        "max_points": check.points,
    }


def make_job(definition: Definition, sources: dict[str, str], seed: int, unattempted: Set[str] = frozenset()) -> Job:
    """Return the run that grades these sources: our cells in our order, and the checks that need no `unattempted` cell.

    Public checks come first, then the cells that report before all hidden checks: what they say is shown, and a function that has
    seen a hidden check's inputs could say them.
    """
    checks = {check.id: check for check in definition.checks}
    models = examined_models(definition)
    cells: list[tuple[str, str]] = []
    public: list[CheckJob] = []
    hidden: list[CheckJob] = []
    openings: list[CheckJob] = []
    prelude: list[str] = []
    for cell in definition.cells:
        if cell.role == "setup":
            cells.append((cell.id, cell.source))
        elif cell.role == "solution":
            cells.append((cell.id, sources.get(cell.id, cell.starter)))
        elif cell.role == "examiner" and cell.opens:
            openings.append(
                CheckJob(id=cell.id, sources=(cell.source,), follows=len(cells), hidden=True, opens=cell.opens)
            )
        elif cell.role == "examiner":
            prelude.append(cell.source)
        elif cell.role == "check" and not unattempted & set(checks[cell.id].requires):
            if checks[cell.id].hidden:
                hidden.append(CheckJob(id=cell.id, sources=(*prelude, cell.source), follows=len(cells), hidden=True))
                prelude = []
            else:
                examined = models.get(cell.id, ())
                public.append(CheckJob(id=cell.id, sources=(cell.source,), follows=len(cells), models=examined))
    return Job(
        cells=tuple(cells),
        checks=(*public, *_wanted(openings, hidden), *hidden),
        seed=seed,
        limits=definition.limits,
        held_out=held_out_files(definition),
        early_checks=definition.early_checks,
        accelerator=NAMES.get(definition.queue, ""),
        locked=definition.locked,
    )


def _wanted(openings: list[CheckJob], hidden: list[CheckJob]) -> Iterator[CheckJob]:
    """Yield the cells that report for a check of this run, when what that check follows has run."""
    follows = {check.id: check.follows for check in hidden}
    for cell in openings:
        opens = tuple(check for check in cell.opens if check in follows)
        if opens:
            yield replace(cell, opens=opens, follows=max(cell.follows, *(follows[check] for check in opens)))


def held_out_files(definition: Definition) -> dict[str, Path]:
    """Return the files that only the examiner sees, by "dataset/file". Raises SandboxError where they are not the right ones."""
    try:
        return datasets.held_out_files(settings.CONTENT_DIRS, definition)
    except datasets.WrongData as error:
        raise SandboxError(str(error)) from error


def _report(
    definition: Definition, score: scoring.Score, seed: int, result: Run, versions: dict[str, str], is_exact: bool
) -> Report:
    return Report(
        exercise=definition.id,
        version=definition.digest(),
        verdict=score.verdict,
        points=score.points,
        max_points=definition.max_points,
        passed=score.passed,
        pass_rule=score.rule,
        seed=seed,
        checks=score.checks,
        cells=tuple(_cell(cell, result) for cell in definition.cells if cell.role in ("setup", "solution")),
        phases={"queued": 0.0, **(result.phases if is_exact else disclosure.phases(result))},
        limit=result.limit,
        usage=result.usage if is_exact else disclosure.usage(result),
        limits=asdict(definition.limits),
        runtime={**versions, "name": definition.runtime, "queue": definition.queue},
    )


def _cell(cell: Cell, result: Run) -> CellResult:
    run_of_cell = result.cells.get(cell.id)
    if run_of_cell is None:
        return CellResult(id=cell.id, status="not_run")
    return CellResult(
        id=cell.id,
        status=cast(CellStatus, run_of_cell.status),
        seconds=round(run_of_cell.seconds, 2),
        output=run_of_cell.output,
        error=_error(cell, run_of_cell.error) if run_of_cell.error else None,
    )


def _error(cell: Cell, error: dict[str, str]) -> CellError:
    line = find_line([error["traceback"]])
    return CellError(**error, is_ours=cell.role == "setup", line=line or None)
