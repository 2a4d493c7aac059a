"""Runs the automatic mutants of one exercise: the reference once in a jailed kernel, then cell after cell replaced and put back.

The checks run as in a grading, in a fresh examiner for each mutant. A mutant that hangs or kills the kernel has not passed;
the kernel is then started anew, a few times at most.
"""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from exercises.assignment.definition import Definition
from exercises.grading import engine, zygotes
from exercises.sandbox.console import Console
from exercises.sandbox.errors import RunEnded
from exercises.sandbox.run import CheckJob, CheckRun, Job

from .cells import owned_names
from .kinds import KINDS, LINEAR, REMEMBERING, WEIGHTS
from .trials import WHOLE, Trial

JUNK = Path(__file__).with_name("junk")
MODULES = ("values", "weights", "transforms", "objects", "functions", "linear", "stage")  # each uses those before it
MAX_RESTARTS = 6
PATIENCE = (30.0, 6.0)  # seconds for a mutant: so many, and so many times what the reference took
RUN_SECONDS = 900.0  # for the cells of the reference
# The kernel has no files of ours: each module of junk is sent as text and made a module there.
_INSTALL = """
import sys, types
_junk = types.ModuleType("junk")
_junk.__path__ = []
sys.modules["junk"] = _junk
for _name, _source in {sources!r}.items():
    _module = types.ModuleType("junk." + _name)
    _module.__package__ = "junk"
    sys.modules["junk." + _name] = _module
    setattr(_junk, _name, _module)
    exec(compile(_source, "<junk " + _name + ">", "exec"), _module.__dict__)
del _junk, _module, _name, _source
"""
# Numbers leave a check as metrics only, so the stage's counts are reported as such.
_MARK = (
    "[report_metric(name_, number_) for name_, number_ in "
    "zip(('calls', 'differing', 'applied'), learner['__stage__'].mark({is_public}))]"
)
CALLS, DIFFERING, APPLIED = range(3)
Say = Callable[[str], None]


class Broken(Exception):
    """The attack itself cannot be made; the text says why."""


class _TooLong(Exception):
    """A mutant has used up its time."""


@dataclass
class Asked:
    """What a mutant came to in the checks: outcomes by id, and [calls, differing, applied] during each."""

    outcomes: dict[str, str] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)
    ending: str = ""

    @property
    def passed(self) -> frozenset[str]:
        return frozenset(name for name, outcome in self.outcomes.items() if outcome == "passed")

    def total(self, index: int) -> int:
        return sum(counts[index] for counts in self.counts.values())


def attack(definition: Definition, *, seed: int = 1, say: Say = lambda text: None) -> list[Trial]:
    """Return the trials of every automatic mutant. Raises Broken where they cannot be made, SandboxError for faults of ours."""
    return list(_Attack(definition, seed, say).trials())


class _Attack:
    """One exercise under attack."""

    def __init__(self, definition: Definition, seed: int, say: Say) -> None:
        self._definition = definition
        self._seed = seed
        self._say = say
        self._address = zygotes.zygote_of(definition.runtime, definition.queue).address
        self._job = engine.make_job(definition, definition.reference_sources(), seed)
        self._names = owned_names(definition)
        self._restarts = 0
        self._bent = 0

    def trials(self) -> Iterator[Trial]:
        """Yield one trial after the other; whatever a mutant does, the next one finds the reference as it was."""
        pending = [(cell, kind.name) for cell in self._names for kind in KINDS]
        known: dict[tuple[str, str], Trial] = {}
        while pending:
            if self._restarts > MAX_RESTARTS:
                raise Broken(f"Mutants killed or blocked the kernel {self._restarts} times; next was {pending[0]}.")
            with self._start() as scene:
                while pending and scene.is_alive:
                    cell, kind = pending.pop(0)
                    yield self._try(scene, cell, kind, known)
                self._bent = scene.bent
            self._restarts += 1
        if self._bent:
            yield self._try_linear()

    def _start(self) -> "_Scene":
        return _Scene(self._definition, self._job, self._address, self._names, self._seed)

    def _try(self, scene: "_Scene", cell: str, kind: str, known: dict[tuple[str, str], Trial]) -> Trial:
        checks = _requiring(self._definition, self._job, cell)
        started = time.monotonic()
        begun = scene.begin(cell, kind)
        if begun is None:
            return Trial(cell=cell, kind=kind, asked=frozenset(check.id for check in checks), ending="kernel_died")
        signature = (cell, str(begun["signature"]))
        if not begun["replaced"] or signature in known:
            scene.end(cell)
            if not begun["replaced"]:
                return Trial(cell=cell, kind=kind, state="not_applicable")
            return replace(known[signature], kind=kind)
        asked = scene.ask(checks)
        if scene.is_alive:
            scene.end(cell)
        trial = _trial(cell, kind, checks, asked, is_changed=bool(begun["changed"]))
        if begun["is_right"] and not asked.total(CALLS) and not asked.ending:
            return replace(trial, state="not_applicable")  # the model is right, and its helpers are asked by nobody
        if signature[1]:
            known[signature] = trial
        self._say(f"{cell} {kind} {time.monotonic() - started:.1f} s {sorted(trial.passed)}")
        return trial

    def _try_linear(self) -> Trial:
        checks = [check for check in self._job.checks if not check.opens]
        trial = Trial(cell=WHOLE, kind=LINEAR.name, asked=frozenset(check.id for check in checks))
        with _Scene(self._definition, self._job, self._address, self._names, self._seed, is_linear=True) as scene:
            if not scene.is_alive:
                return replace(trial, ending=scene.ending)
            asked = scene.ask(checks)
        return replace(trial, passed=asked.passed, ending=asked.ending)


