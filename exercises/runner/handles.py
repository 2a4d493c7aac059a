"""Handles: objects of the learner's that were not copied.

A handle answers for the learner's object or not at all. What Python asks of an object is asked of that one, in its own
process, and comes back as a plain value, another handle or the learner's exception. What would let the object decide whether it
is right (comparing, truth), and what libraries would believe (an array's address, a pickle), is a fault. So is arithmetic with
what the check knows, where the result is used as a number: `abs(answer - wanted)` is for the answer to choose, if that is an
object. `Vector(1) * 2` may be asked for its own attributes, but for none that numbers and arrays have.

A *value handle* is of an object that is a kind of a plain value (`plain`): a Counter, a named tuple, a member of an IntEnum. Used as a
value, it is the copy of that, which the notebook sends as a whole; asked for an attribute, it asks the object.
"""

import functools
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .faults import Fault, HandleMisuse, WireError
from .operators import OPERATORS

if TYPE_CHECKING:
    from .rpc_client import RpcClient

NAME = "object of the notebook"  # what Python's own messages call a handle; `dialect` knows them by it
_MAX_DEPTH = 40
_own = object.__getattribute__
_BINARY = "add sub mul truediv floordiv mod divmod pow matmul lshift rshift and or xor".split()  # each also reflected
_IN_PLACE = [f"i{name}" for name in _BINARY if name != "divmod"]
_UNARY = "neg pos abs invert trunc floor ceil round".split()
_EXACT = {"int": int, "float": float, "complex": complex, "index": int, "bytes": bytes, "repr": str, "str": str}
_REFUSED = "eq ne lt le gt ge bool fspath sizeof await aiter anext aenter aexit".split()
_UFUNCS = {"subtract": "sub", "multiply": "mul", "true_divide": "truediv", "divide": "truediv", "floor_divide": "floordiv",
           "remainder": "mod", "power": "pow", "bitwise_and": "and", "bitwise_or": "or", "bitwise_xor": "xor"}  # fmt: skip
# What a check asks of numbers, arrays and tables.
_OF_VALUES = frozenset(
    name
    for kind in (np.ndarray, np.float64, int, float, complex, str, bytes, list, tuple, dict, set)
    for name in dir(kind)
    if not name.startswith("_")
) | {"numpy", "values", "iloc", "loc", "iat", "at", "equals", "abs", "norm", "to_numpy", "to_list", "to_dict"}
# Asked of the object by name; everything else with two underscores is a protocol between libraries and classes of ours.
_ASKED = frozenset(
    """__name__ __qualname__ __module__ __doc__ __dict__ __annotations__ __defaults__ __kwdefaults__ __code__ __closure__
    __wrapped__ __self__ __func__ __bases__ __mro__ __base__ __subclasses__ __slots__ __abstractmethods__ __version__
    __file__ __all__ __init__ __new__ __call__ __len__ __iter__ __next__ __reversed__ __contains__ __getitem__ __setitem__
    __delitem__ __enter__ __exit__ __aenter__ __aexit__ __aiter__ __anext__ __await__ __repr__ __str__ __format__ __hash__
    __bytes__ __int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__ __abs__ __neg__ __pos__
    __invert__ __missing__ __length_hint__ __post_init__ __dataclass_fields__ __dataclass_params__ __match_args__ __members__
    __args__ __origin__ __get__ __set__ __delete__ __set_name__ __setattr__ __getattr__ __delattr__ __getattribute__ __dir__
    __notes__ __cause__ __context__ __traceback__""".split()
) | {f"__{name}__" for name in [*_BINARY, *_IN_PLACE, *(f"r{name}" for name in _BINARY)]}


