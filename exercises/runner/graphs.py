"""A learner's tf.function, taken apart in the notebook and run again in the examiner from its graphs.

What an object says of itself proves nothing, so a check does not ask it for its answers: it gets each graph that TensorFlow
has traced (a GraphDef), and runs it here. Every operation must be on the list below: arithmetic, control flow and variables.
A graph that calls back into Python, reads a file or makes random numbers is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .rebuild import CannotRebuild

MAX_GRAPHS = 12
MAX_GRAPH_BYTES = 2**20
MAX_NODES = 5_000
_OPERATIONS = frozenset(
    """Abs Acos Add AddN AddV2 All Any ArgMax ArgMin AsString Asin Assert AssignAddVariableOp AssignSubVariableOp
    AssignVariableOp Atan Atan2 BatchMatMulV2 BroadcastTo Cast Ceil CheckNumerics ClipByValue ConcatV2 Const Cos
    Cosh Cumprod Cumsum Div DivNoNan Einsum EnsureShape Equal Erf EuclideanNorm Exp ExpandDims Expm1 Fill Floor
    FloorDiv FloorMod GatherNd GatherV2 Greater GreaterEqual Identity IdentityN If Inv InvGrad IsFinite IsInf IsNan
    L2Loss Less LessEqual Log Log1p LogicalAnd LogicalNot LogicalOr MatMul Max Maximum Mean Min Minimum Mod Mul
    MulNoNan Neg NoOp NotEqual OnesLike Pack PartitionedCall Placeholder Pow PreventGradient PrintV2 Prod Range Rank
    ReadVariableOp RealDiv Reciprocal ReduceJoin Relu Reshape ReverseV2 Rint Roll Round Rsqrt Select SelectV2 Shape
    ShapeN Sigmoid Sign Sin Sinh Size Slice Softplus Split SplitV Sqrt Square SquaredDifference Squeeze
    StatefulPartitionedCall StatelessIf StatelessWhile StopGradient StridedSlice StringFormat StringJoin
    StringLength Sub Sum Tan Tanh TensorListElementShape TensorListFromTensor TensorListGetItem TensorListLength
    TensorListPushBack TensorListReserve TensorListSetItem TensorListStack Tile TopKV2 Transpose TruncateDiv
    TruncateMod Unpack Where While Xdivy Xlogy ZerosLike""".split()
)
_PYTHON = ("PyFunc", "PyFuncStateless", "EagerPyFunc")


@dataclass
class Graph:
    """One trace: call it with arrays. `inputs` are (dtype, shape or None) of the arguments, `operations` all it is made of."""

    inputs: list[tuple[str, tuple[int | None, ...] | None]]
    operations: frozenset[str]
    variables: dict[str, Any]
    _run: Any = field(repr=False)

    def __call__(self, *values: Any) -> Any:
        """Return the results as an array, or as a tuple of arrays. Raises CannotRebuild where these arguments do not fit."""
        import tensorflow as tf

        if len(values) != len(self.inputs):
            raise CannotRebuild(
                f"The graph has {len(self.inputs)} inputs, not {len(values)}: a Python value became a part of the graph."
            )
        try:
            given = [tf.constant(value, dtype) for value, (dtype, _) in zip(values, self.inputs, strict=True)]
            for tensor, (_, shape) in zip(given, self.inputs, strict=True):
                tensor.shape.assert_is_compatible_with(shape)
            results = [result.numpy() for result in self._run(*given)]
        except Exception as error:
            raise CannotRebuild(f"The graph could not be run: {str(error)[:300]}") from None
        return results[0] if len(results) == 1 else tuple(results)


@dataclass
class Traced:
    """A tf.function of the notebook: how often it was traced, and its graphs."""

    traces: int
    graphs: list[Graph]


def describe(function: Any, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return, in the notebook, what `restore` needs; only an object of TensorFlow's own type has graphs."""
    import tensorflow as tf

    kind = type(tf.function(lambda: None))
    if type(function) is not kind:
        return {"class": type(function).__name__}
    traced = kind._list_all_concrete_functions(function)
    names = {id(value): name for name, value in list(namespace.items()) if isinstance(value, tf.Variable)}
    return {
        "class": "tf.function",
        "traces": max(kind.experimental_get_tracing_count(function), len(traced)),
        "graphs": [_describe_graph(concrete, names) for concrete in traced[:MAX_GRAPHS]],
    }


