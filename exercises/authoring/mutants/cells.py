"""Which names a solution cell is the last to bind: those are what a mutant of the cell replaces."""

import ast
import symtable
from collections.abc import Iterator

from exercises.assignment.definition import Definition


def owned_names(definition: Definition) -> dict[str, list[str]]:
    """Return for each solution cell, by id, the names that it binds at its top level, that no later cell binds again, and that are asked for."""
    owners: dict[str, str] = {}
    for cell in definition.cells:
        if cell.role in ("setup", "solution"):
            owners |= dict.fromkeys(_bound(cell.source), cell.id)
    owned = {}
    for cell in definition.solution_cells:
        names = {name for name, owner in owners.items() if owner == cell.id}
        owned[cell.id] = sorted((names & _asked(definition, cell.id)) or names)
    return owned


def _asked(definition: Definition, cell_id: str) -> set[str]:
    """Return the names that anybody but the cell itself reads, its own functions included: the rest is on the way to an answer."""
    names: set[str] = set()
    for cell in definition.cells:
        if cell.role == "text":
            continue
        table = symtable.symtable(_python(cell.source), "<cell>", "exec")
        names |= _globals(table, is_own=cell.id == cell_id)
        if cell.role in ("check", "examiner"):  # `rebuild("model")`
            constants = (node.value for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant))
            names |= {value for value in constants if isinstance(value, str)}
    return names


def _globals(table: symtable.SymbolTable, *, is_own: bool = False) -> set[str]:
    is_module = table.get_type() == "module"
    is_read = [symbol for symbol in table.get_symbols() if symbol.is_referenced() and (is_module or symbol.is_global())]
    names = set() if is_own else {symbol.get_name() for symbol in is_read}
    return names.union(*map(_globals, table.get_children()))


def _python(source: str) -> str:
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())


def _bound(source: str) -> Iterator[str]:
    """Yield the names that a cell binds, imports left out: those are no answer of a learner's."""
    waiting: list[ast.AST] = list(ast.parse(_python(source)).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
