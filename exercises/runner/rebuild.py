"""A learner's Keras model, built again in the examiner from architecture and weights. No file, pickle, Lambda or custom object.

The architecture is JSON (`Model.to_json()`); every object in it must be on the allow-list by module and class, so that
deserialising can only call constructors of Keras' own layers, initialisers, regularisers and constraints.
"""

import json
from typing import Any

MAX_CONFIG_BYTES = 2 * 2**20
MAX_LAYERS = 500
MAX_PARAMETERS = 20_000_000
_KINDS = {"Sequential", "Functional"}
_MODULES = {
    "keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.activations",
    "keras.src.models.sequential", "keras.src.models.functional", "keras.models",
    "keras.src.layers", "builtins",
}  # fmt: skip
_LAYERS = frozenset(
    """Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average AveragePooling1D
    AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D
    Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Cropping1D Cropping2D Dense DepthwiseConv1D
    DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Flatten GRU GRUCell GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D GroupNormalization
    GroupQueryAttention Hashing Identity InputLayer LSTM LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D
    MaxPooling2D MaxPooling3D Maximum Minimum MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization RNN
    RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom ReLU RepeatVector
    Rescaling Reshape Resizing SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D
    SpatialDropout2D SpectralNormalization StackedRNNCells Subtract TimeDistributed UnitNormalization UpSampling1D
    UpSampling2D ZeroPadding1D ZeroPadding2D""".split()
)
_OTHERS = frozenset(
    """Sequential Functional DTypePolicy Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal
    LecunUniform Ones Orthogonal RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros L1 L2 L1L2
    OrthogonalRegularizer MaxNorm MinMaxNorm NonNeg UnitNorm __tuple__ __keras_tensor__ __ellipsis__ __none__
    slice __slice__""".split()
)
_STRUCTURE = ("__keras_tensor__", "__tuple__", "__ellipsis__", "__none__", "__slice__")


class CannotRebuild(AssertionError):
    """The model cannot be examined; the text says why and what to do, in words for the learner."""


def rebuild(described: Any) -> Any:
    """Return a Keras model with the described architecture and weights. Raises CannotRebuild."""
    import keras

    kind, config, weights = _parts(described)
    _refuse_unlisted(config)
    try:
        model = keras.models.model_from_json(json.dumps(config))
    except Exception as error:
        raise CannotRebuild(f"The model's architecture could not be read: {str(error)[:300]}") from None
    if type(model).__name__ != kind:
        raise CannotRebuild(f"The model says that it is a {kind} but is not.")
    if not model.built:
        raise CannotRebuild("The model has no weights yet. Give it an Input layer or train it first.")
    if model.count_params() > MAX_PARAMETERS:
        raise CannotRebuild(
            f"The model has {model.count_params():,} parameters; at most {MAX_PARAMETERS:,} are examined."
        )
    wanted = [tuple(weight.shape) for weight in model.weights]
    if [getattr(weight, "shape", None) for weight in weights] != wanted:
        raise CannotRebuild("The model's weights do not fit its architecture.")
    for variable, value in zip(model.weights, weights, strict=True):
        variable.assign(value)
    return model


def _parts(described: Any) -> tuple[str, dict[str, Any], list[Any]]:
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
    return str(kind), config, weights


def _refuse_unlisted(config: Any) -> None:
    """Walk the architecture and raise CannotRebuild at the first object that is not on the allow-list."""
    pending, seen, layers = [config], 0, 0
    while pending:
        node = pending.pop()
        seen += 1
        if seen > 200_000:
            raise CannotRebuild("The model's description is too large.")
        if type(node) is list:
            pending.extend(node)
        elif type(node) is dict:
            if "class_name" in node:
                layers += _refuse_unlisted_object(node)
            node.pop("compile_config", None)
            pending.extend(node.values())
        if layers > MAX_LAYERS:
            raise CannotRebuild(f"The model has more than {MAX_LAYERS} layers.")


def _refuse_unlisted_object(node: dict[str, Any]) -> int:
    name, module = node["class_name"], node.get("module")
    if name in _STRUCTURE:
        return 0
    if type(name) is not str or name not in _LAYERS | _OTHERS:
        raise CannotRebuild(
            f"The layer {str(name)[:80]} cannot be examined: use Keras' own layers, without Lambda or custom classes."
        )
    if module is not None and module not in _MODULES:
        raise CannotRebuild(f"{name} comes from {str(module)[:80]}, not from Keras.")
    if node.get("registered_name") not in (None, name):
        raise CannotRebuild(f"{name} is registered as a custom class.")
    return int(name in _LAYERS)
