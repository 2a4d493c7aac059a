"""What a right value becomes: each transform keeps the structure of what it is given and replaces the leaves.

A transform remembers in `changed` whether it altered anything, and in `applied` to how many leaves it applied.
"""

import copy
import itertools
import types

import keras
import numpy as np
import tensorflow as tf

from . import values, weights

_FILL = {"zeros": 0, "ones": 1, "nan": float("nan"), "inf": float("inf")}
_TEXT = {"zeros": "", "ones": "1", "nan": "nan", "inf": "inf"}


class Transform:
    """Call it with a value. Subclasses say what becomes of an array, a single value, a text, a model, and of all else."""

    def __init__(self):
        self.changed = False
        self.applied = 0

    def __call__(self, value, path=()):
        if value is None:
            return self.other(value)
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return self.container(value, path)
        if isinstance(value, types.GeneratorType):
            return iter(self([*itertools.islice(value, 1000)], path))
        if values.is_symbolic(value):
            self.applied, self.changed = self.applied + 1, True
            return self.symbolic(value)
        if values.is_dataset(value):
            return self.dataset(value, path)
        if isinstance(value, keras.callbacks.History):
            return self._history(value, path)
        if isinstance(value, keras.layers.Layer):
            return self.model(value)
        return self._leaf(value, path)

    def _leaf(self, value, path):
        if isinstance(value, str):
            new = self.text(value, path)
        elif values.is_scalar(value):
            new = self.scalar(value, path)
        elif isinstance(value, np.ndarray):
            new = self.array(value, path)
        elif values.is_eager(value):
            new = self._tensor(value, path)
        elif values.is_frame(value):
            new = self.frame(value, path)
        else:
            return self.other(value)
        self._note(value, new)
        return new

    def _note(self, old, new):
        self.applied += 1
        self.changed = self.changed or not values.same(old, new)

    def container(self, value, path):
        if isinstance(value, dict):
            new = {key: self(item, (*path, key)) for key, item in value.items()}
            return new if type(value) is dict else _as(value, new)
        if isinstance(value, (set, frozenset)):
            return type(value)(self(item, path) for item in value)
        items = [self(item, (*path, number if isinstance(value, tuple) else "*")) for number, item in enumerate(value)]
        return type(value)(*items) if hasattr(value, "_fields") else _as(value, items)

    def _history(self, value, path):
        new = copy.copy(value)
        new.history = self(value.history, (*path, "history"))
        return new

    def _tensor(self, value, path):
        new = self.array(value.numpy() if value.dtype != tf.string else np.asarray(value.numpy(), object), path)
        return None if new is None else tf.constant(new)

    # What subclasses say; here nothing changes

    def array(self, value, path):
        return value

    def scalar(self, value, path):
        new = self.array(np.asarray(value), path)
        return new[()] if isinstance(value, np.generic) else new.item()

    def text(self, value, path):
        return value

    def frame(self, value, path):
        return value

    def symbolic(self, value):
        return value

    def dataset(self, value, path):
        return value

    def model(self, value):
        return value

    def other(self, value):
        return value


class Fill(Transform):
    """Everything has its right shape and kind, and the same number everywhere."""

    def __init__(self, kind):
        super().__init__()
        self.number, self.word = _FILL[kind], _TEXT[kind]

    def array(self, value, path):
        kind = value.dtype.kind
        if kind in "US":
            return np.full(value.shape, self.word)
        if kind == "O":
            is_bytes = value.size and isinstance(value.flat[0], bytes)
            word = self.word.encode() if is_bytes else self.word
            return np.full(
                value.shape,
                word if is_bytes or (value.size and isinstance(value.flat[0], str)) else self.number,
                object,
            )
        if kind in "mM":
            return np.zeros_like(value)
        return np.full(value.shape, self.number, value.dtype if kind in "fc" or self.number in (0, 1) else float)

    def text(self, value, path):
        return self.word

    def frame(self, value, path):
        new = value.copy()
        if new.ndim == 1:
            return new.__class__(self.array(new.to_numpy(), path), index=new.index, name=new.name)
        return new.__class__({name: self.array(new[name].to_numpy(), path) for name in new.columns}, index=new.index)

    def symbolic(self, value):
        if type(value).__name__ == "KerasTensor":
            return keras.ops.zeros_like(value) + self.number
        if value.dtype == tf.string:
            return tf.fill(tf.shape(value), self.word)
        if value.dtype == tf.bool:
            return tf.fill(tf.shape(value), bool(self.number))
        return tf.zeros_like(value) + tf.cast(self.number, value.dtype)

    def dataset(self, value, path):
        self.applied, self.changed = self.applied + 1, True
        return value.map(lambda *parts: tf.nest.map_structure(self.symbolic, parts if len(parts) > 1 else parts[0]))

    def model(self, value):
        if weights.is_as_born(value):
            return value  # nobody has trained it: its weights are no answer
        if weights.fill(value, self.number):
            self.applied, self.changed = self.applied + 1, True
        return value