def _trial(cell: str, kind: str, checks: list[CheckJob], asked: Asked, *, is_changed: bool) -> Trial:
    """Judge one run: not applicable, the same as the reference, or junk.

    In a check it was honest if it was asked and said nothing wrong; a check that passes without asking looks at something else.
    """
    honest = frozenset(name for name, (calls, differing, _) in asked.counts.items() if calls and not differing)
    trial = Trial(
        cell=cell, kind=kind, asked=frozenset(check.id for check in checks), passed=asked.passed, honest=honest,
        ending=asked.ending,
    )  # fmt: skip
    if is_changed or asked.ending or asked.total(DIFFERING):
        return trial
    if not asked.total(APPLIED) and (asked.total(CALLS) or kind in WEIGHTS):
        return replace(trial, state="not_applicable")
    telling = [check.id for check in checks if check.hidden or kind not in REMEMBERING]
    return replace(trial, state="same") if honest & set(telling) else trial


def _requiring(definition: Definition, job: Job, cell: str) -> list[CheckJob]:
    """Return the checks that require a cell, each with the examiner cells since the one before."""
    wanted = {check.id for check in definition.checks if cell in check.requires}
    jobs: list[CheckJob] = []
    prelude: list[str] = []
    for check in job.checks:
        prelude += check.sources[:-1]
        if check.id in wanted:
            jobs.append(replace(check, sources=(*prelude, check.sources[-1])))
            prelude = []
    return jobs


