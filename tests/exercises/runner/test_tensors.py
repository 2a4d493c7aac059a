"""Tensors are known by the names of their classes, without TensorFlow."""

from types import SimpleNamespace

import numpy as np
import pytest

from exercises.runner import tensors


def make(module, name, value=None):
    kind = type(name, (), {"__module__": module, "numpy": lambda self: value})
    return kind()


VARIABLE = ("tensorflow.python.ops.resource_variable_ops", "BaseResourceVariable")
EAGER = ("tensorflow.python.framework.ops", "_EagerTensorBase")


def test_what_is_a_tensor():
    assert tensors.is_tensor(make(*EAGER)) and not tensors.is_variable(make(*EAGER))
    assert tensors.is_tensor(make(*VARIABLE)) and tensors.is_variable(make(*VARIABLE))
    assert not tensors.is_tensor(make("__main__", "Tensor")) and not tensors.is_tensor(np.zeros(3))


def test_the_value_of_a_tensor():
    assert tensors.tensor_value(make(*EAGER, np.float32(2))) == 2
    assert tensors.tensor_value(make(*EAGER, b"a\0"))[()] == b"a\0", "NumPy's own texts would lose the zero"
    assert tensors.tensor_value(object()) is None


def test_the_examiners_tensor_is_a_read_only_array():
    tensor = tensors.as_tensor(np.arange(3.0))
    with pytest.raises(ValueError, match="read-only"):
        tensor[0] = 5
    copy = tensor.numpy()
    copy[0] = 5
    assert type(copy) is np.ndarray and tensor[0] == 0
    assert type(tensors.as_tensor(np.array(2.0)).numpy()) is np.float64


def test_what_an_array_does_not_have_is_asked_of_the_original():
    tensor = tensors.as_tensor(np.arange(3.0))
    with pytest.raises(AttributeError, match="no attribute 'assign'"):
        tensor.assign  # noqa: B018
    tensor.number, tensor.client = 7, SimpleNamespace(ask=lambda *question: question)
    assert tensor.assign == ("getattr", tensor, "assign")
    assert not hasattr(tensor, "__cuda_array_interface__")
