"""Comparisons that are true of nothing are refused where they ask a learner's value, and nowhere else."""

import pytest

from exercises.assignment.comparisons import CHECKING, Names, find_vacuous, reported_metrics
from exercises.runner import checking

VACUOUS = [
    "assert np.allclose(f(1), 3)",
    "assert numpy.isclose(answer, 3.0)",
    "assert math.isclose(answer, 3.0)",
    "assert np.array_equal(f(x), [1, 2])",
    "np.testing.assert_allclose(f(1), 3)",
    "pd.testing.assert_frame_equal(table, pd.DataFrame())",
    "assert table.equals(wanted_)",
    "assert (f(x) == 3).all()",
    "assert np.all(f(x) == 3)",
    "assert all(value > 0 for value in f(x))",
    "assert all(f(n) == n for n in answer)",
    "assert not (answer != 3).any()",
    "assert any(answer)",
    "assert 'word' in vocabulary",
    "assert f(3) in (1, 2)",
    "assert 3 not in f(x)",
    "assert set(answer) <= {1, 2}",
    "assert {1, 2}.issuperset(answer)",
    "a_ = f(1)\nb_ = a_ + 1\nassert np.allclose(b_, 2)",
    "a_, b_ = 1, f(2)\nassert np.allclose(b_, 2)",
    "c_ = [f(n) for n in range(3)]\nassert np.allclose(c_, 2)",
    "for x_ in f(3):\n    assert x_ == 2",
    "for x_, y_ in zip(f(3), [1, 2]):\n    close(x_, y_)",
    "for n_ in range(3):\n    assert np.allclose(f(n_), n_)",
    "if f(1):\n    assert np.allclose(f(1), 1)",
    "with open('x') as file_:\n    assert np.allclose(f(1), 1)",
    "try:\n    assert np.allclose(f(1), 1)\nexcept ValueError:\n    pass",
    "def right_(answers):\n    return (answers == 1).all()",
    "def right_():\n    return f(1)\nassert np.allclose(right_(), 1)",
    "right_ = lambda x: np.allclose(x, 1)",
    "a_ = np.zeros(3)\na_[0] = f(1)\nassert np.allclose(a_, 0)",
    "a_ = np.zeros(3)\na_ += f(1)\nassert np.allclose(a_, 0)",
    "if (a_ := f(1)) is not None:\n    assert np.allclose(a_, 0)",
    "assert np.abs(f(x) - wanted_).max() < 1e-6",
    "assert np.linalg.norm(answer - 3) < 1e-6",
    "assert (answer != 3).sum() == 0",
    "share_ = float((model.predict(x).argmax(1) == answers).mean())",
    "assert np.allclose(rebuild('model').predict(x), 1)",
    "assert np.allclose(learner.answer, 1)",
    "assert not close(f(1), 1)",
    "assert f'{answer}' in 'abc'",
]
SOUND = [
    "close(f(1), 3)",
    "assert close(f(1), 3)",
    "a_ = array(f(1), 3)\nassert (a_ > 0).all()\nassert np.allclose(a_, 1)",
    "a_ = np.arange(3)\nassert np.allclose(a_, [0, 1, 2])",
    "assert len(answer) == 3",
    "for n_ in range(3):\n    assert f(n_) == n_",
    "for x_ in sequence(f(3), 3):\n    assert x_ == 2",
    "assert sorted(f(x)) == [1, 2]",
    "assert isinstance(answer, str) and len(answer) > 3",
    "assert number(f(1), 0, 1) > 0.5",
    "assert all(n in (1, 2) for n in [1, 2])",
    "x_ = np.load(held_out('a', 'b.npz'))['x']\nassert 3 in x_ and (x_ > 0).all()",
    "assert abs(float(f(1)) - 3) < 1e-6",
    "def made_(n):\n    return np.full(n, 3)\nassert (made_(3) == 3).all()",
    "def asked_():\n    return array(f(1), 3)\nassert (asked_() > 0).all()",
    "import json\nassert np.allclose(json.loads('[1]'), 1)",
]


@pytest.mark.parametrize("source", VACUOUS)
def test_what_is_true_of_nothing_is_found(source):
    assert find_vacuous(source, Names())


@pytest.mark.parametrize("source", SOUND)
def test_what_is_ours_or_was_checked_is_not(source):
    assert find_vacuous(source, Names()) == []


def test_names_are_shared_by_the_cells_as_by_the_checks():
    names = Names()
    assert find_vacuous("answers_ = np.arange(3)\nguess_ = f(answers_)", names) == []
    assert find_vacuous("assert (answers_ < 3).all()", names) == []
    assert find_vacuous("\nassert (guess_ < 3).all()", names) == [(1, find_vacuous("(f() < 3).all()", Names())[0][1])]


def test_the_functions_that_check_are_those_that_a_check_has():
    assert set(checking.__all__) == CHECKING


def test_a_finding_says_what_to_use():
    ((line, message),) = find_vacuous("\n\nassert np.allclose(f(1), 3)", Names())
    assert (line, "close(answer, wanted)" in message) == (2, True)


def test_reported_metrics_are_read_from_the_code():
    source = 'report_metric("error", e, threshold=0.5, better="lower")\nreport_metric("share", s)\nreport_metric("acc", a, 0.9)'
    assert list(reported_metrics(source)) == [(0, "error", 0.5, "lower"), (2, "acc", 0.9, "higher")]
