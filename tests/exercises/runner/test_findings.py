"""Findings are small, plain and about what they say."""

import json

import numpy as np
import pytest

from exercises.runner import findings


def test_confusion_counts_rows_by_truth():
    found = findings.confusion([0, 0, 1, 2], [0, 1, 1, 0], labels=["cat", "dog", "cow"])
    assert found["matrix"] == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert found["labels"] == ["cat", "dog", "cow"]


@pytest.mark.parametrize(
    ("truth", "predicted", "labels"),
    [([0, 1], [0], None), ([], [], None), ([0], [-1], None), ([0], [3], ["a", "b"]), ([0], [25], None)],
)
def test_confusion_refuses_what_it_cannot_count(truth, predicted, labels):
    with pytest.raises(ValueError, match=r"report_confusion|same length"):
        findings.confusion(truth, predicted, labels)


def test_residuals_put_far_points_into_the_outer_bins():
    found = findings.residuals(np.zeros(1000), np.r_[np.linspace(-1, 1, 999), 500.0], unit="mm")
    assert sum(found["counts"]) == found["n"] == 1000
    assert found["edges"][-1] < 2 and "worst" not in found


def test_residuals_skip_what_is_not_finite():
    assert findings.residuals([1.0, 2.0], [1.5, np.nan])["n"] == 1
    with pytest.raises(ValueError, match="finite"):
        findings.residuals([1.0], [np.nan])


def test_slices_are_sorted_from_the_worst_with_wilson_intervals():
    found = findings.slices([1, 1, 1, 0, 0, 1], ["a", "a", "b", "b", "b", "a"])
    assert [(row["name"], row["n"]) for row in found["rows"]] == [("b", 3), ("a", 3)]
    assert found["rows"][1]["value"] == 1.0 and 0.4 < found["rows"][1]["low"] < 0.5  # 3 of 3 is no certainty
    lower = findings.slices([0.5, 2.0], ["a", "b"], metric="error", better="lower")
    assert lower["rows"][0]["name"] == "b"


def test_slices_keep_the_twelve_worst():
    found = findings.slices(np.arange(20.0), [f"g{n}" for n in range(20)])
    assert len(found["rows"]) == 12 and found["left_out"] == 8 and found["rows"][0]["name"] == "g0"


def test_examples_are_the_worst_six_and_small():
    images = np.zeros((50, 100, 100, 3), "uint8")
    found = findings.examples(images, list(range(50)), [*range(49), 0], wrongness=np.arange(50))
    assert [row["truth"] for row in found["rows"]] == ["49", "48", "47", "46", "45", "44"]
    assert [row["right"] for row in found["rows"]] == [False, True, True, True, True, True]
    assert found["rows"][0]["height"] <= 32
    assert len(json.dumps(found)) < 32 * 2**10


def test_examples_may_be_texts_or_series():
    assert len(findings.examples(["x" * 1000], ["spam"], ["ham"])["rows"][0]["text"]) == 301
    assert len(findings.examples(np.ones((1, 1000)), [1.0], [2.0])["rows"][0]["series"]) <= 120


@pytest.mark.parametrize("shape", [(2, 4, 4, 2), (2, 2, 4, 4, 3)])
def test_examples_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="pictures"):
        findings.examples(np.zeros(shape), [0, 1], [0, 1])
