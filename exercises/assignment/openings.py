"""Examiner cells that run before all hidden checks (`before_hidden=true`), and the checks that they report for."""

import ast

from exercises.assignment.percent import SourceCell, SourceNotebook


def read_opens(notebook: SourceNotebook, cell: SourceCell, tree: ast.Module) -> tuple[str, ...]:
    """Return the checks that an examiner cell names in `report_…(…, check="id")`; none where it runs like any other."""
    head = max(cell.line - 1, 1)
    is_before = cell.metadata.get("before_hidden", False)
    if not isinstance(is_before, bool):
        notebook.report(head, "before_hidden is true or false.")
    if is_before is not True:
        return ()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "held_out":
            notebook.report(cell.line + node.lineno - 1, "A cell with before_hidden=true asks for public data only.")
    checks = tuple(dict.fromkeys(_named(tree)))
    if not checks:
        notebook.report(
            head, 'This cell runs before the hidden checks: say for which it reports, report_…(…, check="id").'
        )
    return checks


def _named(tree: ast.Module) -> list[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    reports = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id.startswith("report_")]
    values = [keyword.value for call in reports for keyword in call.keywords if keyword.arg == "check"]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
