"""Automatic mutants on the real engine: weak checks are found out, strong ones hold."""

import pytest

from exercises.assignment.definition import Cell, Check, Definition
from exercises.authoring.mutants import attack, trials
from exercises.authoring.mutants.kinds import KINDS

pytestmark = [pytest.mark.jail, pytest.mark.timeout(600)]
SETUP = """import numpy as np
import tensorflow as tf
import keras
generator = np.random.default_rng(1)
rows = generator.normal(size=(200, 3)).astype("float32")
answers = (np.abs(rows).sum(axis=1) > 2.2).astype(int)
"""
SCALE = """
def scale(x):
    mean, spread = x.mean(axis=0), x.std(axis=0)
    return (x - mean) / spread
"""
LOUDER = """
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def louder(signal):
    return 2.0 * signal
"""
MODEL = """
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")])
model.compile(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy")
history = model.fit(rows, answers, epochs=20, batch_size=32, verbose=0)
"""
SOLUTIONS = {"scale": SCALE, "louder": LOUDER, "model": MODEL}
FRESH = """x_ = rng.normal(3, 2, (50, 3))
"""
GRAPH = """given_ = rng.normal(size=9).astype("float32")
"""
PREDICTED = """x_ = rng.normal(size=(400, 3)).astype("float32")
accuracy_ = float(((rebuild("model").predict(x_, verbose=0)[:, 0] > 0.5) == (np.abs(x_).sum(axis=1) > 2.2)).mean())
"""
WEAK = {
    "scale": FRESH + "assert not (np.abs(np.asarray(scale(x_), float)) > 100).any()",
    "louder": GRAPH + "louder(given_)\nassert louder.experimental_get_tracing_count() == 1",
    "model": PREDICTED + "assert len(rebuild('model').layers) == 2 and len(history.history['loss']) == 20",
}
STRONG = {
    "scale": FRESH + "close(scale(x_), (x_ - x_.mean(0)) / x_.std(0), atol=1e-4)",
    # What a graph is made of cannot be asked in one line: see the exercises. Here its answers are enough.
    "louder": GRAPH + "close(louder(given_), 2 * given_, atol=1e-5)",
    "model": PREDICTED + "assert accuracy_ > 0.85",
}


def exercise(checks, solutions=SOLUTIONS, setup=SETUP, shown="", **options):
    cells = [Cell(id="start", role="setup", source=setup, starter=setup)]
    for name, source in solutions.items():
        cells.append(Cell(id=name, role="solution", source=source, starter=""))
        if shown:
            cells.append(Cell(id=f"{name}-shown", role="check", source=shown, starter=""))
        cells.append(Cell(id=f"{name}-kept", role="check", source=checks[name], starter=""))
    graded = [
        Check(id=cell.id, title="", points=1, hidden=cell.id.endswith("-kept"), requires=(cell.id.rpartition("-")[0],),
              required=cell.id.endswith("-kept"))
        for cell in cells if cell.role == "check"
    ]  # fmt: skip
    return Definition(
        id="toy", title="", summary="", queue="cpu", minutes=1, pass_percent=80, pass_hidden_percent=80, cells=tuple(cells),
        checks=tuple(graded), **options,
    )  # fmt: skip


def states(definition):
    """Return {(cell, kind): "passes", "beaten", "same" or "not_applicable"} and the problems."""
    found = attack.attack(definition)
    rows = trials.rows(definition, found)
    said = {
        (row["cell"], kind): row.get("state") or ("passes" if row["passed"] else "beaten")
        for row in rows
        for kind in row["kinds"]
    }
    return said, trials.problems(definition, found)


@pytest.fixture
def only(monkeypatch):
    """Try only these kinds."""

    def choose(*names):
        monkeypatch.setattr(attack, "KINDS", [kind for kind in KINDS if kind.name in names])

    return choose


def of(said, cell, state):
    return {kind for (place, kind), found in said.items() if place == cell and found == state}


def test_every_kind_is_tried_on_a_weak_check():
    said, problems = states(exercise(WEAK, {"scale": SCALE}))
    assert {kind for _, kind in said} == {kind.name for kind in KINDS}
    assert of(said, "scale", "passes") >= {
        "zeros", "ones", "nan", "rank-0", "rank-1", "rank-2", "rank-3", "no-rows", "input", "constant", "memorised-zeros",
        "memorised-last", "typical",
    }  # fmt: skip
    assert of(said, "scale", "not_applicable") == {"untrained", "zero-weights", "plain-python", "python-in-graph"}
    assert [problem.partition(" replaced")[0] for problem in problems] == ["The cell scale"] * 2
    assert "gets the points of the hidden check scale-kept" in problems[1]


def test_a_graph_that_is_asked_about_itself_is_found_out(only):
    only("zeros", "rank-1", "nothing", "constant", "testifying", "plain-python", "python-in-graph")
    said, _ = states(exercise(WEAK, {"louder": LOUDER}))
    assert set(said.values()) == {"passes"}


def test_a_model_that_need_not_be_trained_is_found_out(only):
    only("nan", "untrained", "zero-weights", "plain-python")
    said, problems = states(exercise(WEAK, {"model": MODEL}))
    assert of(said, "model", "passes") == {"nan", "untrained", "zero-weights"}
    assert said["*", "linear"] == "passes"
    assert any("The whole notebook replaced by linear passes" in problem for problem in problems)