class _Scene:
    """A kernel in which the reference has run. Use as a context manager; `is_alive` until a mutant has killed it."""

    def __init__(
        self,
        definition: Definition,
        job: Job,
        address: str,
        names: dict[str, list[str]],
        seed: int,
        *,
        is_linear: bool = False,
    ) -> None:
        self.is_alive = True
        self.ending = ""
        self.bent = 0
        self._definition, self._job, self._names, self._seed = definition, job, names, seed
        limits = definition.limits
        self._limits = replace(
            limits, cpu_seconds=36_000, memory_bytes=max(limits.memory_bytes, 4 * 2**30), processes=limits.processes * 2
        )
        self._address = address
        self._is_linear = is_linear
        self._text = ""
        self._deadline = 0.0
        self._seconds: dict[str, float] = {}  # what the reference took in each check

    def __enter__(self) -> "_Scene":
        with contextlib.ExitStack() as stack:
            self._console = stack.enter_context(Console(self._address, limits=self._limits, seed=self._seed))
            self._run_reference()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def begin(self, cell: str, kind: str) -> dict[str, Any] | None:
        """Replace a cell; None where that killed the kernel."""
        return self._command(f"__stage__.begin({cell!r}, {kind!r})")

    def end(self, cell: str) -> None:
        """Put the cell back."""
        self._command(f"__stage__.end({cell!r})")

    def ask(self, checks: list[CheckJob]) -> Asked:
        """Run checks in a fresh examiner. Every check but the first that hangs or kills the kernel is then missing."""
        seconds = sum(self._seconds.get(check.id, 0.0) for check in checks)
        asked = Asked()
        try:
            self._examine(checks, asked, PATIENCE[0] + PATIENCE[1] * seconds)
        except _TooLong:
            asked.ending = "too long"
            self._calm()
        except RunEnded as end:
            asked.ending = end.ending
            self.is_alive = self._is_up()
        return asked

    def _examine(self, checks: list[CheckJob], asked: Asked, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        started = time.monotonic()
        jobs = checks if self._is_linear else _marked(checks)
        limits = replace(self._definition.limits, cpu_seconds=max(120, int(seconds)))
        for name, outcome in self._console.examine(
            jobs, seed=self._seed, held_out=self._job.held_out, limits=limits, tick=self._tick
        ):
            if name.startswith("~"):
                asked.counts |= {name[1:]: _counts(outcome)} if name[1:] else {}
                started = time.monotonic()
            else:
                asked.outcomes[name] = outcome.outcome
                self._seconds.setdefault(name, time.monotonic() - started)

    def _run_reference(self) -> None:
        sources = {name: (JUNK / f"{name}.py").read_text(encoding="utf-8") for name in MODULES}
        self._cell(_INSTALL.format(sources=sources))
        if self._is_linear:
            self._cell('import sys\nsys.modules["junk.linear"].watch(is_straightened=True)')
        else:
            self._cell(f'import sys\nsys.modules["junk.stage"].install(globals(), {self._names!r})')
        for cell, source in self._job.cells:
            is_watched = cell in self._names and not self._is_linear
            if is_watched:
                self._cell(f"__stage__.enter({cell!r})")
            if self._cell(source) != "ok" and not (self._is_linear and cell in self._job.locked):
                self._refuse(cell)
                return
            if is_watched:
                self._cell(f"__stage__.leave({cell!r})")
        if not self._is_linear:
            self._check_reference()

    def _check_reference(self) -> None:
        reply = self._command("__stage__.freeze()")
        self.bent = int((reply or {}).get("bent", 0))
        cell = next(iter(self._names))
        self.begin(cell, "reference")
        asked = Asked()
        self._examine(list(self._job.checks), asked, RUN_SECONDS)
        self.end(cell)
        missed = [check.id for check in self._job.checks if not check.opens and check.id not in asked.passed]
        if missed:
            raise Broken(f"The reference itself misses {', '.join(missed)}.")

    def _refuse(self, cell: str) -> None:
        if not self._is_linear:
            raise Broken(f"The reference's cell {cell} raised: {self._text[-500:]}")
        self.is_alive, self.ending = False, "learner_error"

    def _command(self, code: str) -> dict[str, Any] | None:
        """Run a line of ours, and return what it said last."""
        try:
            status = self._cell(code, seconds=120)
        except (_TooLong, RunEnded):
            self.is_alive = False
            return None
        if status != "ok":
            raise Broken(f"{code}: {self._text[-800:]}")
        replies = [line for line in self._text.splitlines() if line.startswith("@")]
        return dict(json.loads(replies[-1][1:])) if replies else {}

    def _cell(self, source: str, *, seconds: float = RUN_SECONDS) -> str:
        self._text, self._deadline = "", time.monotonic() + seconds
        return self._console.run_cell(source, on_output=self._listen, tick=self._tick).status

    def _listen(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "stream":
            self._text += str(content.get("text", ""))
        elif kind == "error":
            self._text += "\n".join(map(str, content.get("traceback", [])))

    def _tick(self) -> None:
        if time.monotonic() > self._deadline:
            raise _TooLong

    def _calm(self) -> None:
        """Stop what a mutant left running, or give the kernel up."""
        try:
            self._console.interrupt()
            self.is_alive = self._cell("None", seconds=10) == "ok"
        except (_TooLong, RunEnded):
            self.is_alive = False

    def _is_up(self) -> bool:
        """Tell whether it was only the examiner that ended."""
        try:
            return self._cell("None", seconds=10) == "ok"
        except (_TooLong, RunEnded):
            return False


def _marked(checks: list[CheckJob]) -> list[CheckJob]:
    """Return the checks with a question after each: how did the mutant answer in it? What follows may be hidden."""
    jobs = [_mark("", checks[:1])]
    for index, check in enumerate(checks):
        jobs += [check, _mark(check.id, checks[index + 1 : index + 2])]
    return jobs


def _mark(check_id: str, following: list[CheckJob]) -> CheckJob:
    is_public = bool(following) and not following[0].hidden
    return CheckJob(id=f"~{check_id}", sources=(_MARK.format(is_public=is_public),), follows=0)


def _counts(outcome: CheckRun) -> list[int]:
    if outcome.outcome != "passed":
        raise Broken(f"The stage did not answer: {outcome.message}")
    return [int(metric["value"]) for metric in outcome.metrics]
