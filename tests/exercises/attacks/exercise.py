"""The exercise under attack: small, with a public check, a hidden one on held-out labels, and a metric of a rebuilt model.

The setup cell prints what a learner finds on arrival, so that every run also inspects what the one before it left.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from exercises.assignment.definition import Cell, Check, Definition, Limits

ARRIVAL = """
import json, os
def _walk(folder):
    return sorted(os.path.join(at, name) for at, folders, files in os.walk(folder) for name in folders + files)
print(json.dumps({
    "pid_namespace": os.readlink("/proc/self/ns/pid"),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()),
    "files": [name for folder in ("/tmp", "/dev/shm", "/run", "/dev/pts") for name in _walk(folder)],
    "environment": dict(os.environ),
    "folder": os.getcwd(),
    "modules": sorted(name for name in ("sitecustomize", "usercustomize", "left_behind") if name in __import__("sys").modules),
}))
del _walk
"""
HONEST = "def square(x):\n    return x * x\n"
WRONG = "def square(x):\n    return 0\n"
MODEL = """import numpy as np, keras
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.set_weights([np.array([[1.0], [-1.0]]), np.zeros(1)])
"""
EXAMINER = """xs = [int(x) for x in rng.integers(10, 1000, 5)]
answers = np.load(held_out("toy", "labels.npz"))
secret_label = int(answers["y"].sum())
"""
ACCURACY = """accuracy = float(((rebuild("model").predict(answers["x"], verbose=0)[:, 0] > 0) == answers["y"]).mean())
report_metric("held-out accuracy", accuracy, threshold=0.9)
assert accuracy >= 0.9
"""
FEEDBACK = "Try larger numbers."
POINTS = {"small": 1, "unseen": 3, "after": 1, "accuracy": 2}
LIMITS = Limits(
    wall_seconds=30, cpu_seconds=30, memory_bytes=256 * 2**20, processes=64, disk_bytes=32 * 2**20,
    output_bytes=256 * 2**10,
)  # fmt: skip


def write_data(root: Path) -> dict[str, str]:
    """Write the data set `toy` under a content root and return the definition's `data`: path to digest."""
    x = np.random.default_rng(7).uniform(-1, 1, (64, 2))
    folder = root / "data" / "toy"
    digests = {}
    for part, arrays in (("public/points.npz", {"x": x}), ("held_out/labels.npz", {"x": x, "y": x[:, 0] > x[:, 1]})):
        path = folder / part
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **arrays)
        digests[f"toy/{part}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "card.toml").write_text('title = "Toy"\n')
    return digests


def write_definition(data: dict[str, str], *, limits: Limits = LIMITS, **sources: str) -> Definition:
    """Return the exercise; `sources` replace the code of checks and of the examiner's cell."""
    code = {
        "small": 'assert square(3) == 9, f"3 squared is not {square(3)!r}."',
        "labels": EXAMINER,
        "unseen": "for x in xs:\n    assert square(x) == x**2",
        "after": 'assert square(5) == 25, f"5 squared is not {square(5)!r}."',
        "accuracy": ACCURACY,
    } | sources
    starter = "def square(x):\n    raise NotImplementedError\n"
    return Definition(
        id="attacked", title="Attacked", summary="", queue="cpu", minutes=5, pass_percent=70, limits=limits, data=data,
        datasets=("toy",),
        cells=(
            Cell(id="arrival", role="setup", source=ARRIVAL, starter=ARRIVAL),
            Cell(id="first", role="solution", source=HONEST, starter=starter),
            Cell(id="small", role="check", source=code["small"], starter=code["small"]),
            Cell(id="labels", role="examiner", source=code["labels"], starter=code["labels"]),
            Cell(id="unseen", role="check", source=code["unseen"], starter=code["unseen"]),
            Cell(id="after", role="check", source=code["after"], starter=code["after"]),
            Cell(id="second", role="solution", source=MODEL, starter="model = None\n"),
            Cell(id="accuracy", role="check", source=code["accuracy"], starter=code["accuracy"]),
        ),
        checks=tuple(
            Check(id=name, title=name, points=points, hidden=name in ("unseen", "accuracy"), feedback=FEEDBACK,
                  requires=("second",) if name == "accuracy" else ("first",))
            for name, points in POINTS.items()
        ),
    )  # fmt: skip


def write_checks(definition: Definition, checks: dict[str, str]) -> Definition:
    """Return the exercise with these public checks (code by name, one point each) after its first solution cell."""
    cells = tuple(cell for cell in definition.cells if cell.id in ("arrival", "first"))
    return replace(
        definition,
        cells=(*cells, *(Cell(id=name, role="check", source=code, starter=code) for name, code in checks.items())),
        checks=tuple(Check(id=name, title=name, points=1, hidden=False, requires=("first",)) for name in checks),
    )
