"""An examiner that dies of what the notebook gave it fails the check it was at; the others run in a new one."""

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.errors import ExaminerFailed
from exercises.sandbox.examination import CheckJob
from exercises.sandbox.run import Job, run

pytestmark = pytest.mark.jail
TAKE = "kept = bytearray(900 << 20)\nfor at in range(0, len(kept), 4096): kept[at] = 1\nimport time\ntime.sleep(5)"
CRASH = "import ctypes\nctypes.string_at(0)"
SPIN = "while True: pass"
ASK = "f()\n"
LIMITS = {"memory_bytes": 500 * 2**20, "cpu_seconds": 20, "wall_seconds": 90}


@pytest.fixture(scope="module")
def address():
    return zygotes.zygote_of("tf-2.21").address


@pytest.fixture
def graded(address):
    def grade(source, checks, **limits):
        job = Job(
            cells=(("cell", source),),
            checks=tuple(
                CheckJob(id=name, sources=sources if isinstance(sources, tuple) else (sources,), follows=1, hidden=True)
                for name, sources in checks.items()
            ),
            seed=7,
            limits=Limits(**{**LIMITS, **limits}),
        )
        return run(job, address=address, on_event=lambda *_: None)

    return grade


F = "def f(): return 1"


@pytest.mark.parametrize(
    ("death", "words"), [(TAKE, "ran out of memory"), (CRASH, "crashed"), (SPIN, "used up its CPU time")]
)
def test_its_check_fails_and_the_others_run(graded, death, words):
    result = graded(F, {"before": "assert f() == 1", "dies": ASK + death, "after": "assert f() == 1"}, cpu_seconds=6)
    assert result.ending == "completed"
    assert {name: check.outcome for name, check in result.checks.items()} == {
        "before": "passed", "dies": "failed", "after": "passed",
    }  # fmt: skip
    assert words in result.checks["dies"].words and "your notebook gave it" in result.checks["dies"].words


def test_the_examiner_cells_before_it_run_again(graded):
    checks = {
        "first": ("secret = 40", "mine = 2\nassert f() == 1"),
        "dies": ("more = secret + 2", ASK + CRASH),
        "after": ("most = more + 1", "assert most == 43"),
    }
    assert graded(F, checks).checks["after"].outcome == "passed"


@pytest.mark.parametrize("lost", ["mine", "late"])
def test_what_an_earlier_check_defined_is_not_asked_of_the_notebook(graded, lost):
    forged = f"{F}\nmine = late = 'forged'"
    checks = {"first": "mine = 2\nf()", "dies": f"{ASK}{CRASH}\nlate = 3", "after": f"assert {lost} == 'forged'"}
    result = graded(forged, checks)
    assert result.checks["after"].outcome == "error"
    assert "did not come to its end" in result.checks["after"].message


def test_what_a_check_that_failed_was_to_define_is_not_asked_of_the_notebook(graded):
    checks = {"first": "assert f() == 2\nwanted = 5", "second": "assert f() == wanted"}
    result = graded(f"{F}\nwanted = 1", checks)
    assert [check.outcome for check in result.checks.values()] == ["failed", "error"]


def test_a_name_that_a_check_only_deletes_stays_the_notebooks(graded):
    checks = {"first": "old = learner.f\ndel f\nlearner.f = old", "second": "assert f() == 1"}
    assert [check.outcome for check in graded(F, checks).checks.values()] == ["passed", "passed"]


def test_new_examiners_are_few(graded):
    checks = {**{f"dies-{number}": ASK + CRASH for number in range(4)}, "after": "assert f() == 1"}
    result = graded(F, checks)
    assert result.ending == "completed"
    words = [check.words for check in result.checks.values()]
    assert [check.outcome for check in result.checks.values()] == ["failed", "failed", "failed", "error", "error"]
    assert all("crashed" in said for said in words[:3]) and all("could not run" in said for said in words[3:])


@pytest.mark.parametrize("death", [TAKE, CRASH, "import os\nos._exit(0)"])
def test_with_nothing_of_the_notebook_in_play_it_is_a_fault_of_ours(graded, death):
    with pytest.raises(ExaminerFailed):
        graded(F, {"only": death})


def test_one_that_just_leaves_is_a_fault_of_ours(graded):
    with pytest.raises(ExaminerFailed):
        graded(F, {"only": f"{ASK}import os\nos._exit(0)"})


def test_a_model_that_differs_from_the_notebooks_is_named(graded):
    source = """
import keras, numpy as np
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
plain = model.call
model.call = lambda *given, **options: plain(*given, **options) * 2
"""
    result = graded(source, {"only": "rebuild('model')"})
    assert result.checks["only"].outcome == "failed"
    assert "does not predict what it predicts in your notebook" in result.checks["only"].message


def test_predicting_more_than_can_be_examined_is_refused(graded):
    source = """
import keras
model = keras.Sequential([keras.Input((None, 1)), keras.layers.Dense(64), keras.layers.UpSampling1D(50)])
"""
    check = "m = rebuild('model')\nassert m.predict(np.zeros((2, 10, 1)), verbose=0).shape == (2, 500, 64)\n"
    result = graded(source, {"small": check, "large": "rebuild('model').predict(np.zeros((64, 10**5, 1)), verbose=0)"})
    assert [check.outcome for check in result.checks.values()] == ["passed", "failed"], result.checks
    assert "MiB" in result.checks["large"].message and "UpSampling1D" not in result.checks["small"].message
