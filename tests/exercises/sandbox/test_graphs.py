"""A learner's tf.function is taken apart in the notebook and run again by the examiner."""

import pytest

from tests.exercises.sandbox.test_run import address, graded, outcomes  # noqa: F401 - fixtures

pytestmark = pytest.mark.jail

HALVE = """
import numpy as np, tensorflow as tf
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def halve(signal):
    turns = tf.constant(0)
    while tf.reduce_max(tf.abs(signal)) > 1.0:
        signal = signal / 2.0
        turns += 1
    return signal, turns
halve(np.ones(3, "float32"))
"""
COUNT = """
seen, other = tf.Variable(5), tf.Variable(0.0)
factor = tf.constant(2)
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def count(signal):
    seen.assign_add(factor * tf.size(signal))
    other.assign(tf.reduce_max(signal))
    return seen.read_value()
count(np.ones(3, "float32"))
"""


def message_of(graded, source, check="graphs_of('f')"):  # noqa: F811
    result = graded("import numpy as np, tensorflow as tf\n" + source, checks=[check])
    assert outcomes(result) == ["failed"]
    return result.checks["check-0"].message


def test_it_works(graded):  # noqa: F811
    check = """
traced = graphs_of("halve")
(graph,) = traced.graphs
assert traced.traces == 1 and "StatelessWhile" in graph.operations and graph.inputs == [("float32", (None,))]
for values, wanted, turns in (([6, -2, 1], [0.75, -0.25, 0.125], 3), ([0.5], [0.5], 0)):
    signal, count = graph(np.array(values, "float32"))
    assert close(signal, wanted) and same(count, turns)
"""
    assert outcomes(graded(HALVE, checks=[check])) == ["passed"]


def test_variables_are_copies_and_effects_happen(graded):  # noqa: F811
    check = """
graph = graphs_of("count").graphs[0]
assert sorted(graph.variables) == ["other", "seen"]
assert same(graph.variables["seen"].numpy(), 11)
graph.variables["seen"].assign(0)
assert same([graph(np.array([1, 4], "float32")), graph(np.array([2, 2, 3], "float32"))], [4, 10])
assert same(graph.variables["other"].numpy(), np.float32(3))
assert same(learner.seen.numpy(), 11)
"""
    result = graded(HALVE, COUNT, checks=[check])
    assert outcomes(result) == ["passed"], result.checks


def test_each_trace_is_a_graph(graded):  # noqa: F811
    source = "import numpy as np, tensorflow as tf\n@tf.function\ndef f(x):\n    return tf.reduce_sum(x)\nfor n in (3, 4, 3): f(np.ones(n))"
    assert outcomes(graded(source, checks=["assert graphs_of('f').traces == len(graphs_of('f').graphs) == 2"])) == ["passed"]  # fmt: skip
    assert "could not be run" in message_of(graded, source, "graphs_of('f').graphs[0](np.ones(9))")


def test_a_python_number_is_no_input(graded):  # noqa: F811
    source = "@tf.function\ndef f(x, limit):\n    return tf.reduce_sum(x) > limit\nf(np.ones(3, 'float32'), 2.0)"
    assert "a Python value became a part" in message_of(graded, source, "graphs_of('f').graphs[0](np.ones(3), 2.0)")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def f(x): return x", "is the decorator missing?"),
        ("f = 5", "is not a tf.function"),
        ("f = tf.function(lambda x: x)", "never traced"),
        ("class F:\n    def __call__(self, x): return x\n    def experimental_get_tracing_count(self): return 1\n    def _list_all_concrete_functions(self): return []\nf = F()", "an object of type F"),
        ("class F(type(tf.function(lambda: 0))):\n    pass\nf = F(lambda x: x, 'f')\nf(np.ones(2))", "an object of type F"),
        ("@tf.function\ndef f(x):\n    return tf.numpy_function(lambda v: v * 2, [x], tf.float64)\nf(np.ones(2))", "calls back into Python"),
        ("@tf.function\ndef f(x):\n    return tf.py_function(lambda v: v * 2, [x], tf.float64)\nf(np.ones(2))", "calls back into Python"),
        ("@tf.function\ndef f(x):\n    return tf.strings.length(tf.io.read_file('/etc/passwd'))\nf.get_concrete_function(tf.TensorSpec([2]))", "the operation ReadFile"),
        ("@tf.function\ndef f(x):\n    tf.print(x, output_stream='file:///tmp/x')\n    return x\nf(np.ones(2))", "prints to a file"),
        ("inner = tf.function(lambda x: tf.numpy_function(lambda v: v, [x], tf.float64))\n@tf.function\ndef f(x):\n    return inner(x)\nf(np.ones(2))", "calls back into Python"),
    ],
)  # fmt: skip
def test_what_is_no_graph_says_so(graded, source, says):  # noqa: F811
    assert says in message_of(graded, source)


@pytest.mark.parametrize(
    "described",
    [
        "5", "{}", "{'class': 'tf.function'}", "{'class': 'tf.function', 'traces': 1, 'graphs': [5]}", "{'class': 'tf.function', 'traces': 1, 'graphs': []}",
        "{'class': 'tf.function', 'traces': 1, 'graphs': [{'graph': b'junk', 'arguments': [], 'captured': [], 'outputs': [], 'effects': []}]}",
        "{'class': 'tf.function', 'traces': 1, 'graphs': [{'graph': b'', 'arguments': ['x:0'], 'captured': [], 'outputs': [], 'effects': []}]}",
        "{'class': 'tf.function', 'traces': 1, 'graphs': [{'graph': b'', 'arguments': [], 'captured': [], 'outputs': ['y:0'], 'effects': []}]}",
    ],
)  # fmt: skip
def test_a_forged_description_fails_the_check(graded, described):  # noqa: F811
    forge = f"import sys\nsys.modules['exercises.runner.graphs'].describe = lambda *_: {described}"
    assert message_of(graded, f"f = tf.function(lambda x: x)\nf(1.0)\n{forge}")
