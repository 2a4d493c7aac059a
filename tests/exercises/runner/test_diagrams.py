"""Drawings of Keras models without graphviz: the rows of boxes, and pictures from the real jail."""

import itertools

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.runner import diagrams
from exercises.sandbox.run import Job, run
from tests.exercises.kernels.host.test_kernel_host import Page, outputs, page, start_host, zygote_addresses

__all__ = ["Page", "page", "start_host", "zygote_addresses"]
LABEL = (
    '<<table border="0"><tr><td colspan="2" bgcolor="black"><font point-size="16" color="white"><b>one</b> (Dense)</font></td></tr>'
    '<tr><td bgcolor="white"><font point-size="14">Activation: <b><lambda></b></font></td></tr>'
    '<tr><td bgcolor="white"><font>Output shape: <b>(None, 4)</b></font></td>'
    '<td bgcolor="firebrick"><font color="white"><b>Non-trainable</b></font></td></tr></table>>'
)
MODELS = {
    "sequential": "model = keras.Sequential([keras.Input((4,)), L.Dense(3), L.Dense(1)])",
    "branches": "a, b = keras.Input((4,)), keras.Input((4,))\nx = L.Dense(4)(a)\n"
    "model = keras.Model([a, b], [L.Add()([x, b, L.Dense(4)(x)]), L.Dense(1)(x)])",
    "nested": "a = keras.Input((4,))\n"
    "model = keras.Model(a, L.Dense(1)(keras.Sequential([keras.Input((4,)), L.Dense(3)], name='inner')(a)))",
    "shared": "a, d = keras.Input((4,)), L.Dense(4)\nmodel = keras.Model(a, d(L.ReLU()(d(a))))",
    "own": "class Own(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.d = L.Dense(1)\n"
    "    def call(self, x):\n        return self.d(x)\nmodel = Own()\nmodel(np.ones((2, 4)))",
}
BEFORE = "import keras, numpy as np\nfrom keras import layers as L\n"
PLOT = "keras.utils.plot_model(model, 'drawing.png', show_shapes=True, show_layer_names=True, expand_nested={nested}, rankdir='{way}')"


def test_the_rows_of_a_label():
    node = diagrams.Node("1", label=LABEL)
    assert diagrams._rows(node) == [
        [("one (Dense)", "black", "white")],
        [("Activation: <lambda>", "white", "black")],
        [("Output shape: (None, 4)", "white", "black"), ("Non-trainable", "firebrick", "white")],
    ]
    assert diagrams._rows(diagrams.Node("alone")) == [[("alone", "white", "black")]]


def graph(edges, inner=()):
    dot, cluster = diagrams.Dot(), diagrams.Cluster()
    for name in dict.fromkeys(name for pair in edges for name in pair):
        (cluster if name in inner else dot).add_node(diagrams.Node(name))
    for pair in edges:
        dot.add_edge(diagrams.Edge(*pair))
    dot.add_subgraph(cluster)
    return dot


@pytest.mark.parametrize(
    ("edges", "sizes"),
    [
        (["ab", "bc"], [1, 1, 1]),
        (["ab", "ac", "bd", "cd"], [1, 2, 1]),
        (["ab", "bc", "cd", "ad"], [1, 2, 2, 1]),  # the long edge has a place in two rows
        (["ab", "bc", "ca"], [1, 1, 1]),  # back to a layer that is called twice
    ],
)
def test_rows_of_boxes(monkeypatch, edges, sizes):
    monkeypatch.setattr(diagrams, "_width", len)
    dot = graph([tuple(edge) for edge in edges])
    boxes = {name: diagrams._Box(diagrams._rows(node)) for name, node in dot.nodes().items()}
    rows, ways = diagrams._in_rows(boxes, dot.edges())
    assert [len(row) for row in rows] == sizes and len(ways) == len(edges)
    width, height = diagrams._place(rows, is_across=False)
    for row in rows:
        ends = [(box.x - box.width / 2, box.x + box.width / 2) for box in row]
        assert all(one[1] < two[0] for one, two in itertools.pairwise(ends))  # no box on another
        assert ends[0][0] > 0 and ends[-1][1] < width
    assert all(upper[0].y < lower[0].y < height for upper, lower in itertools.pairwise(rows))


def test_clusters_are_drawn_as_their_layers():
    dot = graph([("a", "b"), ("b", "c")], inner="b")
    assert set(dot.nodes()) == {"a", "b", "c"} and dot.edges() == [("a", "b"), ("b", "c")]
    assert '"a" -> "b";' in dot.to_string() and dot.get_edge("a", "b") and not dot.get_edge("b", "a")


@pytest.mark.jail
@pytest.mark.parametrize("model", MODELS)
def test_a_picture_in_grading(model):
    source = "\n".join(
        [
            BEFORE + MODELS[model],
            *(f"image = {PLOT.format(nested=nested, way=way)}" for nested, way in ((False, "TB"), (True, "LR"))),
            "import matplotlib.image",
            "print(type(image).__name__, matplotlib.image.imread('drawing.png').ndim, image.data[1:4])",
            "dot = keras.utils.model_to_dot(model)",
            "print(dot.create(prog='dot', format='svg').count(b'<svg'), len(dot.nodes()))",
        ]
    )
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=60), held_out={})
    address = zygotes.zygote_of("tf-2.21").address
    cell = run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False).cells["cell"]
    nodes = {"sequential": 2, "branches": 6, "nested": 3, "shared": 3, "own": 1}[model]
    assert cell.output == f"Image 3 b'PNG'\n1 {nodes}\n", cell


@pytest.mark.jail
@pytest.mark.django_db(transaction=True)
def test_a_picture_in_the_page(page, start_host):
    start_host()
    events = page.run(BEFORE + MODELS["branches"] + "\n" + PLOT.format(nested=False, way="TB"))
    assert "image/png" in outputs(events)[-1]["data"]
