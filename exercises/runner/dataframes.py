"""Tables of pandas as plain values: dtypes, labels, names and missing values arrive as they were, or the table does not cross.

A column is `["n", array]` (NumPy), `["o", items]` (objects), `["p", dtype, items]` (a type of pandas), or
`["cat", codes, categories, ordered]`; an index `["range", start, stop, step, name]` or `["index", column, name, freq]`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import npy
from .faults import WireError

_PANDAS_TYPES = frozenset(
    ["str", "string", "boolean", "Float32", "Float64"]
    + [f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)]
)
Make = Callable[[Any], Any]  # a value to its node, or a node to its value


class Unplain(Exception):
    """A table with something that has no exact plain form: it stays where it is, as a handle."""


def kind_of(value: Any) -> str | None:
    """Return `df` or `sr` for a DataFrame or Series of pandas itself (no subclass), else None."""
    kind = type(value)
    if kind.__module__.partition(".")[0] != "pandas":
        return None
    return {"DataFrame": "df", "Series": "sr"}.get(kind.__name__)


def describe(table: Any, node: Make) -> list[Any]:
    """Return the content of a DataFrame or Series; `node` makes those of its values. Raises Unplain."""
    if table.attrs or not table.flags.allows_duplicate_labels:
        raise Unplain
    if kind_of(table) == "sr":
        return [_index(table.index, node), _column(table, node), node(table.name)]
    columns = [_column(table.iloc[:, at], node) for at in range(table.shape[1])]
    return [_index(table.index, node), _index(table.columns, node), columns]


def build(kind: str, content: list[Any], value: Make) -> Any:
    """Return the table of an untrusted `content`; `value` makes the values. Raises WireError and what pandas raises."""
    import pandas as pd

    if kind == "sr":
        index, column, name = content
        return _series(column, _labels(index, value), value, value(name))
    index, labels, columns = content
    rows, names = _labels(index, value), _labels(labels, value)
    table = pd.DataFrame({at: _series(column, rows, value) for at, column in enumerate(columns)}, index=rows)
    table.columns = names
    return table


def replace(old: Any, new: Any) -> None:
    """Make `old` what `new` is, in place."""
    old._update_inplace(new)
    if kind_of(old) == "sr":
        old.name = new.name


def _index(index: Any, node: Make) -> list[Any]:
    kind = type(index).__name__
    if kind == "RangeIndex":
        return ["range", index.start, index.stop, index.step, node(index.name)]
    if kind not in ("Index", "DatetimeIndex", "TimedeltaIndex"):
        raise Unplain
    return ["index", _column(index, node), node(index.name), getattr(index, "freqstr", None)]


def _column(labelled: Any, node: Make) -> list[Any]:
    dtype, values = labelled.dtype, labelled.array
    if isinstance(dtype, np.dtype):
        array = labelled.to_numpy()
        if dtype.kind == "O":
            return ["o", [node(item) for item in array]]
        if array.dtype != dtype or not npy.is_plain(dtype):
            raise Unplain
        return ["n", node(array)]
    if type(dtype).__name__ == "CategoricalDtype":
        return ["cat", node(np.asarray(values.codes)), _index(dtype.categories, node), bool(dtype.ordered)]
    if str(dtype) not in _PANDAS_TYPES or _made(str(dtype), []).dtype != dtype:
        raise Unplain
    return ["p", str(dtype), [node(item) for item in values]]


def _made(name: str, items: list[Any]) -> Any:
    import pandas as pd

    return pd.array(items, dtype=name)


def _labels(index: list[Any], value: Make) -> Any:
    import pandas as pd

    if index[0] == "range":
        _, start, stop, step, name = index
        return pd.RangeIndex(_whole(start), _whole(stop), _whole(step), name=value(name))
    _, column, name, freq = index
    made = pd.Index(_values(column, value), dtype=object if column[0] == "o" else None, name=value(name))
    if freq is not None:
        made.freq = str(freq)
    return made


def _series(column: list[Any], index: Any, value: Make, name: Any = None) -> Any:
    import pandas as pd

    # pandas would guess: texts among objects become a column of texts
    return pd.Series(_values(column, value), index=index, name=name, dtype=object if column[0] == "o" else None)


def _values(column: list[Any], value: Make) -> Any:
    if column[0] == "n":
        return _array(value(column[1]))
    if column[0] == "o":
        return objects([value(item) for item in column[1]])
    if column[0] == "p" and column[1] in _PANDAS_TYPES:
        return _made(column[1], [value(item) for item in column[2]])
    if column[0] == "cat":
        import pandas as pd

        _, codes, categories, is_ordered = column
        dtype = pd.CategoricalDtype(_labels(categories, value), ordered=bool(is_ordered))
        return pd.Categorical.from_codes(_array(value(codes)), dtype=dtype)
    raise WireError("a table that is not one of ours")


def objects(items: list[Any]) -> npy.Array:
    """Return a flat array of these very objects."""
    array: npy.Array = np.empty(len(items), object)
    for at, item in enumerate(items):
        array[at] = item
    return array


def _array(value: Any) -> npy.Array:
    if type(value) is not np.ndarray:
        raise WireError("a column that is not an array")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise WireError("a table that is not one of ours")
    return value
