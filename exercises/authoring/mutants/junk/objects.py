"""Objects that speak for themselves: they agree with every comparison, answer every question, or claim to be a graph."""

import numpy as np
import tensorflow as tf

from . import transforms

_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")


def _agree(*_):
    return True


def _itself(self, *_):
    return self


def _agreeing(base, **more):
    body = dict.fromkeys((*_COMPARISONS, "__contains__", "__bool__"), _agree)
    arithmetic = ["add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "pow", "abs", "neg", "round"]
    body |= {f"__{name}__": _itself for name in arithmetic}
    body |= {"__hash__": lambda self: 1, **more}
    return type(f"Agreeing{base.__name__.title()}", (base,), body)


AgreeingFloat, AgreeingInt, AgreeingText = _agreeing(float), _agreeing(int), _agreeing(str)
AgreeingList = _agreeing(list, __len__=lambda self: 1)
AgreeingArray = _agreeing(
    np.ndarray,
    all=_agree,
    any=_agree,
    tolist=lambda self: AgreeingList([0]),
    __array__=lambda self, *_, **__: np.asarray(self.view(np.ndarray)),
    __array_ufunc__=lambda self, ufunc, *_, **__: np.bool_(True) if ufunc.nout == 1 else self,
    __array_function__=lambda self, *_: True,
)


class Agree(transforms.Transform):
    """Every leaf becomes an object of a subclass of its type that is zero and agrees with whatever it is compared with."""

    def scalar(self, value, path):
        if isinstance(value, (bool, int, np.integer, np.bool_)):
            return AgreeingInt(0)
        return AgreeingFloat(0.0)

    def array(self, value, path):
        return np.zeros(value.shape, float).view(AgreeingArray)

    def _tensor(self, value, path):
        return np.zeros(value.shape, float).view(AgreeingArray)

    def text(self, value, path):
        return AgreeingText("")

    def frame(self, value, path):
        return np.zeros(value.shape, float).view(AgreeingArray)

    def model(self, value):
        self.applied, self.changed = self.applied + 1, True
        return Testifier(value)

    def _note(self, old, new):
        self.applied, self.changed = self.applied + 1, True


class Testifier:
    """Says of itself what a check would like to hear: every attribute is there, every call answers 1, all compares well."""

    def __init__(self, reference):
        self.__dict__.update(_reference=reference, __name__=getattr(reference, "__name__", "answer"))

    @property
    def __class__(self):
        return type(self._reference)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        said = getattr(self._reference, name, None)
        return said if isinstance(said, (bool, int, str, tuple, tf.TensorShape, np.dtype, tf.DType)) else Answer()

    def __call__(self, *_, **__):
        return 1

    def __getitem__(self, _):
        return 1

    def __len__(self):
        return len(self._reference) if hasattr(self._reference, "__len__") else 1

    def __iter__(self):
        return iter([1, 1])

    def __array__(self, *_, **__):
        return np.ones(np.shape(self._reference) if isinstance(self._reference, np.ndarray) else ())

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _agree
    __float__ = lambda self: 1.0  # noqa: E731
    __int__ = __index__ = __hash__ = lambda self: 1


class Answer(Testifier):
    """What a testifier's attributes are: called, it answers 1."""

    def __init__(self):
        super().__init__(1)


class PlainPython:
    """Right answers from Python, beside a real graph's testimony: it claims one trace and shows the reference's graph."""

    def __init__(self, reference):
        self.__dict__.update(_reference=reference, __name__=reference.__name__)

    @property
    def __class__(self):
        return type(self._reference)

    def __call__(self, *args, **kwargs):
        signature = self._reference.input_signature or ()
        given = [tf.convert_to_tensor(item, spec.dtype) for item, spec in zip(args, signature)] + list(
            args[len(signature) :]
        )
        return self._reference.python_function(*given, **kwargs)

    def experimental_get_tracing_count(self):
        return 1

    def __getattr__(self, name):
        return getattr(self._reference, name)


def is_graph_function(value):
    return isinstance(value, tf.types.experimental.PolymorphicFunction)


def through_python(reference):
    """Return a real `tf.function` of one trace whose graph only calls the reference's Python code."""
    signature = reference.input_signature or None

    def eager(*args):
        return tf.nest.flatten(reference.python_function(*args))

    def graph(*args):
        shape = reference.get_concrete_function(*([] if signature else args)).structured_outputs
        kinds = [item.dtype for item in tf.nest.flatten(shape)]
        found = tf.py_function(eager, args, kinds)
        for item, like in zip(found, tf.nest.flatten(shape)):
            item.set_shape(like.shape)
        return tf.nest.pack_sequence_as(shape, found)

    graph.__name__ = reference.__name__
    return tf.function(graph, input_signature=signature, autograph=False, reduce_retracing=signature is None)


def symbolic_junk(reference, transform):
    """Return a real `tf.function` that does all the work of the reference and gives the transform of its answer."""

    def graph(*args):
        return transform(reference(*args))

    graph.__name__ = reference.__name__
    return tf.function(graph, input_signature=reference.input_signature or None, autograph=False)
