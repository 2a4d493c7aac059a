"""Every weight that Keras makes, with the value it began with: what it takes to undo a training, and to put it back."""

import gc
import weakref

import keras
import numpy as np
from keras.src.backend.tensorflow.core import Variable

_born = {}  # id of a variable → (weak reference, value at birth)
_initialize = Variable._initialize


def watch():
    """Keep the first value of every Keras variable made from now on."""

    def initialize(self, value):
        _initialize(self, value)
        try:
            number = id(self)
            _born[number] = (weakref.ref(self, lambda _: _born.pop(number, None)), np.array(self._value))
        except Exception:  # made while a graph is traced: it has no value yet
            _born.pop(id(self), None)

    Variable._initialize = initialize


def living():
    """Return the variables that are alive, by id."""
    found = {number: reference() for number, (reference, _) in _born.copy().items()}  # some die meanwhile
    return {number: variable for number, variable in found.items() if variable is not None}


def values():
    """Return the present value of every living variable, by id."""
    return {number: np.array(variable) for number, variable in living().items()}


def restore(kept):
    """Give living variables the values that `values` returned."""
    for number, variable in living().items():
        if number in kept and kept[number].shape == tuple(variable.shape):
            variable.assign(kept[number])


def changed_since(before):
    """Return, by id, the old values of weights that differ from `before`, or from their birth where they are younger.

    Only weights of layers: the state of optimizers and of random generators is nobody's answer.
    """
    beside = _of_optimizers()
    found = {}
    for number, variable in living().items():
        old = before.get(number, _born[number][1])
        if number not in beside and old.dtype.kind == "f" and not np.array_equal(old, np.array(variable)):
            found[number] = old
    return found


def birth(model):
    """Return the values at birth of a model's weights that have changed since, by id."""
    born = {id(weight): _born[id(weight)][1] for weight in model.weights if id(weight) in _born}
    return {
        id(weight): born[id(weight)]
        for weight in model.weights
        if id(weight) in born and born[id(weight)].dtype.kind == "f"
        and not np.array_equal(born[id(weight)], np.array(weight))
    }  # fmt: skip


def is_as_born(model):
    """Tell whether a model has weights, and all of them as they began."""
    return bool(model.weights) and all(id(weight) in _born for weight in model.weights) and not birth(model)


def fill(model, number):
    """Set every floating weight of a model or layer to one number; tell whether it has any."""
    floating = [weight for weight in model.weights if "float" in str(weight.dtype)]
    for weight in floating:
        weight.assign(np.full(weight.shape, number))
    return bool(floating)


def _of_optimizers():
    found = set()
    for thing in gc.get_objects():
        if isinstance(thing, keras.optimizers.Optimizer):
            found |= {id(variable) for variable in thing.variables}
    return found
