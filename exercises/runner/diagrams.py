"""Drawings of Keras models without graphviz: what Keras asks of pydot, drawn with matplotlib.

`keras.utils.plot_model` and `model_to_dot` make nodes, edges and clusters of this module (`teach_keras`), so all their
options hold. A nested model that is expanded is drawn as its layers, without a frame around them.
"""

import io
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

FONT = 11.0  # points
PAD, GAP, BETWEEN = 0.09, 0.3, 0.35  # inches: around a text, between boxes of one row, between rows
MAX_SIDE, MAX_AREA = 12_000, 24_000_000  # pixels of a picture; a larger one has fewer dots per inch
_EMPTY_DPI = 100.0
_TEXT_FORMATS = ("dot", "gv", "raw")


class PydotException(Exception):
    """Never raised; Keras names it."""


class _Options:
    def __init__(self, **options: Any) -> None:
        self.options = options

    def set(self, name: str, value: Any) -> None:
        self.options[name] = value

    def get(self, name: str) -> Any:
        return self.options.get(name)


class Node(_Options):
    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(**options)
        self.name = name


class Edge(_Options):
    def __init__(self, src: str, dst: str, **options: Any) -> None:
        super().__init__(**options)
        self.ends = (src, dst)


class _Graph(_Options):
    def __init__(self, *_: Any, **options: Any) -> None:
        super().__init__(**options)
        self._parts: list[Any] = []  # nodes and clusters, in the order of the layers
        self._edges: dict[tuple[str, str], Edge] = {}

    def set_node_defaults(self, **_: Any) -> None:
        """Boxes look the same here."""

    def add_node(self, node: Node) -> None:
        self._parts.append(node)

    def add_subgraph(self, cluster: "Cluster") -> None:
        self._parts.append(cluster)

    def add_edge(self, edge: Edge) -> None:
        self._edges[edge.ends] = edge

    def get_edge(self, src: str, dst: str) -> list[Edge]:
        return [self._edges[src, dst]] if (src, dst) in self._edges else []

    def nodes(self) -> dict[str, Node]:
        """Return all nodes by name, those of clusters in their place."""
        nodes: dict[str, Node] = {}
        for part in self._parts:
            nodes.update({part.name: part} if isinstance(part, Node) else part.nodes())
        return nodes

    def edges(self) -> list[tuple[str, str]]:
        """Return the pairs of names, those of clusters first."""
        inner = [pair for part in self._parts if isinstance(part, Cluster) for pair in part.edges()]
        return list(dict.fromkeys([*inner, *self._edges]))


class Cluster(_Graph):
    """The layers of a nested model."""


class Dot(_Graph):
    """A drawing of a model."""

    def create(self, prog: Any = None, format: str = "png") -> bytes:
        """Return the drawing as PNG, SVG, PDF or another format of matplotlib, or as DOT text (dot, gv, raw)."""
        if format in _TEXT_FORMATS:
            return self.to_string().encode()
        if not self.nodes():
            return b""  # how Keras asks whether there is a graphviz
        from matplotlib import rc_context

        file = io.BytesIO()
        with rc_context({"savefig.bbox": None, "text.usetex": False}):
            figure, dpi = _draw(self)
            figure.savefig(file, format=format, dpi=dpi, facecolor="white")
        return file.getvalue()

    def write(self, path: Any, prog: Any = None, format: str = "raw") -> bool:
        Path(path).write_bytes(self.create(format=format))
        return True

    def to_string(self) -> str:
        """Return the graph in graphviz' language."""
        nodes = [f'  "{name}" [label="{_title(node)}"];' for name, node in self.nodes().items()]
        edges = [f'  "{src}" -> "{dst}";' for src, dst in self.edges()]
        return "\n".join(["digraph G {", *nodes, *edges, "}\n"])

    def create_png(self, prog: Any = None) -> bytes:
        return self.create(format="png")

    def create_svg(self, prog: Any = None) -> bytes:
        return self.create(format="svg")

    def write_png(self, path: Any, prog: Any = None) -> bool:
        return self.write(path, format="png")

    def write_svg(self, path: Any, prog: Any = None) -> bool:
        return self.write(path, format="svg")

    def _repr_png_(self) -> bytes:
        return self.create()


def teach_keras() -> None:
    """Let Keras draw models with this module where it has no pydot."""
    from keras.src.utils import model_visualization

    if model_visualization.pydot is None:
        model_visualization.pydot = sys.modules[__name__]


class _Cell(NamedTuple):
    text: str
    fill: str
    colour: str


class _Box:
    """A node, or a place that a long edge passes (no rows). Sizes and places in inches; `x`, `y`: the middle;
    `row`: where its row begins and ends, from the top (or the left).
    """

    def __init__(self, rows: list[list[_Cell]]) -> None:
        self.rows = rows
        self.columns = [[_width(cell.text) + 2 * PAD for cell in row] for row in rows]
        self.width = max((sum(row) for row in self.columns), default=0.05)
        self.line = FONT / 72 + 2 * PAD
        self.height = self.line * len(rows)
        self.x = self.y = 0.0
        self.row = (0.0, 0.0)


def _draw(dot: Dot) -> tuple[Any, float]:
    from matplotlib.figure import Figure

    boxes = {name: _Box(_rows(node)) for name, node in dot.nodes().items()}
    edges = [pair for pair in dot.edges() if pair[0] in boxes and pair[1] in boxes and pair[0] != pair[1]]
    is_across = dot.get("rankdir") in ("LR", "RL")
    rows, ways = _in_rows(boxes, edges)
    width, height = _place(rows, is_across=is_across)
    dpi = float(dot.get("dpi") or _EMPTY_DPI)
    dpi = min(dpi, MAX_SIDE / max(width, height), (MAX_AREA / (width * height)) ** 0.5)
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for way in ways:
        _draw_way(axes, way, is_across=is_across)
    for box in boxes.values():
        _draw_box(axes, box)
    return figure, dpi


