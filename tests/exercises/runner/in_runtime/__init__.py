"""Cases that need the runtime's packages (TensorFlow, pandas, IPython): one module each, run there in one process, reported by name.

A module here imports at its top only what the site's environment has too, so that its cases can be listed there.
"""

import inspect
from types import ModuleType
from typing import Any


def names_of(module: ModuleType) -> list[str]:
    """Return the names of a module's cases: its functions `case_…`."""
    return [name for name, _ in inspect.getmembers(module, inspect.isfunction) if name.startswith("case_")]


def assert_holds(outcomes: dict[str, Any], module: ModuleType, name: str) -> None:
    """Demand that a case held, else fail with what it raised."""
    problem = outcomes[f"{module.__name__.rpartition('.')[2]}.{name}"]
    assert not problem, problem
