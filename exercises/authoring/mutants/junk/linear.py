"""Networks without a bend: every hidden layer of every model that is built loses its activation."""

import keras
from keras.src.models.functional import Functional

_bends = (keras.layers.ReLU, keras.layers.LeakyReLU)
bent = []  # names of the hidden layers that had one


def watch(is_straightened):
    """Note the hidden layers with an activation in each model made from now on; take it from them if so told."""
    initialize = Functional.__init__

    def build(self, inputs, outputs, *args, **kwargs):
        initialize(self, inputs, outputs, *args, **kwargs)
        last = {tensor._keras_history.operation for tensor in self.outputs}
        for layer in self.layers:
            if layer not in last and _is_bent(layer):
                bent.append(layer.name)
                if is_straightened:
                    _straighten(layer)

    Functional.__init__ = build


def _is_bent(layer):
    if isinstance(layer, _bends):
        return layer.negative_slope != 1
    held = getattr(layer, "cell", layer)
    return getattr(held, "activation", keras.activations.linear) not in (None, keras.activations.linear)


def _straighten(layer):
    if isinstance(layer, _bends):
        layer.negative_slope = 1.0
    else:
        getattr(layer, "cell", layer).activation = keras.activations.linear
