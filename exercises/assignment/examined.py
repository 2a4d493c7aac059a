"""Which public check tells a learner early that a model cannot be examined: the first one that needs the cell which makes the model."""

import ast
from collections import defaultdict

from exercises.assignment.definition import Definition

_REBUILDING = ("rebuild", "predict")


def examined_models(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Return, by public check, the names of the notebook's models that hidden checks will build again."""
    hidden = {check.id for check in definition.checks if check.hidden}
    sources = [cell.source for cell in definition.cells if cell.role == "examiner" or cell.id in hidden]
    names = set().union(*map(_rebuilt, sources))
    models_by_check: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        # Told as early as possible: with the first check that a learner can run after making the model.
        makers = {cell.id for cell in definition.solution_cells if name in _bound(cell.source)}
        public = (check.id for check in definition.checks if not check.hidden and makers & set(check.requires))
        first = next(public, None)
        if first:
            models_by_check[first].append(name)
    return {check: tuple(models) for check, models in models_by_check.items()}


def _rebuilt(source: str) -> set[str]:
    """Return the texts of a cell that rebuilds something by name: the names of models, and others that no cell binds."""
    tree = ast.parse(source)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if not any(isinstance(function, ast.Name) and function.id in _REBUILDING for function in calls):
        return set()
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and value.isidentifier()}


def _bound(source: str) -> set[str]:
    """Return the names that a cell assigns (not those of its functions)."""
    tree = ast.parse(source)
    targets = [
        node for statement in tree.body if not isinstance(statement, ast.FunctionDef) for node in ast.walk(statement)
    ]
    return {node.id for node in targets if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
