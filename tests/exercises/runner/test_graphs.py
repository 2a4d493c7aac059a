"""A tf.function's description is refused before TensorFlow reads it; real ones in tests/exercises/sandbox/test_graphs.py."""

from types import SimpleNamespace

import pytest

from exercises.runner import graphs
from exercises.runner.architecture import CannotRebuild


def node(op, **attributes):
    return SimpleNamespace(op=op, attr={name: SimpleNamespace(s=value) for name, value in attributes.items()})


@pytest.mark.parametrize(
    ("described", "words"),
    [
        (5, "no tf.function"),
        ({"class": "function"}, "an object of type function: is the decorator missing"),
        ({"class": "tf.function", "traces": "1", "graphs": []}, "does not make sense"),
        ({"class": "tf.function", "traces": 0, "graphs": [{}]}, "does not make sense"),
        ({"class": "tf.function", "traces": 99, "graphs": [{}] * (graphs.MAX_GRAPHS + 1)}, "does not make sense"),
        ({"class": "tf.function", "traces": 0, "graphs": []}, "never traced"),
    ],
)
def test_what_is_no_description(described, words):
    with pytest.raises(CannotRebuild, match=words):
        graphs.restore(described)


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (node("PyFunc"), "calls back into Python"),
        (node("ReadFile"), "the operation ReadFile, which is not examined"),
        (node("PrintV2", output_stream=b"file:///tmp/x"), "prints to a file"),
    ],
)
def test_what_an_examined_graph_may_not_do(operation, words):
    with pytest.raises(CannotRebuild, match=words):
        graphs._refuse_unlisted(operation)


def test_arithmetic_and_printing_are_allowed():
    graphs._refuse_unlisted(node("MatMul"))
    graphs._refuse_unlisted(node("PrintV2", output_stream=b"stderr"))


def test_the_functions_of_a_graph_are_looked_at_too():
    inner = SimpleNamespace(node_def=[node("Add")])
    definition = SimpleNamespace(node=[node("If")], library=SimpleNamespace(function=[inner]))
    assert [each.op for each in graphs._nodes(definition)] == ["If", "Add"]


def test_a_graph_wants_as_many_values_as_it_has_inputs(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorflow", SimpleNamespace())
    graph = graphs.Graph([("float32", (None,))], frozenset(), {}, None)
    with pytest.raises(CannotRebuild, match="has 1 inputs, not 2"):
        graph(1, 2)
