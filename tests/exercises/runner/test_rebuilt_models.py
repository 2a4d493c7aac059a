"""Models of the notebook as the examiner knows them: rebuilt, compared once, or asked; real ones in test_rebuild.py."""

from types import SimpleNamespace

import numpy as np
import pytest

from exercises.runner import rebuilt_models, rpc_client
from exercises.runner.architecture import CannotRebuild
from exercises.runner.handles import Handle

DESCRIBED = {"class": "Sequential", "config": "{}", "weights": [np.zeros(2)]}


class Client:
    """Answers for one model; `asked` counts each kind of question."""

    def __init__(self):
        self.asked = []
        self.answers = {"model": DESCRIBED, "predictions": [np.ones(2)]}
        self.model = Handle(self, 1, "Sequential")

    def ask(self, operation, *arguments):
        self.asked.append(operation)
        if operation == "get":
            return self.model if arguments[0] == "model" else 5
        answer = self.answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask_for(self, kind, operation, name):
        return name in ("model", "number")


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def known(client, monkeypatch):
    """The examiner's models, where rebuilding gives a model that agrees with every prediction."""
    rebuilt = SimpleNamespace(predict=lambda x, verbose: np.zeros((len(x), 1), np.float32))
    monkeypatch.setattr(rebuilt_models.rebuild, "rebuild", lambda described, memory_bytes: rebuilt)
    monkeypatch.setattr(rebuilt_models.rebuild, "drawn_rows", lambda model, rng: [np.zeros(2)])
    monkeypatch.setattr(rebuilt_models.rebuild, "agree", lambda model, rows, predictions: predictions is not None)
    return rebuilt_models.Models(client, seed=1, memory_bytes=2**20)


def test_a_model_is_compared_once(known, client):
    known.rebuild("model")
    known.rebuild(client.model)
    assert client.asked.count("model") == 2 and client.asked.count("predictions") == 1


def test_other_weights_are_another_model(known, client):
    known.rebuild("model")
    client.answers["model"] = {**DESCRIBED, "weights": [np.ones(2)]}
    known.rebuild("model")
    assert client.asked.count("predictions") == 2


@pytest.mark.parametrize(
    ("name", "words"), [("number", "number is not a Keras model"), (5, "This is not a Keras model")]
)
def test_what_is_no_model(known, name, words):
    with pytest.raises(CannotRebuild, match=words):
        known.rebuild(name)


def test_a_model_that_cannot_be_described(known, client):
    client.answers["model"] = rpc_client.LearnerError()
    with pytest.raises(CannotRebuild, match="could not be described"):
        known.rebuild("model")


def test_a_model_that_predicts_something_else_than_in_the_notebook(known, client):
    client.answers["predictions"] = rpc_client.LearnerError()
    with pytest.raises(CannotRebuild):
        known.rebuild("model")


def test_only_models_that_are_there_must_be_examinable(known, client):
    known.require("absent")
    known.require("number")
    assert "model" not in client.asked
    known.require("model")
    assert "model" in client.asked


def test_predictions_are_numbers_of_one_row_each(known):
    assert known.predict("model", np.zeros((3, 2))).dtype == np.float64


def test_a_function_without_graphs_is_refused(known):
    with pytest.raises(CannotRebuild, match=r"number is not a tf\.function"):
        known.graphs_of("number")
