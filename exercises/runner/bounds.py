"""What rebuilding a learner's model may cost, known before anything is allocated.

While a model is built (`Bounds`), each tensor that stands for a layer's output and each variable is looked at when Keras makes it:
the first is only a shape, the second is counted before it has a value. Once built, the model is traced for a number of rows
(`measure`), and what all operations of the trace need is added up, also within layers and loops.
"""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from .architecture import CannotRebuild

MAX_ELEMENTS = 2**22  # numbers that one layer makes of one row
MAX_PARAMETERS = 20_000_000
MAX_TENSORS = 20_000  # calls of layers
MAX_MACS = 2 * 10**12  # multiplications of one call of predict
BATCH = 32
_SPARE_ELEMENTS = 2**16  # seeds and the like, which are not among a model's weights
_CHEAP_ELEMENTS = 2**12  # of a variable whose own first value may be computed
_STEPS = 1000  # of a loop whose number of steps nobody knows


class Cost(NamedTuple):
    """What a call needs: bytes at the worst moment, where most of them are needed, and multiplications."""

    peak_bytes: int
    where: str
    macs: int


class Bounds:
    """Counts what Keras makes within `watch`; `refusal` is the first thing that was too much."""

    def __init__(self, weights: list[Any]) -> None:
        self.refusal: CannotRebuild | None = None
        sizes = [math.prod(getattr(weight, "shape", ())) for weight in weights]
        self._left = sum(sizes) + _SPARE_ELEMENTS
        self._tensors = 0
        if sum(sizes) > MAX_PARAMETERS:
            self._refuse(f"The model has {sum(sizes):,} parameters; at most {MAX_PARAMETERS:,} are examined.")

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Look at each tensor and variable that Keras makes. Whatever Keras makes of a refusal, it is what is raised."""
        import keras

        # Keras has no hook between an object's shape and its memory, so both constructors are replaced while a model is
        # built.
        tensor, variable = keras.KerasTensor.__init__, keras.Variable.__init__
        has_own = "__init__" in vars(keras.Variable)
        keras.KerasTensor.__init__ = self._tensor_maker(tensor)
        keras.Variable.__init__ = self._variable_maker(variable)
        try:
            yield
        except Exception:
            if self.refusal is None:
                raise
        finally:
            keras.KerasTensor.__init__ = tensor
            if has_own:
                keras.Variable.__init__ = variable
            else:
                del keras.Variable.__init__
        if self.refusal:
            raise self.refusal from None

    def _tensor_maker(self, make: Callable[..., None]) -> Callable[..., None]:
        def __init__(tensor: Any, shape: Any, *arguments: Any, **options: Any) -> None:
            self._tensors += 1
            if self._tensors > MAX_TENSORS:
                self._refuse(f"The model calls its layers more than {MAX_TENSORS:,} times.")
            count = _count(shape)
            if count > MAX_ELEMENTS:
                self._refuse(
                    f"{_culprit()} makes {_said(count)} numbers of one row; at most {MAX_ELEMENTS:,} are examined."
                )
            make(tensor, shape, *arguments, **options)

        return __init__

    def _variable_maker(self, make: Callable[..., None]) -> Callable[..., None]:
        def __init__(variable: Any, initializer: Any, shape: Any = None, *arguments: Any, **options: Any) -> None:
            count = _count(shape if shape is not None else getattr(initializer, "shape", ()))
            self._left -= count
            if self._left < 0:
                self._refuse(
                    f"{_culprit()} has {_said(count)} weights by its settings, which are more than the model has."
                )
            if callable(initializer) and count > _CHEAP_ELEMENTS:
                initializer = "zeros"  # the weights come afterwards; the first values of some cost a lot
            make(variable, initializer, shape, *arguments, **options)

        return __init__

    def _refuse(self, text: str) -> None:
        self.refusal = self.refusal or CannotRebuild(text)
        raise self.refusal


def require_affordable(model: Any, shapes: list[tuple[int, ...]], rows: int, memory_bytes: int) -> None:
    """Raise CannotRebuild where a call with inputs of these shapes (batch first) needs too much, or all rows too many steps."""
    cost = measure(model, shapes)
    batch = max((shape[0] for shape in shapes if shape), default=1)
    if cost.peak_bytes > memory_bytes:
        raise CannotRebuild(
            f"The model needs about {cost.peak_bytes / 2**20:,.0f} MiB for {batch} rows, most of it in {cost.where}; "
            f"at most {memory_bytes / 2**20:,.0f} MiB are examined."
        )
    macs = cost.macs * math.ceil(rows / batch)
    if macs > MAX_MACS:
        raise CannotRebuild(
            f"The model needs about {macs / 10**9:,.0f} billion multiplications for {rows:,} rows; "
            f"at most {MAX_MACS / 10**9:,.0f} billion are examined. Make its layers smaller."
        )


def measure(model: Any, shapes: list[tuple[int, ...]]) -> Cost:
    """Return what one call of the model with inputs of these shapes needs. Nothing is computed. Raises CannotRebuild."""
    import tensorflow as tf

    from .traces import add_up

    specs = [tf.TensorSpec(shape, tensor.dtype) for shape, tensor in zip(shapes, model.inputs, strict=True)]
    call = tf.function(lambda *inputs: model(packed(model, inputs), training=False), autograph=False)
    try:
        graph = call.get_concrete_function(*specs).graph.as_graph_def(add_shapes=True)
    except Exception as error:
        raise CannotRebuild(
            f"The model cannot be called with inputs of the shapes {shapes}: {str(error)[:300]}"
        ) from None
    names = {layer.name for layer in model._flatten_layers(include_self=False)}
    return Cost(*add_up(graph, _STEPS, names))


def packed(model: Any, inputs: Any) -> Any:
    """Return inputs, given in order, in the structure (list, dict) that the model takes."""
    import keras

    if isinstance(model, keras.Sequential):
        return inputs[0]
    return keras.tree.pack_sequence_as(model.input, list(inputs))


def _count(shape: Any) -> int:
    """How many numbers a shape has, of which unknown sizes count as one."""
    try:
        return math.prod(int(size) for size in shape if size is not None)
    except (TypeError, ValueError, OverflowError):
        return 1  # Keras says what is wrong with it


def _said(count: int) -> str:
    return f"{count:,}" if count < 10**18 else "far too many"


def _culprit() -> str:
    """The layer or operation that is being called or built, by name and class."""
    import keras

    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment] # None ends the loop
        owner = frame.f_locals.get("self")
        if isinstance(owner, keras.Operation):
            return f"The layer {owner.name[:60]} ({type(owner).__name__})"
    return "The input"