def _in_rows(boxes: dict[str, _Box], edges: list[tuple[str, str]]) -> tuple[list[list[_Box]], list[list[_Box]]]:
    """Return the boxes row by row, and of each edge the boxes that it passes. Keras gives layers after what they follow;
    an edge that leads back (a layer called twice) moves no box.
    """
    order = {name: number for number, name in enumerate(boxes)}
    depth = dict.fromkeys(boxes, 0)
    for src, dst in sorted(edges, key=lambda pair: order[pair[1]]):
        if order[src] < order[dst]:
            depth[dst] = max(depth[dst], depth[src] + 1)
    rows: list[list[_Box]] = [[] for _ in range(max(depth.values()) + 1)]
    for name, box in boxes.items():
        rows[depth[name]].append(box)
    ways = []
    for src, dst in edges:
        between = [_Box([]) for _ in range(depth[src] + 1, depth[dst])]
        for number, box in enumerate(between, start=depth[src] + 1):
            rows[number].append(box)
        ways.append([boxes[src], *between, boxes[dst]])
    _untangle(rows, ways)
    return rows, ways


def _untangle(rows: list[list[_Box]], ways: list[list[_Box]]) -> None:
    """Sort each row by the mean place of its boxes' neighbours, down and up: fewer lines cross."""
    neighbours: dict[int, list[_Box]] = {}
    for way in ways:
        for one, two in itertools.pairwise(way):
            neighbours.setdefault(id(one), []).append(two)
            neighbours.setdefault(id(two), []).append(one)
    for row in [*rows, *reversed(rows), *rows]:
        places = {id(box): number - len(other) / 2 for other in rows for number, box in enumerate(other)}

        def mean(box: _Box, places: dict[int, float] = places) -> float:
            near = [places[id(each)] for each in neighbours.get(id(box), [])]
            return sum(near) / len(near) if near else places[id(box)]

        row.sort(key=mean)


def _place(rows: list[list[_Box]], *, is_across: bool) -> tuple[float, float]:
    """Put each row's boxes side by side, rows from top to bottom (or from left to right); return width and height."""
    lengths = [sum((box.height if is_across else box.width) + GAP for box in row) for row in rows]
    longest = max(lengths)
    along = BETWEEN
    for row, length in zip(rows, lengths, strict=True):
        deep = max(box.width if is_across else box.height for box in row)
        side = (longest - length) / 2 + GAP
        for box in row:
            size = box.height if is_across else box.width
            box.x, box.y = (along + deep / 2, side + size / 2) if is_across else (side + size / 2, along + deep / 2)
            box.row = (along, along + deep)
            side += size + GAP
        along += deep + BETWEEN
    return (along, longest + GAP) if is_across else (longest + GAP, along)


def _draw_way(axes: Any, way: list[_Box], *, is_across: bool) -> None:
    """Draw an edge: straight along the rows that it passes, aslant between them only."""
    first, last = way[0], way[-1]
    start = first.x + first.width / 2 if is_across else first.y + first.height / 2
    end = last.x - last.width / 2 if is_across else last.y - last.height / 2
    stops = [(first, start), (first, first.row[1])]
    stops += [(box, place) for box in way[1:-1] for place in box.row]
    stops += [(last, last.row[0]), (last, end)]
    points = [(place, box.y) if is_across else (box.x, place) for box, place in stops]
    points = [point for point, following in itertools.pairwise(points) if point != following] + points[-1:]
    axes.plot(*zip(*points, strict=True), color="black", linewidth=1.2)
    style = {"arrowstyle": "-|>", "color": "black", "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=points[-1], xytext=points[-2], arrowprops=style)


def _draw_box(axes: Any, box: _Box) -> None:
    from matplotlib.patches import Rectangle

    top = box.y - box.height / 2
    for row, widths in zip(box.rows, box.columns, strict=True):
        left = box.x - box.width / 2
        for cell, own in zip(row, widths, strict=True):
            width = own * box.width / sum(widths)
            fill = {"facecolor": cell.fill, "edgecolor": "black", "linewidth": 1.2}
            axes.add_patch(Rectangle((left, top), width, box.line, zorder=2, **fill))
            place = {"ha": "center", "va": "center", "parse_math": False, "zorder": 3}
            axes.text(left + width / 2, top + box.line / 2, cell.text, color=cell.colour, fontsize=FONT, **place)
            left += width
        top += box.line


def _rows(node: Node) -> list[list[_Cell]]:
    """Return the rows of cells of Keras' label, a table in graphviz' HTML; another label is one cell."""
    label = str(node.get("label") or node.name)
    rows = [list(_cells(row)) for row in re.findall(r"<tr>(.*?)</tr>", label, re.DOTALL)]
    return [row for row in rows if row] or [[_Cell(label.strip('"'), "white", "black")]]


def _cells(row: str) -> Iterator[_Cell]:
    for options, inner in re.findall(r"<td\b([^>]*)>(.*?)</td>", row, re.DOTALL):
        fill, colour = re.search(r'bgcolor="(\w+)"', options), re.search(r'<font\b[^>]*\bcolor="(\w+)"', inner)
        text = re.sub(r"</?(?:b|font)\b[^>]*>", "", inner)
        yield _Cell(text, fill[1] if fill else "white", colour[1] if colour else "black")


def _title(node: Node) -> str:
    return "\\n".join(cell.text for row in _rows(node) for cell in row).replace('"', "'")


def _width(text: str) -> float:
    """Return the width of a text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    points: float = text_to_path.get_text_width_height_descent(text, FontProperties(size=FONT), ismath=False)[0]
    return points / 72
