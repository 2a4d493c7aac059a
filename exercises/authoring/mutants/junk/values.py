"""Plain data of a notebook: whether two values are the same, their exact bytes, and copies of them."""

import copy
import hashlib
import types

import numpy as np
import tensorflow as tf

MAX_PLAIN = 64 * 2**20  # bytes of what is copied or compared


class NotPlain(Exception):
    """A value that is no plain data: a model, a data set, an open file."""


def is_eager(value):
    return isinstance(value, tf.Tensor) and not tf.is_symbolic_tensor(value)


def is_symbolic(value):
    return tf.is_symbolic_tensor(value) or type(value).__name__ == "KerasTensor"


def is_scalar(value):
    return isinstance(value, (bool, int, float, complex, np.generic))


def is_frame(value):
    return type(value).__module__.startswith("pandas") and type(value).__name__ in ("DataFrame", "Series")


def is_dataset(value):
    return isinstance(value, tf.data.Dataset)


def digest(value):
    """Return the exact bytes of plain data as a short hash. Raises NotPlain."""
    found = hashlib.sha256()
    for part in _parts(value, 0):
        found.update(part)
    return found.digest()


def _parts(value, depth):
    if depth > 20:
        raise NotPlain
    yield type(value).__name__.encode()
    if value is None:
        return
    if is_eager(value) or isinstance(value, tf.Variable):
        value = value.numpy()
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        yield repr(value).encode()
    elif isinstance(value, (np.ndarray, np.generic)):
        yield from _array_parts(np.asarray(value))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _parts(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(key, depth + 1)
            yield from _parts(item, depth + 1)
    elif isinstance(value, (set, frozenset)):
        yield from sorted(digest(item) for item in value)
    elif is_frame(value):
        yield value.to_csv().encode()
    elif isinstance(value, (types.FunctionType, type)):
        yield f"{value.__module__}.{value.__qualname__}".encode()
    else:
        raise NotPlain


def _array_parts(array):
    yield f"{array.dtype} {array.shape}".encode()
    if array.nbytes > MAX_PLAIN:
        raise NotPlain
    yield repr(array.tolist()).encode() if array.dtype.hasobject else np.ascontiguousarray(array).tobytes()


def try_digest(value):
    """Return the digest of plain data, else None."""
    try:
        return digest(value)
    except (NotPlain, ValueError, TypeError, RecursionError):
        return None


def same(left, right):
    """Tell whether two values are the same plain data; what is no plain data is only the same as itself."""
    if left is right:
        return True
    first = try_digest(left)
    return first is not None and first == try_digest(right)


def copied(value):
    """Return a copy of plain data that later changes of the original do not reach; tensors never change."""
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def numbers(value):
    """Return all numbers in a value as one flat array, to find the nearest of several."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        flat = [numbers(item) for item in value]
        return np.concatenate(flat) if flat else np.zeros(0)
    if is_eager(value):
        value = value.numpy()
    if isinstance(value, (np.ndarray, np.generic, bool, int, float)):
        array = np.asarray(value)
        return array.astype(float).ravel() if array.dtype.kind in "biuf" else np.zeros(0)
    return np.zeros(0)
