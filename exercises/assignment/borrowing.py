"""Checks that use what only another check makes: where that one is not run, or fails on the way, they could not run either."""

import ast
import symtable
from collections.abc import Iterable, Iterator

from exercises.assignment.definition import Cell


def find_borrowed(cells: Iterable[Cell]) -> Iterator[tuple[str, int, str]]:
    """Yield (cell id, line in it from 0, message) for each name that a check or examiner cell takes from another check."""
    cells = list(cells)
    # Setup and solution cells run in the notebook, examiner cells before the checks: what they make is there whichever
    # check runs.
    anywhere = {
        name for cell in cells if cell.role in ("setup", "solution", "examiner") for name in _bound(cell.source)
    }
    makers: dict[str, list[str]] = {}
    for cell in cells:
        if cell.role == "check":
            for name in _bound(cell.source):
                makers.setdefault(name, []).append(cell.id)
    for cell in cells:
        if cell.role in ("check", "examiner"):
            own = _bound(cell.source) | anywhere
            for name, line in _used(cell.source).items():
                if name in makers and name not in own:
                    yield cell.id, line, _MESSAGE.format(name=name, maker=makers[name][0])


_MESSAGE = "{name!r} is made by the check {maker!r} alone. Make it in an examiner cell, so that each check can run without the other."


def _used(source: str) -> dict[str, int]:
    """Return the names that code reads from its globals, each with the first line (from 0)."""
    lines: dict[str, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            lines[node.id] = min(lines.get(node.id, node.lineno), node.lineno)
    return {name: line - 1 for name, line in lines.items() if name in _global(_table(source))}


def _bound(source: str) -> set[str]:
    """Return the names that code makes in its globals."""
    return {
        symbol.get_name() for symbol in _table(source).get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }


def _global(table: symtable.SymbolTable) -> set[str]:
    is_module = table.get_type() == "module"
    names = {symbol.get_name() for symbol in table.get_symbols() if is_module or symbol.is_global()}
    return names.union(*map(_global, table.get_children()))


def _table(source: str) -> symtable.SymbolTable:
    return symtable.symtable(source, "<cell>", "exec")
