"""What checks compare with. Each function returns the checked plain value, or raises AssertionError that says what differs.

NumPy's own comparisons are true of nothing: `allclose([], 3)`, `(x == y).all()` of no rows, one number against a hundred. Here
shape, size, kind and finiteness belong to the answer. A learner's notebook carries this file's text in a cell of its own, so
it stands alone. `kind` is one of number (whole or not, never a boolean), integer, boolean, text.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

import numpy as np

__all__ = [
    "array", "boolean", "close", "differ", "every", "mapping", "member", "number", "same", "same_members", "same_set",
    "same_table", "sequence", "some", "text", "whole",
]  # fmt: skip
_KINDS = {"number": "iuf", "integer": "iu", "boolean": "b", "text": "U"}
_FAMILIES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number", "U": "text"}
_PLAIN = (bool, int, float, str, np.generic, np.ndarray, list, tuple)
_MAX_SHOWN = 160


def close(answer: Any, wanted: Any, message: str = "", *, rtol: float = 1e-5, atol: float = 1e-6) -> bool:
    """Demand the wanted numbers: the same shape, finite, each within `atol + rtol * |wanted|`.

    `wanted` is a number, an array (…), or a list, tuple or dict of such; a table or a Keras model are compared as one.
    """
    if _is_table(wanted):
        return same_table(answer, wanted, message, rtol=rtol, atol=atol)
    if hasattr(wanted, "get_weights"):
        _demand(hasattr(type(answer), "get_weights"), message, f"A model was expected, but {_returned(answer)}.")
        return close(answer.get_weights(), wanted.get_weights(), message, rtol=rtol, atol=atol)
    if _is_nested(wanted):
        return _each(answer, wanted, message, lambda a, b, m: close(a, b, m, rtol=rtol, atol=atol))
    right = np.asarray(wanted, float)
    if not right.size or not np.isfinite(right).all():
        raise ValueError("close() compares with finite numbers, at least one.")
    left = array(answer, right.shape, message=message).astype(float)
    wrong = np.abs(left - right) > atol + rtol * np.abs(right)
    if wrong.any():
        _fail(message, _where(left, right, wrong))
    return True


def same(answer: Any, wanted: Any, message: str = "") -> bool:
    """Demand exactly the wanted value: the same kind, shape and content. Lists, tuples and arrays of the same are alike."""
    if _is_table(wanted):
        return same_table(answer, wanted, message, rtol=0, atol=0)
    if isinstance(wanted, set | frozenset):
        return same_set(answer, wanted, message)
    if wanted is None:
        _demand(answer is None, message, f"None was expected, but {_returned(answer)}.")
        return True
    if _is_nested(wanted) or (isinstance(wanted, list | tuple) and not wanted):
        return _each(answer, wanted, message, same)
    right = np.asarray(wanted)
    if right.dtype.kind not in _FAMILIES:
        raise ValueError(f"same() compares numbers, truth values and texts, not {right.dtype}.")
    left = array(answer, right.shape, _FAMILIES[right.dtype.kind], message=message, finite=False, empty=not right.size)
    wrong = left != right
    if right.dtype.kind == "f":
        wrong &= ~(np.isnan(left.astype(float)) & np.isnan(right))
    if wrong.any():
        _fail(message, _where(left, right, wrong))
    return True


def differ(one: Any, other: Any, message: str = "", *, kind: str | None = None) -> bool:
    """Demand two answers of the same shape, at least one value each, that are not the same everywhere."""
    left = array(one, None, kind or _kind_of(one), message=message)
    right = array(other, left.shape, kind or _kind_of(one), message=message)
    _demand(bool((left != right).any()), message, f"Both are {_shown(left)}.")
    return True


def every(conditions: Any, message: str = "", *, count: int | None = None) -> bool:
    """Demand that there are conditions (`count` of them, where given) and that each one holds."""
    held = array(conditions, None, "boolean", message=message)
    _demand(
        count is None or held.size == count, message, f"There are {held.size} values; {count} {_were(count)} expected."
    )
    _demand(bool(held.all()), message, f"{held.size - int(held.sum())} of {held.size} do not." if held.ndim else "")
    return True


def some(conditions: Any, message: str = "") -> bool:
    """Demand that at least one condition holds."""
    _demand(bool(array(conditions, None, "boolean", message=message).any()), message, "")
    return True


def same_set(answer: Any, wanted: Iterable[Any], message: str = "") -> bool:
    """Demand each wanted value once and no other, in any order. The answer is a set, list, tuple or array (n,)."""
    values = sequence(answer, None, message=message, empty=True)
    _demand(len(set(map(_key, values))) == len(values), message, f"A value is there twice: {_returned(answer)}.")
    return same_members(values, wanted, message)


def same_members(answer: Any, wanted: Iterable[Any], message: str = "") -> bool:
    """Demand the wanted values, each as often, in any order."""
    have, want = Counter(map(_key, sequence(answer, None, message=message, empty=True))), Counter(map(_key, wanted))
    missing, extra = list((want - have).elements()), list((have - want).elements())
    if missing or extra:
        parts = [
            f"{name}: {_shown([value for _, value in found])}"
            for name, found in (("missing", missing), ("too much", extra))
            if found
        ]
        _fail(message, _upper("; ".join(parts)) + ".")
    return True


def same_table(answer: Any, wanted: Any, message: str = "", *, rtol: float = 1e-5, atol: float = 1e-6) -> bool:
    """Demand a pandas table (or column) with the wanted columns, rows, order and kinds; numbers within the tolerance."""
    _demand(_is_table(answer), message, f"A table of pandas was expected, but {_returned(answer)}.")
    if not hasattr(wanted, "columns"):
        _demand(not hasattr(answer, "columns"), message, "You returned a table; a single column was expected.")
        answer, wanted = answer.to_frame(name="values"), wanted.to_frame(name="values")
    _demand(hasattr(answer, "columns"), message, "You returned a single column; a table was expected.")
    have, want = list(answer.columns), list(wanted.columns)
    _demand(list(map(_key, have)) == list(map(_key, want)), message, f"The columns are {have}; {want} were expected.")
    _demand(len(answer) == len(wanted), message, f"You returned {len(answer)} rows; {len(wanted)} were expected.")
    same(answer.index.tolist(), wanted.index.tolist(), f"{message} The row labels (index) differ.".strip())
    for place, name in enumerate(want):
        left, right = answer.iloc[:, place].tolist(), wanted.iloc[:, place].tolist()
        numeric = right and all(type(value) is float and math.isfinite(value) for value in right)
        words = f"{message} Column {name!r}:".strip()
        close(left, right, words, rtol=rtol, atol=atol) if numeric else same(left, right, words)
    return True


def array(
    answer: Any,
    shape: tuple[int | None, ...] | int | None = None,
    kind: str = "number",
    message: str = "",
    *,
    finite: bool = True,
    empty: bool = False,
) -> "np.ndarray[Any, Any]":
    """Return the answer as an array of that shape (None: any length) and kind; finite, and not empty unless told so."""
    found = _as_array(answer, message)
    if shape is not None:
        lengths = (shape,) if isinstance(shape, int) else tuple(shape)
        fits = len(lengths) == found.ndim and all(n in (None, m) for n, m in zip(lengths, found.shape, strict=True))
        _demand(fits, message, _shapes(found.shape, lengths))
        empty = empty or 0 in lengths
    _demand(found.size > 0 or empty, message, "You returned nothing: an array of no values.")
    if found.size or found.dtype.kind != "f":  # an empty list has no kind of its own
        _demand(found.dtype.kind in _KINDS[kind], message, f"{_plural(kind)} expected, but {_returned(answer)}.")
    if finite and found.dtype.kind == "f":
        bad = int((~np.isfinite(found)).sum())
        said = f"{bad} of {found.size} values {_were(bad, 'is', 'are')} NaN or infinite."
        _demand(not bad, message, said if found.ndim else f"You returned {found}.")
    return found


def number(answer: Any, low: float | None = None, high: float | None = None, message: str = "") -> float:
    """Return the answer as a float: one finite number, from `low` to `high` inclusive where they are given."""
    value = float(array(answer, (), "number", message))
    too_low, too_high = low is not None and value < low, high is not None and value > high
    if too_low or too_high:
        _fail(message, f"You returned {value:.6g}; {_range(low, high)} was expected.")
    return value


def whole(answer: Any, low: int | None = None, high: int | None = None, message: str = "") -> int:
    """Return the answer as an int: one whole number, from `low` to `high` inclusive where they are given."""
    value = array(answer, (), "integer", message)
    number(value, low, high, message)
    return int(value)


def boolean(answer: Any, message: str = "") -> bool:
    """Return the answer as True or False; nothing else is one."""
    return bool(array(answer, (), "boolean", message))


def text(answer: Any, message: str = "", *, least: int = 1, contains: str | Iterable[str] = ()) -> str:
    """Return the answer as a str of at least `least` characters that contains each of the given parts."""
    _demand(_is(answer, str), message, f"A text was expected, but {_returned(answer)}.")
    value = str(answer)
    _demand(len(value) >= least, message, f"The text has {len(value)} characters; at least {least} were expected.")
    missing = [part for part in ([contains] if isinstance(contains, str) else contains) if part not in value]
    _demand(not missing, message, f"The text does not contain {', '.join(map(repr, missing))}.")
    return value


def member(answer: Any, options: Iterable[Any], message: str = "") -> Any:
    """Return the one of our options that the answer equals, in kind too."""
    listed = list(options)
    equal = [option for option in listed if _is_scalar(answer) and _key(option) == _key(answer)]
    _demand(bool(equal), message, f"One of {_shown(listed)} was expected, but {_returned(answer)}.")
    return equal[0]


def sequence(answer: Any, length: int | None = None, message: str = "", *, empty: bool = False) -> list[Any]:
    """Return the answer (list, tuple, set, array or column) as a list of that length; not empty unless told so."""
    is_column = _is_table(answer) and answer.ndim == 1
    is_list = _is(answer, list | tuple | set | frozenset) or is_column or (_is(answer, np.ndarray) and answer.ndim > 0)
    _demand(is_list, message, f"A list was expected, but {_returned(answer)}.")
    items = list(answer)
    _demand(
        length is None or len(items) == length,
        message,
        f"You returned {len(items)} values; {length} {_were(length)} expected.",
    )
    _demand(bool(items) or empty or length == 0, message, "You returned nothing: an empty list.")
    return items


def mapping(answer: Any, keys: Iterable[Any], message: str = "", *, more: bool = False) -> dict[Any, Any]:
    """Return the answer as a dict with just these keys; with `more`, others may be there too."""
    _demand(_is(answer, dict), message, f"A dict was expected, but {_returned(answer)}.")
    wanted, found = list(keys), dict(answer)
    missing = [key for key in wanted if key not in found]
    _demand(not missing, message, f"These keys are missing: {_shown(missing)}.")
    extra = [key for key in found if key not in wanted]
    _demand(more or not extra, message, f"These keys do not belong there: {_shown(extra)}.")
    return found


# --- how a difference is said ----------------------------------------------------------------------------------------


def _fail(message: str, detail: str) -> NoReturn:
    raise AssertionError(f"{message} {detail}".strip() or "A condition does not hold.")


def _demand(holds: bool, message: str, detail: str) -> None:
    if not holds:
        _fail(message, detail)


def _returned(answer: Any) -> str:
    """Say what an answer is, without asking it: its class could be the learner's."""
    if answer is None:
        return "you returned None (is a return missing?)"
    if _is_scalar(answer):
        return f"you returned {_shown(answer)} ({_type_name(answer)})"
    if _is(answer, np.ndarray):
        return f"you returned an array of shape {answer.shape} and type {answer.dtype}"
    if _is(answer, list | tuple | set | frozenset | dict):
        return f"you returned a {type(answer).__name__} of {len(answer)}"
    return f"you returned an object of type {_type_name(answer)}"


