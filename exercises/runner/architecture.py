"""What a learner's Keras model is made of, read and refused before anything of it is built.

The architecture is JSON (`Model.to_json()`). Every object in it must be on the allow-list by module and class, so that
deserialising can only call constructors of Keras' own layers, operations, initialisers, regularisers and constraints; every whole
number in it is bounded.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

MAX_CONFIG_BYTES = 2 * 2**20
MAX_LAYERS = 500
MAX_NESTED = 10  # layers within layers
MAX_NUMBER = 2**24  # any size, stride, dilation, count of units
_MAX_NODES = 200_000
_KINDS = {"Sequential", "Functional"}
_MODULES = {
    "keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.activations",
    "keras.src.models.sequential", "keras.src.models.functional", "keras.models",
    "keras.src.layers", "builtins",
}  # fmt: skip
_OPERATION_MODULES = {f"keras.src.ops.{name}" for name in ("numpy", "nn", "core", "math", "linalg")}
# A layer is on the list once test_rebuild.py has shown that its copy predicts the same. Lambda and custom classes never
# are: they would run the learner's code in the examiner.
_LAYERS = frozenset(
    """Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D
    Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Cropping1D Cropping2D Cropping3D Dense DepthwiseConv1D
    DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Flatten GRU GRUCell GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalMaxPooling3D GroupNormalization GroupQueryAttention Hashing Identity InputLayer LSTM LSTMCell LayerNormalization
    LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum MultiHeadAttention Multiply Normalization PReLU
    Permute RMSNormalization RNN RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation
    RandomZoom ReLU RepeatVector Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax
    SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells Subtract TimeDistributed
    UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D""".split()
)
_OPERATIONS = frozenset(
    """Absolute Add All Amax Amin Any Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin Argsort Average
    BroadcastTo Cast Ceil Celu Clip Concatenate Cos Cosh CountNonzero Cross Cumprod Cumsum Diagonal Diff Divide DivideNoNan
    Dot DotProductAttention Einsum Elu Equal Erf Exp Exp2 ExpandDims Expm1 Flip Floor FloorDivide FullLike Gelu GetItem Glu
    Greater GreaterEqual HardShrink HardSigmoid HardSilu HardTanh Heaviside Hypot Isfinite Isinf Isnan LayerNorm LeakyRelu
    Less LessEqual Log Log10 Log1p Log2 LogSigmoid LogSoftmax Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Logsumexp
    Matmul Max Maximum Mean Median Min Minimum Mod Moments Moveaxis MultiHot Multiply NanToNum Negative Norm Normalize
    NotEqual OneHot OnesLike Outer Pad Power Prod RMSNorm Ravel Reciprocal Relu Relu6 Repeat Reshape Roll Round Rsqrt Selu
    Sigmoid Sign Silu Sin Sinh Slice SoftShrink Softmax Softplus Softsign Sort SparsePlus SparseSigmoid Sparsemax Split Sqrt
    Square Squareplus Squeeze Stack Std StopGradient Subtract Sum Swapaxes Take TakeAlongAxis Tan Tanh TanhShrink Tensordot
    Threshold Tile TopK Trace Transpose Tril Triu TrueDivide Unstack Var Vdot Where ZerosLike""".split()
)
_OTHERS = frozenset(
    """Sequential Functional DTypePolicy Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal
    LecunUniform Ones Orthogonal RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros L1 L2 L1L2
    OrthogonalRegularizer MaxNorm MinMaxNorm NonNeg UnitNorm""".split()
)
_STRUCTURE = ("__keras_tensor__", "__tuple__", "__ellipsis__", "__none__", "__slice__", "__numpy__", "__tensor__")
_ACTIVATIONS = frozenset(
    """celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid
    log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax
    squareplus swish tanh tanh_shrink threshold""".split()
)
_TENSORFLOW_NAMES = {
    "softmax_v2": "softmax",
    "log_softmax_v2": "log_softmax",
    "exp": "exponential",
    "identity": "linear",
}
_FUNCTIONS = frozenset("abs absolute arctan cos cosh erf exp expm1 log1p log2 sign sin sinh sqrt square".split())
# Bounding every whole number, and not the known sizes, leaves no setting of a later Keras out.
_NOT_SIZES = frozenset({"seed", "shared_object_id"})


class CannotRebuild(AssertionError):
    """The model cannot be examined; the text says why and what to do, in words for the learner."""


class Described(NamedTuple):
    """A model as the notebook describes it: its class, its (checked) configuration, and its weights in order."""

    kind: str
    config: dict[str, Any]
    weights: list[Any]


class _Place(NamedTuple):
    """Where a value stands: under which key, in which layer (its name and class), how many layers deep."""

    key: str
    layer: str
    depth: int


def read(described: Any) -> Described:
    """Return a description that holds nothing but what is allowed. Raises CannotRebuild."""
    if type(described) is not dict:
        raise CannotRebuild("This is not a Keras model.")
    kind, text, weights = described.get("class"), described.get("config"), described.get("weights")
    if kind not in _KINDS:
        raise CannotRebuild(
            f"A model of class {str(kind)[:80]} cannot be examined. Build it with keras.Sequential or the functional API."
        )
    if type(text) is not str or len(text) > MAX_CONFIG_BYTES or type(weights) is not list:
        raise CannotRebuild("The model's description is too large or not one.")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        raise CannotRebuild("The model's description is not JSON.") from None
    if type(config) is not dict or config.get("class_name") != kind:
        raise CannotRebuild("The model's description does not match its class.")
    _check(config)
    return Described(str(kind), config, weights)


def _check(config: dict[str, Any]) -> None:
    """Walk the architecture; refuse what is not allowed, and name known functions by their names in Keras."""
    pending: list[tuple[Any, _Place]] = [(config, _Place("", "the model", 0))]
    seen = layers = 0
    while pending:
        node, place = pending.pop()
        seen += 1
        if seen > _MAX_NODES:
            raise CannotRebuild("The model's description is too large.")
        if type(node) is dict and "class_name" in node:
            is_layer = _check_object(node)
            layers += is_layer
            place = _within(node, place) if is_layer or node["class_name"] in _KINDS else place
        if layers > MAX_LAYERS:
            raise CannotRebuild(f"The model has more than {MAX_LAYERS} layers and operations.")
        pending.extend((value, place._replace(key=key)) for key, value in _values(node, place.key))
        _check_value(node, place)


def _within(node: dict[str, Any], place: _Place) -> _Place:
    settings = node.get("config")
    name = settings.get("name") if type(settings) is dict else None
    if place.depth >= MAX_NESTED:
        raise CannotRebuild(f"More than {MAX_NESTED} layers are nested within one another.")
    return _Place("", f"the layer {str(name or node['class_name'])[:60]} ({node['class_name']})", place.depth + 1)


def _values(node: Any, key: str) -> Iterator[tuple[str, Any]]:
    if type(node) is list:
        yield from ((key, value) for value in node)
    elif type(node) is dict:
        node.pop("compile_config", None)
        if node.get("unroll") is True:
            node["unroll"] = False  # says the same in a loop; unrolled, each step is built
        for name, value in node.items():
            if type(value) is dict and value.get("class_name") == "function":
                node[name] = value = _function(value)
            yield name, value


def _check_value(value: Any, place: _Place) -> None:
    if type(value) is int and abs(value) > MAX_NUMBER and place.key not in _NOT_SIZES:
        raise CannotRebuild(
            f"In {place.layer}, {place.key[:40]} is {value:,}; numbers up to {MAX_NUMBER:,} are examined."
            if abs(value) < 10**30
            else f"In {place.layer}, {place.key[:40]} is far too large."
        )
    if place.key == "stateful" and value is True:
        raise CannotRebuild(
            f"{place.layer[0].upper()}{place.layer[1:]} is stateful: what it predicts depends on earlier rows."
        )


def _check_object(node: dict[str, Any]) -> bool:
    """Refuse an object that is not on the list; tell whether it is a layer or an operation."""
    name, module = node["class_name"], node.get("module")
    if type(name) is str and name in _STRUCTURE:
        return False
    if (
        name == "function"
        and module == "keras.ops"
        and type(node.get("config")) is str
        and node["config"] in _FUNCTIONS
    ):
        return False
    if type(name) is str and module in _OPERATION_MODULES:
        if name not in _OPERATIONS:
            raise CannotRebuild(f"The operation keras.ops.{name[:80]} cannot be examined.")
    elif type(name) is not str or name not in _LAYERS | _OTHERS:
        config = node.get("config")
        called = config.get("name") if type(config) is dict else None
        shown = f"{called[:80]!r} ({str(name)[:80]})" if type(called) is str else str(name)[:80]
        raise CannotRebuild(
            f"The layer {shown} cannot be examined: use Keras' own layers and keras.ops, without Lambda or custom classes."
        )
    elif "module" in node and module not in _MODULES:
        raise CannotRebuild(f"The object {name} comes from {str(module or 'the notebook')[:80]}, not from Keras.")
    if node.get("registered_name") not in (None, name):
        raise CannotRebuild(f"The object {name} is registered as a custom class.")
    return name in _LAYERS or module in _OPERATION_MODULES


def _function(node: dict[str, Any]) -> Any:
    """Return what stands for a function of Keras or TensorFlow in Keras' own configurations. Raises CannotRebuild."""
    name = node.get("config")
    known = _TENSORFLOW_NAMES.get(name, name) if type(name) is str else ""
    if known in _ACTIVATIONS:
        return known
    if known in _FUNCTIONS:
        return {"module": "keras.ops", "class_name": "function", "config": known, "registered_name": known}
    raise CannotRebuild(
        f'The function {str(name)[:80]} cannot be examined: use an activation of Keras by its name, such as "relu".'
    )
