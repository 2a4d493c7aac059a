"""What rebuilding may cost is known before anything is allocated; on real models in test_rebuild.py."""

from types import SimpleNamespace

import numpy as np
import pytest

from exercises.runner import bounds
from exercises.runner.architecture import CannotRebuild


def test_too_many_parameters_are_refused_at_once():
    with pytest.raises(CannotRebuild, match="has 21,000,000 parameters"):
        bounds.Bounds([SimpleNamespace(shape=(21_000, 1_000))])


def test_variables_may_not_be_more_than_the_weights_say():
    watch = bounds.Bounds([np.zeros((10, 10))])
    make = watch._variable_maker(lambda *_, **__: None)
    make(None, None, shape=(10, 10))
    with pytest.raises(CannotRebuild, match="100,000 weights by its settings"):
        make(None, None, shape=(100_000,))
    assert watch.refusal is not None


def test_large_first_values_are_not_computed():
    made = []
    make = bounds.Bounds([np.zeros(10**5)])._variable_maker(
        lambda variable, initializer, *_, **__: made.append(initializer)
    )
    make(None, max, shape=(10**5,))
    make(None, max, shape=(5,))
    assert made == ["zeros", max]


def test_a_tensor_of_one_row_has_a_limit():
    make = bounds.Bounds([])._tensor_maker(lambda *_, **__: None)
    make(None, (None, 1000))
    with pytest.raises(CannotRebuild, match="makes 16,777,216 numbers of one row"):
        make(None, (None, 2**12, 2**12))


def test_calls_of_layers_are_counted(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_TENSORS", 1)
    make = bounds.Bounds([])._tensor_maker(lambda *_, **__: None)
    make(None, (1,))
    with pytest.raises(CannotRebuild, match="more than 1 times"):
        make(None, (1,))


@pytest.fixture(autouse=True)
def _no_keras(monkeypatch):
    """Whose layer it is, is asked of Keras' frames; there are none here."""
    monkeypatch.setattr(bounds, "_culprit", lambda: "The input")


@pytest.mark.parametrize(
    ("cost", "rows", "words"),
    [
        (bounds.Cost(2**20, "the layer a", 10), 32, ""),
        (
            bounds.Cost(2**22, "the layer a", 10),
            32,
            "about 4 MiB for 32 rows, most of it in the layer a; at most 2 MiB",
        ),
        (bounds.Cost(1, "", 10**12), 64, ""),
        (bounds.Cost(1, "", 10**12), 65, "about 3,000 billion multiplications for 65 rows"),
    ],
)
def test_what_a_call_may_need(monkeypatch, cost, rows, words):
    monkeypatch.setattr(bounds, "measure", lambda model, shapes: cost)
    if not words:
        bounds.require_affordable(None, [(32, 4)], rows, 2**21)
        return
    with pytest.raises(CannotRebuild, match=words):
        bounds.require_affordable(None, [(32, 4)], rows, 2**21)


@pytest.mark.parametrize(("shape", "count"), [((None, 3, 4), 12), ((), 1), (("x",), 1), (5, 1)])
def test_unknown_sizes_count_as_one(shape, count):
    assert bounds._count(shape) == count
