"""What a traced TensorFlow graph needs: bytes at its worst moment and multiplications, from the shapes of its operations.

Shapes that nobody knows count as nothing: the graphs are traced for inputs of known shapes.
"""

import math
import re
from typing import Any

# These hand on what is in memory already, or are counted where it was made.
_FREE = {
    "Const",
    "Placeholder",
    "ReadVariableOp",
    "Identity",
    "Reshape",
    "ExpandDims",
    "Squeeze",
    "NoOp",
    "VarHandleOp",
}
_MATRIX = {"MatMul", "BatchMatMulV2", "BatchMatMulV3"}
_CONVOLUTIONS = {"Conv2D", "Conv3D", "DepthwiseConv2dNative", "Conv2DBackpropInput", "Conv3DBackpropInputV2",
                 "DepthwiseConv2dNativeBackpropInput"}  # fmt: skip
# A loop of a million tiny operations must not look cheap.
_STEP = 20_000  # multiplications in the time that it takes to begin one operation
_INNER = ("body", "then_branch", "else_branch", "f")
_OF_A_TYPE = {1: 4, 2: 8, 3: 4, 4: 1, 5: 2, 6: 1, 9: 8, 10: 1, 14: 2, 17: 2, 18: 16, 19: 2, 22: 4, 23: 8, 8: 8}


def add_up(graph: Any, steps: int, layers: set[str]) -> tuple[int, str, int]:
    """Return (peak bytes, the layer where most of them are needed, multiplications); a loop of unknown length has so many `steps`."""
    functions = {function.signature.name: function for function in graph.library.function}
    return _Sum(functions, steps, layers).of(graph.node, {})


class _Sum:
    def __init__(self, functions: dict[str, Any], steps: int, layers: set[str]) -> None:
        self._functions = functions
        self._layers = layers
        self._steps = steps
        self._known: dict[str, tuple[int, str, int]] = {}

    def of(self, nodes: Any, shapes: dict[str, list[tuple[int, ...]]]) -> tuple[int, str, int]:
        """Add up nodes, which stand in an order in which they can run: a tensor lives until its last use."""
        nodes = list(nodes)
        shapes = dict(shapes)
        last_use = {_name(given): place for place, node in enumerate(nodes) for given in node.input}
        ends: dict[int, list[str]] = {}
        for node_name, place in last_use.items():
            ends.setdefault(place, []).append(node_name)
        held: dict[str, int] = {}
        alive = peak = macs = most = 0
        where = "its input"
        for place, node in enumerate(nodes):
            shapes[node.name] = _shapes(node)
            held[node.name] = 0 if node.op in _FREE else sum(map(_size, shapes[node.name])) * _width(node)
            inner_bytes, inner_where, inner_macs = self._inner(node, nodes)
            alive += held[node.name]
            peak = max(peak, alive + inner_bytes)
            need = held[node.name] + inner_bytes
            if need > most:
                most, where = need, inner_where if inner_bytes > held[node.name] else self._layer(node.name)
            macs += inner_macs + _multiplications(node, shapes) + _STEP
            for ended in ends.get(place, ()):
                alive -= held.pop(ended, 0)
        return peak, where, macs

    def _inner(self, node: Any, nodes: Any) -> tuple[int, str, int]:
        bodies = [self._function(node.attr[key].func.name) for key in _INNER if node.attr[key].func.name]
        if not bodies:
            return 0, "", 0
        peak, where, _ = max(bodies)
        times = self._times(node, nodes) if "While" in node.op else 1
        return peak, where or self._layer(node.name), times * sum(macs for _, _, macs in bodies)

    def _function(self, name: str) -> tuple[int, str, int]:
        if name not in self._known:
            self._known[name] = (0, "", 0)  # one that calls itself
            function = self._functions.get(name)
            self._known[name] = self.of(function.node_def, _arguments(function)) if function else (0, "", 0)
        return self._known[name]

    def _layer(self, name: str) -> str:
        """Whose operation it is: names are paths of scopes, the model's first."""
        parts = [(part, re.sub(r"_\d+$", "", part)) for part in name.split("/")]
        known = [part for pair in parts for part in pair if part in self._layers]
        return f"the layer {known[-1][:60]}" if known else "the model itself"

    def _times(self, node: Any, nodes: Any) -> int:
        """How often a loop runs: the largest whole number that it is given to count to."""
        given = {_name(name) for name in node.input}
        condition = self._functions.get(node.attr["cond"].func.name)
        near = [other for other in nodes if other.name in given] + list(condition.node_def if condition else ())
        tensors = [other.attr["value"].tensor for other in near if other.op == "Const"]
        most = max((int(tensor.int_val[0]) for tensor in tensors if len(tensor.int_val) == 1), default=0)
        return most if most > 1 else self._steps


