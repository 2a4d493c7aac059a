"""Thresholds against the checks that measure them: what a certificate will state, a required check must have measured."""

from collections.abc import Mapping

from exercises.assignment.comparisons import reported_metrics
from exercises.assignment.definition import Cell, Check
from exercises.assignment.percent import SourceNotebook
from exercises.assignment.settings_file import SettingsFile


def check_thresholds(
    settings: SettingsFile,
    notebook: SourceNotebook,
    cells: tuple[Cell, ...],
    checks: tuple[Check, ...],
    lines: Mapping[str, int],
) -> None:
    """Report each [[threshold]] that its check does not measure, and each measured threshold that has no [[threshold]].

    `lines` are where the cells' code begins. Nothing is reported of cells that could not be read: that is a problem already.
    """
    required = {check.id for check in checks if check.required}
    known = {cell.id: list(reported_metrics(cell.source)) for cell in cells if cell.role == "check"}
    for table, threshold in settings.thresholds:
        stated = [(name, value, better) for _, name, value, better in known.get(threshold.check, [])]
        if notebook.cells and threshold.check not in known:
            message = f"The threshold names an unknown check: {threshold.check!r}."
        elif checks and threshold.check not in required:
            message = f"A certificate states this metric, so the check {threshold.check!r} must be required=true."
        elif known and (threshold.metric, threshold.value, threshold.better) not in stated:
            call = f'report_metric("{threshold.metric}", …, threshold={threshold.value:g}, better="{threshold.better}")'
            message = f"The check {threshold.check!r} does not measure this: it needs {call}."
        else:
            continue
        table.report(message, "check")
    named = {(item.check, item.metric) for _, item in settings.thresholds}
    for check, metrics in known.items():
        for line, name, *_ in metrics:
            if (check, name) not in named:
                message = f"The metric {name!r} has a threshold here but no [[threshold]] in exercise.toml."
                notebook.report(lines[check] + line, message)
