"""Jobs on the real jail: three roles, their limits, and what each end is called."""

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.run import CheckJob, Job, run

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def address():
    return zygotes.zygote_of("tf-2.21").address


@pytest.fixture
def graded(address, tmp_path):
    def grade(*cells, checks=(), held_out=None, events=None, is_cancelled=lambda: False, seed=7, **limits):
        job = Job(
            cells=tuple((f"cell-{number}", cell) for number, cell in enumerate(cells)),
            checks=tuple(
                CheckJob(id=f"check-{number}", sources=(check,), follows=len(cells))
                for number, check in enumerate(checks)
            ),
            seed=seed,
            limits=Limits(**{"wall_seconds": 20, **limits}),
            held_out=held_out or {},
        )
        seen = events if events is not None else []
        return run(job, address=address, on_event=lambda *event: seen.append(event), is_cancelled=is_cancelled)

    return grade


def outcomes(result):
    return [check.outcome for check in result.checks.values()]


def test_it_works(graded):
    events = []
    result = graded(
        "print('hello')\nx = 20", "y = x + 22", checks=["assert y == 42", "assert y == 1, f'got {y}'"], events=events
    )
    assert result.ending == "completed" and outcomes(result) == ["passed", "failed"]
    assert result.checks["check-1"].message == "got 42"
    assert result.cells["cell-0"].output == "hello\n"
    assert [(kind, data["id"]) for kind, data in events if data.get("status") != "running"] == [
        ("cell", "cell-0"), ("cell", "cell-1"), ("check", "check-0"), ("check", "check-1")]  # fmt: skip


def test_a_bare_assert_shows_its_line(graded):
    result = graded("x = 1", checks=["y = 2\nassert x == y"])
    assert result.checks["check-0"].message == "This does not hold: assert x == y"


def test_held_out_files_reach_the_examiner_only(graded, tmp_path):
    secret = tmp_path / "labels.txt"
    secret.write_text("the-secret-label")
    look = "import subprocess\nfound = subprocess.run('grep -rls the-secret-label /tmp /run /data /dev/shm /opt', shell=True, capture_output=True).stdout"
    result = graded(
        look,
        checks=["assert open(held_out('set', 'labels.txt')).read() == 'the-secret-label'", "assert found == b''"],
        held_out={"set/labels.txt": secret},
    )
    assert outcomes(result) == ["passed", "passed"]


def test_a_model_is_rebuilt_and_measured_by_the_examiner(graded):
    model = """
import keras, numpy as np
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
model.predict = lambda *_, **__: np.full((4, 1), 99.0)
"""
    check = "assert np.allclose(rebuild('model').predict(np.ones((4, 2)), verbose=0), 2.0)\nreport_metric('m', 0.5, threshold=0.4)"
    result = graded(model, checks=[check])
    assert outcomes(result) == ["passed"], result.checks
    assert result.checks["check-0"].metrics == ({"name": "m", "value": 0.5, "threshold": 0.4, "better": "higher"},)


def test_what_a_check_finds_out_is_kept_and_never_costs_it(graded):
    check = "report_confusion(np.array([0, 1]), np.array([0, 0]))\nreport_slices([1], ['a', 'b'])\nassert True"
    result = graded("x = 1", checks=[check])
    assert outcomes(result) == ["passed"], result.checks
    good, bad = result.checks["check-0"].findings
    assert good["matrix"] == [[1, 0], [1, 0]]
    assert bad["kind"] == "none" and "same length" in bad["message"]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("keras.layers.Lambda(lambda x: x)", "Lambda"),
        ("Mine()", "cannot be examined"),
    ],
)
def test_a_model_with_foreign_layers_is_not_rebuilt(graded, layer, words):
    source = f"""
import keras
class Mine(keras.layers.Layer):
    def call(self, x):
        return x
model = keras.Sequential([keras.layers.Input((2,)), {layer}])
"""
    result = graded(source, checks=["rebuild('model')"])
    assert outcomes(result) == ["failed"] and words in result.checks["check-0"].message


def test_a_foreign_model_can_be_asked_for_predictions(graded):
    source = "import numpy as np\nclass Model:\n    def predict(self, x, verbose=0):\n        return np.asarray(x) * 3\nmodel = Model()"
    result = graded(source, checks=["assert predict('model', np.ones((2, 1))).tolist() == [[3.0], [3.0]]"])
    assert outcomes(result) == ["passed"], result.checks


def test_an_error_stops_the_run_and_later_checks_do_not_run(address):
    job = Job(
        cells=(("a", "x = 1"), ("b", "1 / 0"), ("c", "y = 2")),
        checks=(CheckJob(id="early", sources=("assert x == 1",), follows=1), CheckJob(id="late", sources=("pass",), follows=3)),
        seed=1,
        limits=Limits(wall_seconds=20),
    )  # fmt: skip
    result = run(job, address=address, on_event=lambda *_: None)
    assert result.ending == "learner_error" and list(result.checks) == ["early"] and "c" not in result.cells
    assert result.cells["b"].error["name"] == "ZeroDivisionError"


