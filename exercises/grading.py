"""The engine's door: a definition and a learner's sources in, the report out. No database, no broker.

One zygote per runtime serves a process and those it forks (with accelerators: one per runtime and device, of which each
serves one job at a time). `manage.py worker` sets them with `serve_only`; elsewhere (commands, tests) the first grading
starts one, which ends with the process.
"""

import atexit
import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from exercises import disclosure, scoring
from exercises.assignment import datasets
from exercises.assignment.definition import Cell, Definition
from exercises.assignment.examined import examined_models
from exercises.sandbox.devices import NAMES, Devices, list_devices
from exercises.sandbox.errors import NoDevice, RuntimeMissing, SandboxError
from exercises.sandbox.outputs import find_line
from exercises.sandbox.run import CheckJob, Job, Run, run
from exercises.sandbox.zygote import Zygote

OnEvent = Callable[[str, dict[str, Any]], None]
_DEVICE_SECONDS = 60.0  # a worker has as many pool processes as devices, so one is free at once
_zygotes: dict[tuple[str, str], list[Zygote]] = {}  # by queue and runtime
_is_fixed = False


def runtimes() -> list[str]:
    """Return the names of the runtimes installed on this host, the default one first."""
    default = Path(settings.RUNTIME_DIR)
    installed = sorted(python.parents[1].name for python in default.parent.glob("*/bin/python"))
    return sorted(installed, key=lambda name: name != default.name)


def new_zygote(runtime: str = "", *, spares: int = 2, devices: Devices | None = None) -> Zygote:
    """Return a zygote, not started, of a runtime (default: the configured one) with every data set of the content."""
    default = Path(settings.RUNTIME_DIR)
    return Zygote(
        runtime=default.parent / runtime if runtime else default,
        datasets=datasets.public_folders(settings.CONTENT_DIRS),
        masks=datasets.masked_files(settings.CONTENT_DIRS),
        spares=spares,
        cgroups=tuple(settings.CGROUPS),
        devices=devices,
    )


def use(zygote: Zygote) -> None:
    """Grade exercises of its runtime and hardware on this (started) zygote, in this process and those it forks."""
    _zygotes.setdefault((zygote.queue, zygote.runtime.name), []).append(zygote)


def serve_only(zygotes: Iterable[Zygote]) -> None:
    """Grade on these (started) zygotes and start no others: what they cannot serve is a fault of this host."""
    global _is_fixed
    _zygotes.clear()
    _is_fixed = True
    for zygote in zygotes:
        use(zygote)


def served_runtimes() -> list[str] | None:
    """Return the names of the runtimes that this process may grade on; None where it starts what it needs."""
    return sorted({runtime for _, runtime in _zygotes}) if _is_fixed else None


def warm() -> dict[str, str]:
    """Return the addresses of the zygotes without accelerators that live in this process, by runtime."""
    found = {name: zygotes[0] for (queue, name), zygotes in _zygotes.items() if queue == "cpu"}
    return {name: zygote.address for name, zygote in found.items() if zygote.is_alive}


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
    is_exact: bool = False,
) -> dict[str, Any]:
    """Run and score one submission and return the report (docs/architecture.md). Raises SandboxError for faults of ours.

    `sources` are the submitted solution cells by id; a missing one counts as untouched. `seed` is 0 ≤ seed < 2**53. With `is_exact`
    the report is an author's: numbers are not rounded, and a finding that cannot be shown says why.
    """
    job = make_job(definition, sources, seed)
    outcomes = {check.id: check for check in definition.checks}

    def tell(kind: str, data: dict[str, Any]) -> None:
        if kind == "check":
            check = outcomes[data["id"]]
            data = {**data, "title": check.title, "points": check.points if data["outcome"] == "passed" else 0,
                    "max_points": check.points}  # fmt: skip
        on_event(kind, data)

    with _hold_zygote(definition.runtime, definition.queue) as zygote:
        result = run(job, address=zygote.address, on_event=tell, is_cancelled=is_cancelled)
    return _report(definition, sources, seed, result, zygote.versions, is_exact)