def _type_name(answer: Any) -> str:
    kind = type(answer)
    if any(base.__name__ == "Handle" for base in kind.__mro__):
        return str(object.__getattribute__(answer, "_type"))  # an object that stayed in the notebook
    return kind.__name__


def _where(left: "np.ndarray[Any, Any]", right: "np.ndarray[Any, Any]", wrong: "np.ndarray[Any, Any]") -> str:
    if not right.ndim:
        return f"You returned {_shown(left[()])}; {_shown(right[()])} was expected."
    if right.size <= 12:
        return f"You returned {_shown(left)}; {_shown(right)} was expected."
    first = tuple(int(axis[0]) for axis in np.nonzero(wrong))
    place = first[0] if len(first) == 1 else list(first)
    count = int(wrong.sum())
    return (
        f"{count} of {right.size} values {_were(count, 'is', 'are')} wrong. The first, at {place}, is {_shown(left[first])}; "
        f"{_shown(right[first])} was expected."
    )


def _shapes(found: tuple[int, ...], wanted: tuple[int | None, ...]) -> str:
    words = "(" + ", ".join("any" if n is None else str(n) for n in wanted) + ("," if len(wanted) == 1 else "") + ")"
    have = f"an array of shape {found}" if found else "a single value"
    return f"You returned {have}; {f'an array of shape {words}' if wanted else 'a single value'} was expected."