def test_a_block_of_a_functional_model_is_replaced_too(only):
    """A Keras tensor has a tuple for a shape, not one of TensorFlow's."""
    only("zeros", "no-rows", "rank-1")
    block = "def block(x):\n    return keras.layers.Dense(16, 'relu')(x)"
    model = "inputs = keras.Input((3,))\n" + MODEL.replace(
        'keras.Sequential([keras.Input((3,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")])',
        'keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(block(inputs)))',
    )
    checks = {"block": "1 + 1", "model": STRONG["model"]}
    said, _ = states(exercise(checks, {"block": block, "model": model}))
    assert of(said, "model", "beaten") == {"zeros", "no-rows", "rank-1"}


def test_strong_checks_hold(only):
    only("zeros", "rank-1", "memorised-last", "untrained", "plain-python")
    said, _ = states(exercise(STRONG))
    assert of(said, "scale", "passes") == of(said, "model", "passes") == of(said, "*", "passes") == set()
    assert of(said, "louder", "passes") == {"plain-python"}  # right answers; nobody asked for the graph
    assert of(said, "scale", "beaten") == {"zeros", "rank-1", "memorised-last"}
    assert of(said, "model", "beaten") >= {"zeros", "untrained"}


def test_public_literals_are_found_where_no_hidden_check_asks(only):
    only("constant", "memorised-zeros", "memorised-last", "memorised-nearest")
    solutions = {"double": "def double(x):\n    return 2 * x"}
    only_shown = exercise({"double": "1 + 1"}, solutions, shown="assert double(4) == 8")
    said, problems = states(only_shown)
    assert of(said, "double", "passes") >= {"memorised-zeros", "memorised-last", "constant"}
    assert any("hidden check double-kept" in problem for problem in problems)  # it requires what it never asks
    asked = exercise(
        {"double": "for x_ in (3, 5, -2): same(double(x_), 2 * x_)"}, solutions, shown="assert double(4) == 8"
    )
    said, problems = states(asked)
    assert problems == [] and said["double", "memorised-nearest"] == "beaten"


def test_a_mutant_that_is_the_reference_is_no_failure(only):
    only("zeros", "ones", "typical")
    solutions = {"empty": "def empty(n):\n    return np.zeros(n)"}
    said, problems = states(exercise({"empty": "for n_ in (2, 5): close(empty(n_), np.zeros(n_))"}, solutions))
    assert said["empty", "zeros"] == said["empty", "typical"] == "same" and said["empty", "ones"] == "beaten"
    assert problems == []


def test_mutants_that_kill_or_block_the_kernel_have_not_passed(monkeypatch, only):
    only("zeros", "ones", "nan")
    monkeypatch.setattr(attack, "PATIENCE", (4.0, 2.0))
    setup = """import os, time
import numpy as np
def use(x):
    found = float(size(x))
    if found == 0.0: os._exit(3)
    while found == 1.0: time.sleep(0.1)
    return found
"""
    checks = {"size": "same(use([1.0, 2.0, 3.0]), 3.0)"}
    definition = exercise(checks, {"size": "def size(x):\n    return float(len(x))"}, setup)
    found = {trial.kind: trial for trial in attack.attack(definition)}
    assert found["zeros"].ending == "kernel_died" and not found["zeros"].passed
    assert found["ones"].ending == "too long" and not found["ones"].passed
    assert found["nan"].ending == "" and len(found) == 3


def test_a_training_in_place_can_be_left_out(only):
    only("zeros", "nothing", "untrained")
    """The cell binds no name: what it did is in the weights of another cell's model."""
    before, _, training = MODEL.rpartition("history = ")
    solutions = {"model": before, "train": training}
    checks = {"model": "assert len(rebuild('model').layers) == 2", "train": STRONG["model"]}
    said, _ = states(exercise(checks, solutions))
    assert said["train", "untrained"] == said["train", "nothing"] == "beaten"
    assert said["train", "zeros"] == "not_applicable"


def test_what_checks_and_mutants_change_is_put_back(only):
    only("zeros", "ones", "nan", "nothing")
    solutions = {
        "count": "seen = []\ntotal = tf.Variable(0)\ndef count(x):\n    seen.append(x)\n    total.assign_add(x)\n    return len(seen)"
    }
    checks = {
        "count": "for n_ in (1, 2, 3): same(count(n_ + 1), n_)\nlearner.other = 1\nassert 'stray' not in learner\nlearner.stray = 2"
    }
    said, problems = states(exercise(checks, solutions))
    assert problems == [] and of(said, "count", "beaten") == {"zeros", "ones", "nan", "nothing"}


def test_a_reference_that_does_not_hold_is_said():
    with pytest.raises(attack.Broken, match="reference itself misses scale-kept"):
        attack.attack(exercise({"scale": "assert False"}, {"scale": SCALE}))


def test_a_function_that_builds_a_model_is_asked_for_no_weights(only):
    only("zeros", "constant", "rank-1")
    build = "def build():\n    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])"
    said, _ = states(exercise({"build": "assert len(rebuild(learner.build()).layers) == 1"}, {"build": build}))
    assert (
        said["build", "zeros"] == said["build", "constant"] == "not_applicable" and said["build", "rank-1"] == "beaten"
    )
