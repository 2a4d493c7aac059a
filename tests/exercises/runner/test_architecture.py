"""What a model says it is made of: read, bounded and refused before anything is built."""

import json

import pytest

from exercises.runner import architecture
from exercises.runner.architecture import CannotRebuild

DENSE = {
    "class_name": "Dense",
    "module": "keras.layers",
    "registered_name": None,
    "config": {"name": "first", "units": 3},
}


def described(*layers, kind="Sequential", weights=()):
    config = {"class_name": kind, "module": "keras", "registered_name": kind, "config": {"layers": list(layers)}}
    return {"class": kind, "config": json.dumps(config), "weights": list(weights)}


def dense(**config):
    return {**DENSE, "config": {**DENSE["config"], **config}}


def test_it_works():
    model = architecture.read(described(DENSE, weights=[1, 2]))
    assert model.kind == "Sequential" and model.weights == [1, 2]
    assert model.config["config"]["layers"] == [DENSE]


def test_activations_go_by_the_names_of_keras():
    softmax = {"class_name": "function", "module": "tensorflow.python.ops.nn_ops", "config": "softmax_v2"}
    sine = {"class_name": "function", "module": "tensorflow", "config": "sin"}
    layers = architecture.read(described(dense(activation=softmax), dense(activation=sine))).config["config"]["layers"]
    assert layers[0]["config"]["activation"] == "softmax"
    assert layers[1]["config"]["activation"]["module"] == "keras.ops"


def test_what_costs_without_need_is_left_out():
    recurrent = {"class_name": "GRU", "config": {"unroll": True, "compile_config": {"class_name": "Evil"}}}
    layers = architecture.read(described(recurrent)).config["config"]["layers"]
    assert layers[0]["config"] == {"unroll": False}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (5, "not a Keras model"),
        ({"class": "Own"}, "A model of class Own cannot be examined"),
        ({"class": "Sequential", "config": 5, "weights": []}, "too large or not one"),
        ({"class": "Sequential", "config": "{", "weights": []}, "not JSON"),
        ({"class": "Functional", "config": json.dumps({"class_name": "Sequential"}), "weights": []}, "does not match"),
        (described({"class_name": "Lambda", "config": {"name": "twice"}}), r"The layer 'twice' \(Lambda\) cannot be examined"),
        (described({"class_name": "Dense", "module": "os"}), "comes from os"),
        (described({**DENSE, "registered_name": "mine>Dense"}), "registered as a custom class"),
        (described({"class_name": "Save", "module": "keras.src.ops.core"}), "keras.ops.Save cannot be examined"),
        (described(dense(units=2**40)), "In the layer first .Dense., units is 1,099,511,627,776"),
        (described(dense(units=10**40)), "units is far too large"),
        (described({"class_name": "LSTM", "config": {"name": "memory", "stateful": True}}), "The layer memory .LSTM. is stateful"),
        (described(dense(activation={"class_name": "function", "config": "system"})), "The function system"),
        (described(*[DENSE] * (architecture.MAX_LAYERS + 1)), "more than 500 layers"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_in_words(model, words):
    with pytest.raises(CannotRebuild, match=words):
        architecture.read(model)


def test_layers_may_be_nested_but_not_for_ever():
    layer = DENSE
    for _ in range(architecture.MAX_NESTED + 1):
        layer = {"class_name": "TimeDistributed", "config": {"layer": layer}}
    with pytest.raises(CannotRebuild, match="nested within one another"):
        architecture.read(described(layer))


def test_a_seed_is_no_size():
    assert architecture.read(described(dense(seed=2**40)))