def _shown(value: Any) -> str:
    if _is(value, np.generic):
        value = value.item()
    if _is(value, float):
        return f"{value:.6g}"
    plain = np.array2string(value, precision=4, threshold=12) if _is(value, np.ndarray) else repr(value)
    words = " ".join(plain.split())
    return words if len(words) <= _MAX_SHOWN else words[:_MAX_SHOWN] + "…"


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {high:.6g}" if low is None else f"at least {low:.6g}"
    return f"a number from {low:.6g} to {high:.6g}"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _were(count: int | None, one: str = "was", many: str = "were") -> str:
    return one if count == 1 else many


def _plural(kind: str) -> str:
    return {"number": "Numbers were", "integer": "Whole numbers were", "boolean": "Truth values were"}.get(
        kind, "Texts were"
    )


# --- what a value is -------------------------------------------------------------------------------------------------


def _as_array(answer: Any, message: str) -> "np.ndarray[Any, Any]":
    if hasattr(type(answer), "numpy") and not _is(answer, np.ndarray):
        answer = answer.numpy()  # a tensor, where this runs in a notebook
    if _is_table(answer):
        answer = answer.to_numpy()
        answer = answer.tolist() if answer.dtype == object else answer
    _demand(_is(answer, _PLAIN), message, f"{_upper(_returned(answer))}; numbers or an array were expected.")
    if _is(answer, list | tuple):
        _refuse_mixture(answer, message)
    try:
        found = np.asarray(answer)
    except (ValueError, TypeError, OverflowError):
        found = np.asarray(None)
    _demand(
        found.dtype.kind in "biufU",
        message,
        f"{_upper(_returned(answer))}, which is no array of one kind of value.",
    )
    return found.view(np.ndarray)