def _describe_graph(concrete: Any, names: Mapping[int, str]) -> dict[str, Any]:
    graph, captured = concrete.graph, concrete.captured_inputs
    own = {id(variable.handle): variable for variable in graph.variables}
    inputs = [tensor.name for tensor in graph.inputs]
    return {
        "graph": graph.as_graph_def().SerializeToString(),
        "arguments": inputs[: len(inputs) - len(captured)],
        "captured": [
            [name, *_describe_captured(tensor, own, names)]
            for name, tensor in zip(inputs[len(inputs) - len(captured) :], captured, strict=True)
        ],
        "outputs": [tensor.name for tensor in graph.outputs],
        "effects": [operation.name for operation in graph.control_outputs],
    }


def _describe_captured(tensor: Any, own: Mapping[int, Any], names: Mapping[int, str]) -> list[Any]:
    variable = own.get(id(tensor))
    if variable is None:
        return ["value", "", tensor.numpy()]
    return ["variable", names.get(id(variable), ""), variable.numpy()]


def restore(described: Any) -> Traced:
    """Return the function as graphs that run here. Raises CannotRebuild with words for the learner."""
    if type(described) is not dict or described.get("class") != "tf.function":
        kind = described.get("class") if type(described) is dict else ""
        raise CannotRebuild(f"This is no tf.function but an object of type {str(kind)[:80]}: is the decorator missing?")
    traces, graphs = described.get("traces"), described.get("graphs")
    if type(traces) is not int or type(graphs) is not list or len(graphs) > MAX_GRAPHS or traces < len(graphs):
        raise CannotRebuild("The function's description does not make sense.")
    if not graphs:
        raise CannotRebuild("The function has no graph: it was never traced.")
    return Traced(traces, [_restore_graph(graph) for graph in graphs])


def _restore_graph(described: Any) -> Graph:
    import tensorflow as tf

    definition = _read_definition(described)
    operations = frozenset(node.op for node in _nodes(definition))
    placeholders = {f"{node.name}:0": node for node in definition.node if node.op == "Placeholder"}
    try:
        specs = [_spec(placeholders[name]) for name in described["arguments"]]
        captured = [(name, _capture(kind, value), label) for name, kind, label, value in described["captured"]]
        outputs, effects = list(described["outputs"]), list(described["effects"])

        def body(*arguments: Any) -> list[Any]:
            inputs = dict(zip(described["arguments"], arguments, strict=True))
            inputs |= {name: tf.raw_ops.Identity(input=getattr(value, "handle", value)) for name, value, _ in captured}
            tensors = tf.graph_util.import_graph_def(definition, inputs, [*outputs, *effects], name="")
            with tf.control_dependencies(tensors[len(outputs) :]):
                return [tf.identity(result) for result in tensors[: len(outputs)]]

        run = tf.compat.v1.wrap_function(body, specs)
    except Exception as error:
        raise CannotRebuild(f"The graph could not be read: {str(error)[:300]}") from None
    variables = {label: value for _, value, label in captured if label}
    return Graph([(spec.dtype.name, _shape(spec)) for spec in specs], operations, variables, run)


def _shape(spec: Any) -> tuple[int | None, ...] | None:
    return None if spec.shape.rank is None else tuple(spec.shape)


def _read_definition(described: Any) -> Any:
    import tensorflow as tf

    data = described.get("graph") if type(described) is dict else None
    if type(data) is not bytes or len(data) > MAX_GRAPH_BYTES:
        raise CannotRebuild("The graph is too large, or is none.")
    try:
        definition = tf.compat.v1.GraphDef.FromString(data)
    except Exception:
        raise CannotRebuild("The graph cannot be read.") from None
    count = 0
    for node in _nodes(definition):
        count += 1
        _refuse_unlisted(node)
    if count > MAX_NODES:
        raise CannotRebuild(f"The graph has {count:,} operations; at most {MAX_NODES:,} are examined.")
    return definition


def _refuse_unlisted(node: Any) -> None:
    if node.op in _PYTHON:
        raise CannotRebuild(
            "The graph calls back into Python (numpy_function or py_function): Python does the work, not it."
        )
    if node.op not in _OPERATIONS:
        raise CannotRebuild(f"The graph contains the operation {node.op[:80]}, which is not examined.")
    if node.op == "PrintV2" and node.attr["output_stream"].s.startswith(b"file"):
        raise CannotRebuild("The graph prints to a file.")


def _nodes(definition: Any) -> Iterable[Any]:
    """Yield the nodes of a graph and of every function in its library. A call must lead to one of them."""
    yield from definition.node
    for function in definition.library.function:
        yield from function.node_def


def _spec(placeholder: Any) -> Any:
    import tensorflow as tf

    shape = placeholder.attr["shape"].shape if "shape" in placeholder.attr else None
    return tf.TensorSpec(tf.TensorShape(shape), tf.dtypes.as_dtype(placeholder.attr["dtype"].type))


def _capture(kind: Any, value: Any) -> Any:
    import tensorflow as tf

    return tf.Variable(value) if kind == "variable" else tf.constant(value)