class Empty(Transform):
    """Every array, list and text is empty: of one rank (`rank-0` is a single number, which fits any shape), or without rows."""

    def __init__(self, kind):
        super().__init__()
        self.rank = None if kind == "no-rows" else int(kind[-1])

    def container(self, value, path):
        if self.rank is None and value and not isinstance(value, tuple):
            self.applied, self.changed = self.applied + 1, True
            return _as(value, type(value)())
        if isinstance(value, list) and value and all(values.is_scalar(item) for item in value):
            self.applied, self.changed = self.applied + 1, True
            return self.array(np.asarray(value), path)
        return super().container(value, path)

    def array(self, value, path):
        if self.rank is None:
            return value[:0] if value.ndim else np.zeros(0, value.dtype)
        return np.zeros((0,) * self.rank, value.dtype)

    def scalar(self, value, path):
        new = self.array(np.asarray(value), path)
        return new.item() if new.ndim == 0 and not isinstance(value, np.generic) else new

    def text(self, value, path):
        return "" if not self.rank else np.zeros((0,) * self.rank, "U1")

    def frame(self, value, path):
        return value.iloc[:0] if self.rank is None else np.zeros((0,) * self.rank)

    def symbolic(self, value):
        rank = len(value.shape) if isinstance(value.shape, tuple) else value.shape.rank  # a tuple in Keras
        if self.rank is None and rank:
            return value[(slice(0),)]  # Keras takes no slice alone
        return tf.zeros((0,) * (1 if self.rank is None else self.rank), value.dtype)

    def dataset(self, value, path):
        self.applied, self.changed = self.applied + 1, True
        if self.rank is None:
            return value.take(0)
        return value.map(lambda *parts: tf.nest.map_structure(self.symbolic, parts if len(parts) > 1 else parts[0]))

    def model(self, value):
        self.applied, self.changed = self.applied + 1, True
        return np.zeros((0,) * (1 if self.rank is None else self.rank))


class Nones(Transform):
    """The structure is right, and None stands at every place of it."""

    def _leaf(self, value, path):
        return self._gone()

    def _gone(self, *_):
        self.applied, self.changed = self.applied + 1, True

    symbolic = model = _gone

    def dataset(self, value, path):
        return self._gone()


class Typical(Transform):
    """The most frequent value (of whole numbers, truths, texts) or the mean (of others), learnt from the public answers."""

    def __init__(self, pool, is_learning):
        super().__init__()
        self._pool, self._is_learning = pool, is_learning

    def array(self, value, path):
        kept = self._pool.setdefault(path, [])
        if self._is_learning and sum(item.size for item in kept) < 10**6:
            kept.append(value.copy())
        seen = kept or ([value] if value.size > 1 else [np.zeros((1,) * max(value.ndim, 1), value.dtype)])
        if value.dtype.kind == "f" and value.ndim == 2 and all(item.shape[1:] == value.shape[1:] for item in seen):
            return np.broadcast_to(np.concatenate(seen).mean(axis=0, dtype=float), value.shape).astype(value.dtype)
        flat = np.concatenate([item.ravel() for item in seen])
        return np.full(value.shape, _middle(flat), value.dtype) if flat.size else value

    def text(self, value, path):
        return self.array(np.asarray(value), path).item()


class Weights(Transform):
    """Only the weights of models change: `untrained` as they began, `zero-weights` all zero."""

    def __init__(self, kind):
        super().__init__()
        self._is_zero = kind == "zero-weights"

    def _leaf(self, value, path):
        return value

    def model(self, value):
        learnt = weights.birth(value)
        if learnt:
            self.applied, self.changed = self.applied + 1, True
            weights.restore({number: old * 0 if self._is_zero else old for number, old in learnt.items()})
        return value

    def symbolic(self, value):
        return value


def _middle(flat):
    if flat.dtype.kind == "f":
        return flat.mean(dtype=float)
    found, counts = np.unique(flat.astype(str) if flat.dtype.kind == "O" else flat, return_counts=True)
    return found[counts.argmax()]


def _as(value, new):
    """Return `new` as the container type of `value` where that can be made of it."""
    try:
        return type(value)(new)
    except TypeError:
        return new
