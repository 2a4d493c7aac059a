"""A learner's Keras model, built again in the examiner from architecture and weights. No file, pickle, Lambda or custom object.

It predicts what the notebook's model predicts: both are asked for the same drawn rows (`agree`) before anything is measured.
"""

import json
from collections.abc import Callable
from typing import Any

from . import bounds
from .architecture import CannotRebuild, Described, read
from .printed import without_escape_codes

__all__ = ["CannotRebuild", "agree", "drawn_rows", "rebuild"]
_SAME = 0.01  # of the largest number that a model says: what two devices may differ by
_ROWS = 8
_LENGTH = 24  # of an input whose length is open


def rebuild(described: Any, *, memory_bytes: int) -> Any:
    """Return a Keras model with the described architecture and weights, which can predict within so much memory.

    Raises CannotRebuild.
    """
    model = _built(read(described))
    batch = [_sized(tensor.shape, bounds.BATCH) for tensor in model.inputs]
    bounds.require_affordable(model, batch, bounds.BATCH, memory_bytes)
    _guard(model, memory_bytes)
    return model


def drawn_rows(model: Any, rng: Any) -> list[Any]:
    """Return rows (an array per input, batch first) of several ranges for a model; no array for a model of texts."""
    import numpy as np

    if any(tensor.dtype == "string" or tensor.sparse for tensor in model.inputs):
        return []
    words = _words(model)
    draws: list[Callable[[Any], Any]] = [lambda shape: np.floor(rng.random(shape) * (words or 10))]
    if not words:
        draws += [
            lambda shape: rng.random(shape),
            lambda shape: rng.normal(0, 3, shape),
            lambda shape: rng.random(shape) * 255,
        ]
    shapes = [_sized(tensor.shape, _ROWS) for tensor in model.inputs]
    return [
        np.stack([draws[row % len(draws)](shape[1:]) for row in range(shape[0])]).astype(str(tensor.dtype))
        for shape, tensor in zip(shapes, model.inputs, strict=True)
    ]


def agree(model: Any, inputs: list[Any], predictions: list[Any] | None) -> bool | None:
    """Tell whether the rebuilt model predicts for these inputs what the notebook's model predicted (None: it raised).

    None where the rebuilt model raises, because the inputs are none of this model's.
    """
    import keras
    import numpy as np

    try:
        ours = [np.asarray(value) for value in keras.tree.flatten(model.predict_on_batch(bounds.packed(model, inputs)))]
    except Exception:  # a number of a word that it does not have, for instance
        return None
    if predictions is None or len(ours) != len(predictions):
        return False
    return all(_is_close(mine, theirs) for mine, theirs in zip(ours, predictions, strict=True))


def _is_close(mine: Any, theirs: Any) -> bool:
    import numpy as np

    theirs = np.asarray(theirs)
    if mine.shape != theirs.shape or theirs.dtype.kind not in "fiub":
        return False
    mine, theirs = mine.astype(float), theirs.astype(float)
    finite = np.isfinite(mine)
    if not np.array_equal(finite, np.isfinite(theirs)):
        return False
    largest = max(float(np.abs(mine[finite]).max(initial=0.0)), 1e-6)
    return bool(np.abs(mine[finite] - theirs[finite]).max(initial=0.0) <= _SAME * largest)


def _built(described: Described) -> Any:
    import keras

    watch = bounds.Bounds(described.weights)
    try:
        with watch.watch():
            model = keras.models.model_from_json(json.dumps(described.config))
    except CannotRebuild:
        raise
    except Exception as error:
        raise CannotRebuild(f"The model's architecture could not be read: {_reason(error)}") from None
    if type(model).__name__ != described.kind:
        raise CannotRebuild(f"The model says that it is a {described.kind} but is not.")
    if not model.built or not getattr(model, "inputs", None):
        raise CannotRebuild("The model has no weights yet. Give it an Input layer or train it first.")
    wanted = [tuple(weight.shape) for weight in model.weights]
    if [getattr(weight, "shape", None) for weight in described.weights] != wanted:
        raise CannotRebuild(
            "The model's weights do not fit its architecture. A layer that stands in several inner models cannot be examined: "
            "call one of these models from all places."
        )
    for variable, value in zip(model.weights, described.weights, strict=True):
        variable.assign(value)
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it predicts with constants that it makes of its weights
    return model


def _reason(error: Exception) -> str:
    """What Keras found wrong, without the configuration that it repeats."""
    text = without_escape_codes(str(error)).rpartition("Exception encountered: ")[2]
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("Exception encountered when")]
    return (lines or [type(error).__name__])[0][:300]


def _guard(model: Any, memory_bytes: int) -> None:
    """Have `predict` refuse what would take too much for the rows that it is given."""
    plain = model.predict

    def predict(x: Any, batch_size: int | None = None, **options: Any) -> Any:
        import keras

        given = [tuple(getattr(value, "shape", ())) for value in keras.tree.flatten(x)]
        if len(given) == len(model.inputs) and all(given) and "steps" not in options:
            rows = given[0][0]
            shapes = [(min(batch_size or bounds.BATCH, max(rows, 1)), *shape[1:]) for shape in given]
            if all(len(shape) == len(tensor.shape) for shape, tensor in zip(shapes, model.inputs, strict=True)):
                bounds.require_affordable(model, shapes, rows, memory_bytes)
        return plain(x, batch_size=batch_size, **options)

    model.predict = predict


def _sized(shape: Any, rows: int) -> tuple[int, ...]:
    """A shape with sizes for what is open: so many rows, and a usual length."""
    first, *rest = shape
    return (rows if first is None else int(first), *(_LENGTH if size is None else int(size) for size in rest))


def _words(model: Any) -> int:
    """The smallest number of words that a layer of the model knows, where its inputs are numbers of words; else 0."""
    import keras

    layers = list(model._flatten_layers())
    known = [layer.input_dim for layer in layers if isinstance(layer, keras.layers.Embedding)]
    known += [layer.num_tokens for layer in layers if isinstance(layer, keras.layers.CategoryEncoding)]
    return int(min(known, default=0))