def make_job(definition: Definition, sources: dict[str, str], seed: int) -> Job:
    """Return the run that grades these sources: our cells in our order, and the checks that were attempted.

    Public checks come first, then the cells that report before all hidden checks: what they say is shown, and a function that has
    seen a hidden check's inputs could say them.
    """
    unattempted = scoring.unattempted_cells(definition, sources)
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
    definition: Definition, sources: dict[str, str], seed: int, result: Run, versions: dict[str, str], is_exact: bool
) -> dict[str, Any]:
    score = scoring.score(definition, sources, result, is_exact=is_exact)
    return {
        "exercise": definition.id,
        "version": definition.digest(),
        "verdict": score.verdict,
        "points": score.points,
        "max_points": definition.max_points,
        "passed": score.passed,
        "pass_rule": score.rule,
        "seed": seed,
        "checks": score.checks,
        "cells": [_cell(cell, result) for cell in definition.cells if cell.role in ("setup", "solution")],
        "phases": {"queued": 0.0, **(result.phases if is_exact else disclosure.phases(result))},
        "limit": result.limit,
        "usage": result.usage if is_exact else disclosure.usage(result),
        "limits": asdict(definition.limits),
        "runtime": {**versions, "name": definition.runtime, "queue": definition.queue},
    }


def _cell(cell: Cell, result: Run) -> dict[str, Any]:
    run_of_cell = result.cells.get(cell.id)
    if run_of_cell is None:
        return {"id": cell.id, "status": "not_run", "seconds": 0.0}
    entry: dict[str, Any] = {"id": cell.id, "status": run_of_cell.status, "seconds": round(run_of_cell.seconds, 2)}
    if run_of_cell.output:
        entry["output"] = run_of_cell.output
    if run_of_cell.error:
        line = find_line([run_of_cell.error["traceback"]])
        entry["error"] = {**run_of_cell.error, "is_ours": cell.role == "setup", **({"line": line} if line else {})}
    return entry


def zygote_of(runtime: str, queue: str = "cpu") -> Zygote:
    """Return a zygote of a runtime with a queue's hardware, starting it if nobody has.

    Raises RuntimeMissing or NoDevice where this host lacks them, other SandboxErrors where it does not start.
    """
    if (queue, runtime) not in _zygotes:
        if _is_fixed:
            lacks = RuntimeMissing if runtime not in (served_runtimes() or []) else NoDevice
            raise lacks(f"This worker does not serve the runtime {runtime} on the queue {queue}.")
        zygote = new_zygote(runtime, devices=None if queue == "cpu" else list_devices(queue).split()[0])
        atexit.register(zygote.stop)
        zygote.start()
        use(zygote)
    return _zygotes[queue, runtime][0]


@contextmanager
def _hold_zygote(runtime: str, queue: str) -> Iterator[Zygote]:
    """Give a zygote to one job; one with an accelerator to no other job meanwhile, in whichever process."""
    zygote = zygote_of(runtime, queue)
    if queue == "cpu":
        yield zygote
        return
    zygote, lock = _free_zygote(_zygotes[queue, runtime])
    try:
        yield zygote
    finally:
        os.close(lock)  # drops the lock, as the death of this process would


def _free_zygote(zygotes: list[Zygote]) -> tuple[Zygote, int]:
    """Return a zygote that serves no job and the descriptor that says so as long as it is open. Raises NoDevice."""
    deadline = time.monotonic() + _DEVICE_SECONDS
    while time.monotonic() < deadline:
        for zygote in zygotes:
            lock = os.open(zygote.folder / "busy", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
            else:
                return zygote, lock
        time.sleep(0.1)
    raise NoDevice("Every accelerator of this worker is busy.")