class Handle:
    """An object of the learner's that was not copied. Call it, index it, iterate it, ask for attributes."""

    __slots__ = ("__weakref__", "_client", "_hash", "_mixed", "_moment", "_number", "_plain", "_type")

    def __init__(self, client: "RpcClient", number: int, kind: str) -> None:
        own = {
            "_client": client,
            "_number": number,
            "_type": kind,
            "_hash": None,
            "_mixed": False,
            "_plain": None,
            "_moment": -1,
        }
        for name, value in own.items():
            object.__setattr__(self, name, value)

    def __getattribute__(self, name: str) -> Any:
        if name in ("__copy__", "__deepcopy__"):
            return lambda *_: _ask(self, name.strip("_"))
        if name.startswith("__") and name.endswith("__") and name not in _ASKED:
            raise _refusal(self, f"asked {{}} for its {name}")
        if name in _OF_VALUES and _own(self, "_mixed"):
            raise _refusal(self, f"computed with {{}} and asked the result for its {name}")
        return _ask(self, "getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "setattr", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delattr", name)

    def __getitem__(self, key: Any) -> Any:
        return _ask(self, "getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _ask(self, "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        _ask(self, "delitem", key)

    def __len__(self) -> int:
        return int(_ask_for(int, self, "len"))

    def __contains__(self, item: Any) -> bool:
        """Compare here with what the object iterates over: whether it contains the right answer is not its to say."""
        # Whether one text is in another cannot be decided item by item.
        if _ask_for(bool, self, "is_text"):
            raise _refusal(self, "looked into {}, a text of a type of its own")
        return any(value is item or value == item for value in self)

    def __iter__(self) -> Any:
        return _ask_for_iterator(self, "iter")

    def __reversed__(self) -> Any:
        return _ask_for_iterator(self, "reversed")

    def __next__(self) -> Any:
        step = _ask_for(tuple, self, "next")
        if len(step) != 2 or type(step[0]) is not bool:
            raise _own(self, "_client").remember(WireError("an answer that is not one of ours"))
        if not step[0]:
            raise StopIteration
        return step[1]

    def __hash__(self) -> int:
        if _own(self, "_hash") is None:
            object.__setattr__(self, "_hash", _own(self, "_client").ask_for(int, "operate", "hash", self))
        return int(_own(self, "_hash"))

    def __format__(self, form: str) -> str:
        return str(_ask_for(str, self, "format", form))

    def __dir__(self) -> Any:
        return _ask_for(list, self, "dir")

    def __copy__(self) -> Any:
        return _ask(self, "copy")

    def __instancecheck__(self, instance: Any) -> bool:
        return bool(_own(self, "_client").ask_for(bool, "isinstance", instance, self))

    def __subclasscheck__(self, kind: Any) -> bool:
        return bool(_own(self, "_client").ask_for(bool, "issubclass", kind, self))

    def __enter__(self) -> Any:
        return _ask(self, "enter")

    def __exit__(self, kind: Any, error: Any, _: Any) -> Literal[False]:
        name = None if kind is None else kind.__name__
        if kind is not None and issubclass(kind, Fault):
            return False
        if _ask_for(bool, self, "exit", name, str(error)):
            raise _refusal(self, "let {} swallow an error of the check")
        return False

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        values = tuple(map(value_of, inputs))
        if not any(map(is_handle, values)):
            return getattr(ufunc, method)(*values, **options)
        name = _UFUNCS.get(ufunc.__name__, ufunc.__name__)
        if method == "__call__" and name in _BINARY and len(inputs) == 2 and not options:
            return _compute(self, name, inputs)
        raise _refusal(self, f"used {{}} in {ufunc.__name__} as if it were a value")


class PlainHandle(Handle):
    """A handle of something that cannot be called, as the learner's side says."""

    __slots__ = ()


class CallableHandle(Handle):
    """A handle of something that can be called."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _ask(self, "call", args, tuple(kwargs.items()))


class ValueHandle(Handle):
    """A handle of something that is a kind of a plain value."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if name in ("__array_struct__", "__array_interface__"):
            raise AttributeError(name)  # NumPy then asks for __array__
        if name == "__array__":
            return _own(self, name)
        return Handle.__getattribute__(self, name)

    def __getitem__(self, key: Any) -> Any:
        """An item that cannot be changed comes from the copy; what the object makes on demand, or could share, from the object."""
        value = value_of(self)
        try:
            item = self if is_handle(value) else value[key]
        except (LookupError, TypeError):
            item = self
        return item if type(item) in _UNCHANGING else _ask(self, "getitem", key)

    def __bool__(self) -> bool:
        return bool(_value(self, "bool"))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(_value(self, "array"), dtype=dtype)


def _of_copy(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that looks at the copy; at the object where that is too large for one."""

    def look(self: Handle, *others: Any) -> Any:
        value = value_of(self)
        return getattr(Handle, name)(self, *others) if is_handle(value) else operation(value, *others)

    return look


for _name, _look in (
    ("len", len),
    ("iter", iter),
    ("reversed", reversed),
    ("contains", operator.contains),
    ("hash", hash),
):
    setattr(ValueHandle, f"__{_name}__", _of_copy(f"__{_name}__", _look))
# Python's own error messages name the type of what they refuse; `dialect` knows a refused handle by this name.
PlainHandle.__name__ = CallableHandle.__name__ = ValueHandle.__name__ = NAME
NATURES: dict[str, type[Handle]] = {"object": PlainHandle, "callable": CallableHandle, "value": ValueHandle}
_UNCHANGING = (type(None), bool, int, float, complex, str, bytes)


def is_handle(value: Any) -> bool:
    """Tell whether a value is a handle, without asking it."""
    return issubclass(type(value), Handle)


def kind_of(handle: Handle) -> str:
    """Return the name of the learner's type."""
    return str(_own(handle, "_type"))


def number_of(handle: Handle) -> int:
    """Return the number under which the learner's side knows the object."""
    return int(_own(handle, "_number"))


def value_of(value: Any) -> Any:
    """Return the plain value that an object of the notebook is a kind of; anything else as it is."""
    if type(value) is not ValueHandle or _own(value, "_mixed"):
        return value
    if _own(value, "_moment") != _own(value, "_client").moment:  # the object may have changed since
        _fetch([value])
    known = _own(value, "_plain")
    return known[0] if known else value


def _fetch(handles: list[Handle]) -> None:
    """Have the notebook send the plain values of these objects, with one question."""
    client = _own(handles[0], "_client")
    values = client.ask_for(tuple, "plain", *handles)
    if len(values) != len(handles) or any(type(value) is not tuple or len(value) != 2 for value in values):
        raise client.remember(WireError("an answer that is not one of ours"))
    for handle, (has_value, plain) in zip(handles, values, strict=True):
        object.__setattr__(handle, "_plain", (plain,) if has_value is True and not is_handle(plain) else None)
        object.__setattr__(handle, "_moment", client.moment)


def values_within(value: Any) -> Any:
    """Return a value in which each object of the notebook that is a kind of a plain value is that; itself where there is none."""
    handles: dict[int, Handle] = {}
    _find(value, handles, _MAX_DEPTH)
    if not handles:
        return value
    _fetch(list(handles.values()))
    return _replaced(value, _MAX_DEPTH)


def of_values(compare: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function (of `checking`) that takes objects of the notebook for the plain values that they are kinds of."""

    @functools.wraps(compare)
    def compare_values(*args: Any, **kwargs: Any) -> Any:
        return compare(*map(values_within, args), **kwargs)

    return compare_values


def _find(value: Any, handles: dict[int, Handle], depth: int) -> None:
    kind = type(value)
    if kind is ValueHandle and not _own(value, "_mixed"):
        handles[id(value)] = value
    elif kind in (list, tuple, set, frozenset) and depth:
        for item in value:
            _find(item, handles, depth - 1)
    elif kind is dict and depth:
        for item in value.values():
            _find(item, handles, depth - 1)


def _replaced(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in (list, tuple, set, frozenset) and depth:
        return kind(_replaced(item, depth - 1) for item in value)
    if kind is dict and depth:
        return {key: _replaced(item, depth - 1) for key, item in value.items()}
    return value_of(value)


def _value(handle: Handle, name: str) -> Any:
    value = value_of(handle)
    if is_handle(value):
        raise _refusal(handle, f"used {{}} as if it were a value ({name})")
    return value


def _ask(handle: Handle, operation: str, *arguments: Any) -> Any:
    return _mark(_own(handle, "_client").ask(operation, handle, *arguments), _own(handle, "_mixed"))


def _ask_for(kind: type[Any], handle: Handle, operation: str, *arguments: Any) -> Any:
    if _own(handle, "_mixed") and operation in ("len", "format"):
        raise _refusal(handle, "computed with {} and used the result as if it were a value")
    return _own(handle, "_client").ask_for(kind, operation, handle, *arguments)


def _compute(handle: Handle, name: str, operands: tuple[Any, ...]) -> Any:
    """Return what an operator gives: among objects of the notebook anything, with a value of the check's only an object."""
    values = tuple(map(value_of, operands))
    if not any(map(is_handle, values)) and not (name in _IN_PLACE and type(values[0]) in (list, dict, set)):
        return OPERATORS[name](*values)
    is_mixed = name != "round" and not all(map(is_handle, operands))
    is_used = any(is_handle(operand) and _own(operand, "_mixed") for operand in operands)
    result = _own(handle, "_client").ask("operate", name, *operands)
    if (is_mixed or is_used) and not is_handle(result):
        raise _refusal(handle, f"computed with {{}} and a value ({name})")
    return _mark(result, is_mixed or is_used)


def _mark(result: Any, is_mixed: bool) -> Any:
    if is_mixed and is_handle(result):
        object.__setattr__(result, "_mixed", True)
    return result


def _ask_for_iterator(handle: Handle, operation: str) -> Any:
    made = _ask(handle, operation)
    if not is_handle(made):
        raise _own(handle, "_client").remember(WireError("an answer that is not an iterator"))
    return made


def _refusal(handle: Handle, what: str) -> Fault:
    misuse = what.format(f"the notebook's {kind_of(handle)}")
    text = f"A check {misuse}. Ask it for a number, a string or an array, and judge that."
    fault: Fault = _own(handle, "_client").remember(HandleMisuse(text))
    return fault


def _refuse(name: str) -> Callable[..., Any]:
    def refuse(self: Handle, *_: Any, **__: Any) -> Any:
        raise _refusal(self, f"used {{}} as if it were a value ({name})")

    return refuse


def _operate(name: str) -> Callable[..., Any]:
    return lambda self, *others: _compute(self, name, (self, *others))


def _reflect(name: str) -> Callable[[Any, Any], Any]:
    return lambda self, other: _compute(self, name, (other, self))


def _convert(name: str, kind: type[Any]) -> Callable[[Any], Any]:
    def convert(self: Handle) -> Any:
        if _own(self, "_mixed") and name not in ("repr", "str"):
            raise _refusal(self, f"computed with {{}} and used the result as if it were a value ({name})")
        value = value_of(self) if name not in ("repr", "str") else self
        if not is_handle(value):
            return OPERATORS[name](value)
        return _own(self, "_client").ask_for(kind, "operate", name, self)

    return convert


def _compare(name: str) -> Callable[[Any, Any], Any]:
    return lambda self, other: getattr(operator, name)(_value(self, name), value_of(other))


# Each special method that Python knows is here: a missing one would be an answer of our own class.
for _name in [*_BINARY, *_IN_PLACE, *_UNARY]:
    setattr(Handle, f"__{_name}__", _operate(_name))
for _name in _BINARY:
    setattr(Handle, f"__r{_name}__", _reflect(_name))
for _name, _kind in _EXACT.items():
    setattr(Handle, f"__{_name}__", _convert(_name, _kind))
for _name in _REFUSED:
    setattr(Handle, f"__{_name}__", _refuse(f"__{_name}__"))
for _name in "eq ne lt le gt ge".split():
    setattr(ValueHandle, f"__{_name}__", _compare(_name))
