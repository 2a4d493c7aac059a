"""Tensors and variables, known by the names of their classes: TensorFlow is imported by those who use it, not here."""

from typing import Any

import numpy as np

from . import npy


class Tensor(np.ndarray[Any, Any]):
    """A tensor's value on the examiner's side: an array that also answers `.numpy()`; `number` is the notebook's tensor."""

    number: int | None = None
    client: Any = None

    def __getattr__(self, name: str) -> Any:
        if self.number is None or name.startswith("__"):
            raise AttributeError(f"A tensor has no attribute {name!r}.", name=name, obj=self)
        return self.client.ask("getattr", self, name)

    def numpy(self) -> Any:
        """Return the value as TensorFlow does: an array, or an array scalar."""
        array = self.view(np.ndarray).copy()
        return array if array.ndim else array[()]


def as_tensor(array: npy.Array) -> Tensor:
    """The examiner's form of a tensor: nobody writes to it, as nobody can to a tensor."""
    tensor = array.view(Tensor)
    tensor.flags.writeable = False
    return tensor


def is_variable(value: Any) -> bool:
    """Tell whether a value is a variable of TensorFlow or Keras."""
    return bool(_names(value) & _VARIABLES)


def is_tensor(value: Any) -> bool:
    """Tell whether a value is an eager tensor or a variable."""
    return bool(_names(value) & _TENSORS)


def tensor_value(value: Any) -> npy.Array | None:
    """Return the value of an eager tensor or a variable; None where NumPy has no form for it."""
    try:
        content = value.numpy()
    except Exception:
        return None
    if not isinstance(content, bytes):
        return np.asarray(content)
    text: npy.Array = np.empty((), object)  # NumPy's own texts would lose zeros at the end
    text[()] = content
    return text


_VARIABLES = {
    "tensorflow.python.ops.resource_variable_ops.BaseResourceVariable",
    "keras.src.backend.common.variables.Variable",
}
_TENSORS = {"tensorflow.python.framework.ops._EagerTensorBase"} | _VARIABLES


def _names(value: Any) -> set[str]:
    return {f"{base.__module__}.{base.__qualname__}" for base in type(value).__mro__[:6]}
