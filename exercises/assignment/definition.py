"""An exercise as plain data: what an author wrote, after reading and checking, before any database.

The canonical JSON of a definition is its identity: `Definition.digest()` is the exercise's version.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

Role = Literal["text", "setup", "solution", "check", "examiner"]
Queue = Literal["cpu", "gpu", "tpu"]
Better = Literal["higher", "lower"]
POOLS = ("practice", "exam")
WALL_PER_CPU = 3  # the least that an exercise may have of the clock, in its CPU time
QUEUES: tuple[Queue, ...] = ("cpu", "gpu", "tpu")
MANNERS = (
    "plain-python",
    "python-in-graph",
    "linear",
)  # automatic mutants whose answers may be right: see exercises.authoring.mutants


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may use. Bytes, seconds, counts. The defaults are architecture.md's; an exercise may lower them.

    CPU time decides, of the notebook and of the examiner each: a busy machine does not change it. The clock is a wide net,
    for what waits instead of working.
    """

    cpu_seconds: int = 120
    wall_seconds: int = WALL_PER_CPU * 120
    memory_bytes: int = 2 * 2**30
    processes: int = 128  # processes and threads beyond TensorFlow's own
    disk_bytes: int = 256 * 2**20
    output_bytes_per_cell: int = 64 * 2**10
    output_bytes: int = 2**20


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the source notebook.

    `source` is the reference (with the author's solution), `starter` what a learner begins with. They differ only for
    solution cells. `hints` has at most three entries, from a question to nearly there. An examiner cell that `opens` hidden checks
    (ids) runs before all of them and reports for them, of public rows.
    """

    id: str
    role: Role
    source: str
    starter: str
    hints: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One graded test. Its code is the `source` of the cell with the same id; `requires` names solution cells.

    The exercise is passed only if each `required` check is, however many points came together.
    """

    id: str
    title: str
    points: int
    hidden: bool
    requires: tuple[str, ...]
    feedback: str = ""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A plausible wrong answer: the solution cells it replaces, and exactly the checks that it must fail."""

    name: str
    why: str
    fails: tuple[str, ...]
    sources: dict[str, str]
    is_baseline: bool = False


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A metric that a required check measures, and the value it must reach: at least, or at most where `better` is lower.

    `words` name the metric in a certificate where its own name says too little.
    """

    check: str
    metric: str
    value: float
    better: Better = "higher"
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class OtherWay:
    """An automatic mutant of `MANNERS` that may pass here, because the exercise is not about the manner; `cell` or all cells."""

    kind: str
    why: str
    cell: str = ""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A whole exercise. `data` maps "dataset/public/file" and "dataset/held_out/file" to the file's sha256 (hex).

    `cards` has what a learner reads about each data set: title, source, licence, rows, columns, splits, known_problems
    and whether it is simulated. `pool` is one of POOLS; an exercise of the exam pool may name the one it varies.
    To pass takes `pass_percent` of all points, `pass_hidden_percent` of the hidden checks' points, and each required check.
    """

    id: str
    title: str
    summary: str
    queue: Queue
    minutes: int
    pass_percent: int
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...]
    datasets: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    limits: Limits = Limits()
    mutants: tuple[Mutant, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    other_ways: tuple[OtherWay, ...] = ()
    runtime: str = "tf-2.21"
    early_checks: bool = False
    pass_hidden_percent: int = 0
    pool: str = "practice"
    variant_of: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether learners find it: an exercise of the exam pool is seen in an exam only."""
        return self.pool == "practice"

    @property
    def max_points(self) -> int:
        return sum(check.points for check in self.checks)

    @property
    def max_hidden_points(self) -> int:
        return sum(check.points for check in self.checks if check.hidden)

    @property
    def solution_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.role == "solution")

    @property
    def locked(self) -> frozenset[str]:
        """The ids of the cells that run as we wrote them."""
        return frozenset(cell.id for cell in self.cells if cell.role == "setup")

    @property
    def public_cells(self) -> tuple[Cell, ...]:
        """The cells of the learner's copy: no examiner cell, no hidden check."""
        hidden = {check.id for check in self.checks if check.hidden}
        return tuple(cell for cell in self.cells if cell.role != "examiner" and cell.id not in hidden)

    def cell(self, cell_id: str) -> Cell:
        """Return the cell with that id. Raises KeyError."""
        for cell in self.cells:
            if cell.id == cell_id:
                return cell
        raise KeyError(cell_id)

    def reference_sources(self) -> dict[str, str]:
        return {cell.id: cell.source for cell in self.solution_cells}

    def starter_sources(self) -> dict[str, str]:
        return {cell.id: cell.starter for cell in self.solution_cells}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Definition":
        """Return the definition that `to_json` wrote. Unknown keys are an error (TypeError)."""
        values = dict(data)
        values["cells"] = tuple(_build(Cell, item) for item in values["cells"])
        values["checks"] = tuple(_build(Check, item) for item in values["checks"])
        values["mutants"] = tuple(_build(Mutant, item) for item in values.get("mutants", ()))
        values["other_ways"] = tuple(_build(OtherWay, item) for item in values.get("other_ways", ()))
        values["thresholds"] = tuple(_build(Threshold, item) for item in values.get("thresholds", ()))
        values["limits"] = Limits(**values["limits"])
        values["datasets"] = tuple(values["datasets"])
        return cls(**values)

    def digest(self) -> str:
        """Return "sha256:…" over the canonical JSON: sorted keys, no spaces, UTF-8."""
        # Canonical, since the digest is stored with each submission and compared for years.
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _build(kind: type[Any], item: dict[str, Any]) -> Any:
    # JSON has no tuples, and a definition must be equal to the one that was written.
    lists = {f.name for f in fields(kind) if f.name in {"hints", "opens", "requires", "fails"}}
    return kind(**{name: tuple(value) if name in lists else value for name, value in item.items()})