@pytest.mark.parametrize(
    ("source", "limits", "ending"),
    [
        ("while True: pass", {"wall_seconds": 2}, "time_limit"),
        ("import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException: pass", {"wall_seconds": 2}, "time_limit"),
        ("while True: pass", {"cpu_seconds": 1}, "time_limit"),
        ("x = []\nwhile True: x.append(bytearray(10**7))", {"memory_bytes": 300 * 2**20}, "memory_limit"),
        ("while True: print('x' * 1000)", {"cpu_seconds": 2}, "time_limit"),
        ("import os; os._exit(0)", {}, "kernel_died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)\nimport ctypes; ctypes.string_at(0)", {}, "kernel_died"),
    ],
    ids=["busy", "sleep", "cpu", "memory", "output", "exit", "crash"],
)  # fmt: skip
def test_every_end_has_a_name(graded, source, limits, ending):
    result = graded("x = 1", source, checks=["assert True"], **limits)
    assert result.ending == ending and result.checks == {}
    assert result.cells["cell-1"].status == "interrupted"


@pytest.mark.parametrize("source", ["def f():\n    import os; os._exit(0)", "def f():\n    while True: pass"])
def test_ending_the_process_during_a_check_passes_nothing(graded, source):
    result = graded(source, checks=["f()", "assert True"], wall_seconds=2)
    assert result.ending in ("kernel_died", "time_limit") and result.checks == {}


def test_a_run_can_be_cancelled(graded):
    result = graded("import time\ntime.sleep(60)", is_cancelled=lambda: True)
    assert result.ending == "cancelled"


def test_the_same_seed_gives_the_same_training(graded):
    source = """
import keras, numpy as np
x = np.random.rand(64, 4); y = x.sum(1)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dropout(0.3), keras.layers.Dense(1)])
model.compile(loss="mse"); model.fit(x, y, epochs=2, verbose=0)
weight = float(model.get_weights()[0][0, 0])
"""
    check = ["report_metric('weight', weight)"]
    values = [graded(source, checks=check, seed=seed).checks["check-0"].metrics[0]["value"] for seed in (1, 1, 2)]
    assert values[0] == values[1] != values[2]


def test_the_notebook_cannot_foretell_the_examiners_draws(graded):
    result = graded(
        "import numpy as np\nguess = float(np.random.default_rng(np.random.get_state()[1][0]).random())",
        checks=["assert guess != rng.random()"],
    )
    assert outcomes(result) == ["passed"]


def test_with_early_checks_what_passed_before_a_later_death_counts(address):
    cells = (("a", "x = 1"), ("b", "x = 2"), ("c", "import os; os._exit(0)"))
    checks = tuple(
        CheckJob(id=f"x-is-{number}", sources=(f"assert x == {number}",), follows=number) for number in (1, 2, 3)
    )
    limits = Limits(wall_seconds=20)
    results = [
        run(
            Job(cells=cells, checks=checks, seed=1, limits=limits, early_checks=early),
            address=address,
            on_event=lambda *_: None,
        )
        for early in (True, False)
    ]
    assert [result.ending for result in results] == ["kernel_died", "kernel_died"]
    assert [list(result.checks) for result in results] == [["x-is-1", "x-is-2"], []]
    assert outcomes(results[0]) == ["passed", "passed"]


def test_what_a_kernel_needs_is_loaded_before_the_fork(graded):
    """The examiner is a fork that starts no kernel: what it has, the zygote had. Each missing module costs every submission."""
    needed = ["ipykernel.kernelapp", "ipykernel.debugger", "IPython.core.completerlib", "IPython.extensions.storemagic"]
    needed += ["matplotlib.pyplot", "matplotlib_inline.backend_inline", "pandas", "sklearn.metrics", "keras"]
    result = graded(
        "x = 1", checks=[f"import sys\nmissing = set({needed}) - set(sys.modules)\nassert not missing, missing"]
    )
    assert outcomes(result) == ["passed"], result.checks


def test_a_kernel_does_not_copy_the_list_of_modules(graded):
    """ipykernel would read all of them for its debugger, and each page that it touches is no longer shared."""
    look = "kernel_files = len(get_ipython().kernel._kernel_modules)\nhas_debugger = hasattr(get_ipython().kernel, 'debugger')"
    result = graded(look, checks=["assert kernel_files == 0 and not has_debugger, (kernel_files, has_debugger)"])
    assert outcomes(result) == ["passed"], result.checks