def _refuse_mixture(answer: Any, message: str) -> None:
    """Refuse a list of unlike values: NumPy would turn [1, "a"] into two texts and [True, 2] into two numbers."""
    flat, families = list(answer), set()
    while flat:
        item = flat.pop()
        if _is(item, list | tuple):
            flat.extend(item)
        else:
            families.add(_FAMILIES.get(np.asarray(item).dtype.kind) if _is(item, _PLAIN) else None)
    unlike = len(families) > 1 and families != {"number", "integer"}
    _demand(not unlike and None not in families, message, f"You returned a list of unlike values: {_shown(answer)}.")


def _is(value: Any, kinds: Any) -> bool:
    """`isinstance`, but an object that stayed in the notebook is not asked what it is."""
    return issubclass(type(value), kinds)


def _is_scalar(value: Any) -> bool:
    return type(value) in (bool, int, float, str) or _is(value, np.generic) or _is_point(value)


def _is_point(value: Any) -> bool:
    return _is(value, np.ndarray) and not value.ndim


def _is_nested(wanted: Any) -> bool:
    """Tell whether a wanted value is compared part by part: a dict, or a list that is not a plain array."""
    if not isinstance(wanted, list | tuple):
        return isinstance(wanted, Mapping)
    try:
        families = {_FAMILIES.get(np.asarray(item).dtype.kind) for item in wanted}
        return bool(families) and (None in families or len(families - {"integer"}) > 1 or np.asarray(wanted).ndim == 0)
    except ValueError:  # parts of unequal lengths
        return True


def _each(answer: Any, wanted: Any, message: str, compare: Callable[[Any, Any, str], bool]) -> bool:
    if isinstance(wanted, Mapping):
        found = mapping(answer, wanted, message)
        pairs = [(key, found[key], wanted[key]) for key in wanted]
    else:
        items = sequence(answer, len(wanted), message)
        pairs = [(place, *pair) for place, pair in enumerate(zip(items, wanted, strict=True))]
    for place, left, right in pairs:
        compare(left, right, f"{message} At {place!r}:".strip())
    return True


def _is_table(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "pandas" and type(value).__name__ in ("DataFrame", "Series")


def _kind_of(answer: Any) -> str:
    family = _FAMILIES.get(_as_array(answer, "").dtype.kind, "number")
    return "number" if family == "integer" else family


def _key(value: Any) -> Any:
    """Return a value with its kind, so that 1, True and "1" are three things, but 1 and NumPy's 1 are one."""
    if _is(value, np.generic) or _is_point(value):
        value = value.item()
    if _is(value, np.ndarray):
        value = value.tolist()
    if _is(value, list | tuple):
        return ("list", tuple(map(_key, value)))
    return (type(value).__name__, value)
