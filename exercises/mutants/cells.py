"""Which names a solution cell is the last to bind: those are what a mutant of the cell replaces."""

import ast
from collections.abc import Iterator

from exercises.assignment.definition import Definition


def owned_names(definition: Definition) -> dict[str, list[str]]:
    """Return for each solution cell, by id, the names that it binds at its top level and that no later cell binds again."""
    owners: dict[str, str] = {}
    for cell in definition.cells:
        if cell.role in ("setup", "solution"):
            owners |= dict.fromkeys(_bound(cell.source), cell.id)
    return {
        cell.id: sorted(name for name, owner in owners.items() if owner == cell.id)
        for cell in definition.solution_cells
    }


def _bound(source: str) -> Iterator[str]:
    """Yield the names that a cell binds, imports left out: those are no answer of a learner's."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    waiting: list[ast.AST] = list(ast.parse("\n".join(lines)).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