def test_columns_and_shapes_are_taken_for_their_values(graded):
    """Subclasses of plain types have their own tests, without a jail (test_plain); these need pandas and TensorFlow."""
    cell = (
        "import collections, pandas as pd, tensorflow as tf\n"
        "column = pd.Series([1.0, 2.0, 4.0])\n"
        "labelled = pd.Series([1.0, 2.0], index=pd.MultiIndex.from_tuples([(1, 2), (3, 4)]))\n"
        "kept = collections.OrderedDict(losses=column)\n"
        "shape, words = tf.zeros((2, 3)).shape, pd.Index(['a', 'b'])"
    )
    checks = [
        "close(column, [1, 2, 4]) and same(sequence(column), [1.0, 2.0, 4.0])",
        "close(labelled, [1, 2])",
        "close(mapping(kept, ['losses'])['losses'], [1, 2, 4])",
        "same(shape, (2, 3))\nassert shape == (2, 3)",
        "same(words, ['a', 'b'])",
        "close(column, [1, 2])",
    ]
    assert outcomes(graded(cell, checks=checks)) == ["passed"] * 5 + ["failed"]


LAMBDA = """
import keras, numpy as np, collections
model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2, name="twice"), keras.layers.Dense(1)])
def f(x): return x
def broken(x): raise ValueError(f"the hidden value is {x}")
class Odd:
    def __len__(self): return 3
def odd(x): return Odd()
def change(x):
    x[0] = 5
    return x
def nothing(x): return None
def unnamed(x): raise NameError("hidden value", name=f"hidden value {x}")
"""
HIDDEN = {
    "assert f(1) == 2": "",
    "broken(17)": "Your code raised an error",
    "assert odd(1) == 3": "an object of a kind that it cannot judge",
    "change(np.array([1.0, 2.0]))": "changed in place",
    "assert nothing(1)[0] == 2": "of another kind, length or shape",
    "missing(3)": "Your notebook has no missing",
    "unnamed(17)": "could not use what your code gave it",
    "rebuild('model')": "The layer 'twice' (Lambda) cannot be examined",
    "f(17)\nrebuild('model')": "Your model cannot be examined",
    "import itertools\nfor _ in range(30_000): f(1)": "piece by piece",
}


def test_what_the_engine_says_of_a_hidden_check_is_no_judgement_of_the_learners_work(address):
    """And never a text that the notebook had a hand in, once it may have been told hidden data."""
    checks = [CheckJob(id=str(n), sources=(source,), follows=1, hidden=True) for n, source in enumerate(HIDDEN)]
    checks.sort(key=lambda check: "rebuild" not in check.sources[0] or "f(17)" in check.sources[0])
    job = Job(cells=(("a", LAMBDA),), checks=tuple(checks), seed=1, limits=Limits(wall_seconds=280, cpu_seconds=60))
    result = run(job, address=address, on_event=lambda *_: None)
    for number, (source, words) in enumerate(HIDDEN.items()):
        said = result.checks[str(number)].words
        assert (words in said) if words else not said, f"{source}: {said}"
        assert "hidden value" not in said and "Odd" not in said


def test_no_author_language_reaches_a_learner(graded):
    """In a public check too: a fault of asking is said in the learner's words, an error of the learner's as it is."""
    result = graded(
        LAMBDA, checks=["assert odd(1) == 3", "nothing(1)[0]", "broken(17)", "assert f(1) == 2, 'two'"], wall_seconds=60
    )
    said = [check.words or check.message for check in result.checks.values()]
    assert "of a kind that it cannot judge" in said[0] and "not subscriptable" in said[1]
    assert said[2:] == ["ValueError: the hidden value is 17", "two"] and "HandleMisuse" not in "".join(said)


def test_a_public_check_says_before_submitting_that_a_model_cannot_be_examined(address):
    checks = [
        CheckJob(id=name, sources=("assert True",), follows=1, models=(name,)) for name in ("model", "absent", "f")
    ]
    job = Job(cells=(("a", LAMBDA + "absent = None"),), checks=tuple(checks), seed=1, limits=Limits(wall_seconds=60))
    result = run(job, address=address, on_event=lambda *_: None)
    assert outcomes(result) == ["failed", "passed", "failed"]
    assert "The layer 'twice' (Lambda) cannot be examined" in result.checks["model"].message


def test_an_error_is_formatted_once(graded):
    """IPython formats it again for its history, frame by frame: a RecursionError then took half a minute on a busy machine."""
    cell = """
shell, calls = get_ipython(), []
plain = shell.InteractiveTB.structured_traceback
shell.InteractiveTB.structured_traceback = lambda *a, **k: calls.append(1) or plain(*a, **k)
shell.run_cell("1 / 0", store_history=True)
print("formatted", len(calls), "times")
"""
    assert "formatted 1 times" in graded(cell).cells["cell-0"].output
