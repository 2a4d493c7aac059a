"""The engine's door: a definition and a learner's sources in, the report out. No database, no broker.

One zygote per runtime serves a process and those it forks: `manage.py worker` sets them with `use`; without that (commands,
tests) the first grading starts one, which ends with the process.
"""

import atexit
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from exercises import scoring
from exercises.assignment import datasets
from exercises.assignment.definition import Definition
from exercises.sandbox.errors import SandboxError
from exercises.sandbox.run import CheckJob, Job, Run, run
from exercises.sandbox.zygote import Zygote

OnEvent = Callable[[str, dict[str, Any]], None]
_zygotes: dict[str, Zygote] = {}


def runtimes() -> list[str]:
    """Return the names of the runtimes installed on this host, the default one first."""
    default = Path(settings.RUNTIME_DIR)
    installed = sorted(python.parents[1].name for python in default.parent.glob("*/bin/python"))
    return sorted(installed, key=lambda name: name != default.name)


def new_zygote(runtime: str = "", *, spares: int = 2) -> Zygote:
    """Return a zygote, not started, of a runtime (default: the configured one) with every data set of the content."""
    default = Path(settings.RUNTIME_DIR)
    return Zygote(
        runtime=default.parent / runtime if runtime else default,
        datasets=datasets.public_folders(settings.CONTENT_DIRS),
        masks=datasets.masked_files(settings.CONTENT_DIRS),
        spares=spares,
        cgroups=tuple(settings.CGROUPS),
    )


def use(zygote: Zygote) -> None:
    """Grade exercises of its runtime on this (started) zygote from now on, in this process and those it forks."""
    _zygotes[zygote.runtime.name] = zygote


def warm() -> dict[str, str]:
    """Return the addresses of the zygotes that live in this process, by runtime."""
    return {name: zygote.address for name, zygote in _zygotes.items() if zygote.is_alive}


def share(zygote: Zygote) -> None:
    """Let other processes of this host and state folder lease jails from a zygote (`shared`)."""
    folder = _shared_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    young = folder / f".{os.getpid()}"
    young.write_text(zygote.address)
    young.rename(folder / zygote.runtime.name)


def shared() -> dict[str, str]:
    """Return the addresses of the zygotes that a worker of this host shares, by runtime."""
    files = (file for file in _shared_folder().glob("*") if not file.name.startswith("."))
    addresses = {file.name: file.read_text() for file in files}
    return {name: address for name, address in addresses.items() if Path(address).exists()}


def _shared_folder() -> Path:
    return Path(settings.STATE_DIR) / "zygotes"


def grade_notebook(
    definition: Definition,
    sources: dict[str, str],
    *,
    seed: int,
    on_event: OnEvent = lambda kind, data: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Run and score one submission and return the report (docs/architecture.md). Raises SandboxError for faults of ours.

    `sources` are the submitted solution cells by id; a missing one counts as untouched. `seed` is 0 ≤ seed < 2**53.
    """
    zygote = zygote_of(definition.runtime)
    job = make_job(definition, sources, seed)
    outcomes = {check.id: check for check in definition.checks}

    def tell(kind: str, data: dict[str, Any]) -> None:
        if kind == "check":
            check = outcomes[data["id"]]
            data = {**data, "title": check.title, "points": check.points if data["outcome"] == "passed" else 0,
                    "max_points": check.points}  # fmt: skip
        on_event(kind, data)

    result = run(job, address=zygote.address, on_event=tell, is_cancelled=is_cancelled)
    return _report(definition, sources, seed, result, zygote.versions)


def make_job(definition: Definition, sources: dict[str, str], seed: int) -> Job:
    """Return the run that grades these sources: our cells in our order, and the checks that were attempted.

    Public checks come first: what they say is shown, and a function that has seen a hidden check's inputs could say them.
    """
    unattempted = scoring.unattempted_cells(definition, sources)
    checks = {check.id: check for check in definition.checks}
    cells: list[tuple[str, str]] = []
    public: list[CheckJob] = []
    hidden: list[CheckJob] = []
    prelude: list[str] = []
    for cell in definition.cells:
        if cell.role == "setup":
            cells.append((cell.id, cell.source))
        elif cell.role == "solution":
            cells.append((cell.id, sources.get(cell.id, cell.starter)))
        elif cell.role == "examiner":
            prelude.append(cell.source)
        elif cell.role == "check" and not unattempted & set(checks[cell.id].requires):
            if checks[cell.id].hidden:
                hidden.append(CheckJob(id=cell.id, sources=(*prelude, cell.source), follows=len(cells), hidden=True))
                prelude = []
            else:
                public.append(CheckJob(id=cell.id, sources=(cell.source,), follows=len(cells)))
    return Job(
        cells=tuple(cells),
        checks=(*public, *hidden),
        seed=seed,
        limits=definition.limits,
        held_out=held_out_files(definition),
        early_checks=definition.early_checks,
    )


def held_out_files(definition: Definition) -> dict[str, Path]:
    """Return the files that only the examiner sees, by "dataset/file". Raises SandboxError where they are not the right ones."""
    try:
        return datasets.held_out_files(settings.CONTENT_DIRS, definition)
    except datasets.WrongData as error:
        raise SandboxError(str(error)) from error


def _report(
    definition: Definition, sources: dict[str, str], seed: int, result: Run, versions: dict[str, str]
) -> dict[str, Any]:
    score = scoring.score(definition, sources, result)
    return {
        "exercise": definition.id,
        "version": definition.digest(),
        "verdict": score.verdict,
        "points": score.points,
        "max_points": definition.max_points,
        "passed": score.passed,
        "seed": seed,
        "checks": score.checks,
        "cells": [_cell(cell.id, result) for cell in definition.cells if cell.role in ("setup", "solution")],
        "phases": {"queued": 0.0, **result.phases},
        "limit": result.limit,
        "usage": result.usage,
        "limits": asdict(definition.limits),
        "runtime": {**versions, "name": definition.runtime, "queue": definition.queue},
    }


def _cell(cell_id: str, result: Run) -> dict[str, Any]:
    run_of_cell = result.cells.get(cell_id)
    if run_of_cell is None:
        return {"id": cell_id, "status": "not_run", "seconds": 0.0}
    entry: dict[str, Any] = {"id": cell_id, "status": run_of_cell.status, "seconds": run_of_cell.seconds}
    if run_of_cell.output:
        entry["output"] = run_of_cell.output
    if run_of_cell.error:
        entry["error"] = run_of_cell.error
    return entry


def zygote_of(runtime: str) -> Zygote:
    """Return the zygote of a runtime, starting it if nobody has. Raises ZygoteFailed where this host lacks the runtime."""
    if runtime not in _zygotes:
        zygote = new_zygote(runtime)
        atexit.register(zygote.stop)
        zygote.start()
        use(zygote)
    return _zygotes[runtime]