def _arguments(function: Any) -> dict[str, list[tuple[int, ...]]]:
    arguments = {}
    for number, argument in enumerate(function.signature.input_arg):
        shapes = function.arg_attr[number].attr["_output_shapes"].list.shape if number in function.arg_attr else ()
        arguments[argument.name] = [_shape(shape) for shape in shapes]
    return arguments


def _shapes(node: Any) -> list[tuple[int, ...]]:
    return [_shape(shape) for shape in node.attr["_output_shapes"].list.shape]


def _shape(shape: Any) -> tuple[int, ...]:
    return () if shape.unknown_rank else tuple(int(size.size) for size in shape.dim)


def _size(shape: tuple[int, ...]) -> int:
    return math.prod(max(size, 1) for size in shape)


def _width(node: Any) -> int:
    kinds = [node.attr[key].type for key in ("T", "dtype", "DstT", "Tidx") if key in node.attr]
    return _OF_A_TYPE.get(kinds[0], 4) if kinds else 4


def _multiplications(node: Any, shapes: dict[str, list[tuple[int, ...]]]) -> int:
    """At least one for each number that comes out; more for what sums products."""
    made = sum(map(_size, shapes[node.name]))
    given = [(shapes.get(_name(name)) or [()])[0] for name in node.input if not name.startswith("^")]
    if node.op in _FREE or not made:
        return 0
    if node.op in _MATRIX and given and given[0]:
        flag = node.attr["transpose_a"].b if node.op == "MatMul" else node.attr["adj_x"].b
        return made * max(given[0][-2 if flag and len(given[0]) > 1 else -1], 1)
    if node.op in _CONVOLUTIONS:
        return _convolution(node, made, given)
    if node.op == "Einsum":
        return _labels(node, given)
    if "Pool" in node.op:
        return made * int(math.prod(max(size, 1) for size in node.attr["ksize"].list.i))
    return max(made, *(_size(shape) for shape in given), 0) if given else made


def _convolution(node: Any, made: int, given: list[tuple[int, ...]]) -> int:
    weights = next((shape for shape in given[1:] if len(shape) >= 4), ())
    if not weights:
        return made
    window = math.prod(max(size, 1) for size in weights[:-2])
    if node.op.startswith("Depthwise"):
        return made * window
    if "Backprop" in node.op:
        return _size(given[-1]) * window * max(weights[-2], 1)
    return made * window * max(weights[-2], 1)


def _labels(node: Any, given: list[tuple[int, ...]]) -> int:
    sizes: dict[str, int] = {}
    spare = 1
    for term, shape in zip(node.attr["equation"].s.decode().partition("->")[0].split(","), given, strict=False):
        labels = term.replace("...", "")
        spare *= _size(shape[: max(len(shape) - len(labels), 0)])
        for label, size in zip(reversed(labels), reversed(shape), strict=False):
            sizes[label] = max(sizes.get(label, 1), size, 1)
    return spare * math.prod(sizes.values())


def _name(given: str) -> str:
    return given.removeprefix("^").partition(":")[0]
