"""Python's operators and conversions by the names that both sides give them."""

import math
import operator
from collections.abc import Callable
from typing import Any

OPERATORS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in "add sub mul truediv floordiv mod matmul lshift rshift xor".split()},
    **{name: getattr(operator, name) for name in "iadd isub imul itruediv ifloordiv imod imatmul ilshift irshift ixor".split()},
    **{name: getattr(operator, name) for name in "iand ior ipow neg pos abs invert index".split()},
    "and": operator.and_, "or": operator.or_, "pow": pow, "divmod": divmod, "round": round, "trunc": math.trunc,
    "floor": math.floor, "ceil": math.ceil, "int": int, "float": float, "complex": complex, "bytes": bytes,
    "repr": repr, "str": str, "hash": hash,
}  # fmt: skip
