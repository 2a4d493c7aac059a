"""The names that a piece of Python binds in the namespace it is run in."""

import ast
import symtable


def assigned(source: str) -> set[str]:
    """Return the names that code assigns, imports or defines in its globals; not those that it only deletes."""
    try:
        table = symtable.symtable(source, "<names>", "exec")
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    deleted = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return _bound(table) - (deleted - stored)


def _bound(table: symtable.SymbolTable) -> set[str]:
    names = {symbol.get_name() for symbol in table.get_symbols() if _is_global(symbol, table)}
    return names.union(*map(_bound, table.get_children()))


def _is_global(symbol: symtable.Symbol, table: symtable.SymbolTable) -> bool:
    is_bound = symbol.is_assigned() or symbol.is_imported()
    return is_bound and (table.get_type() == "module" or symbol.is_declared_global())
