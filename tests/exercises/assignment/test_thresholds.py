"""What a certificate will state, a required check must have measured."""

import pytest

from exercises.assignment.definition import Cell, Check
from exercises.assignment.percent import SourceNotebook
from exercises.assignment.settings_file import read_settings
from exercises.assignment.thresholds import check_thresholds
from learnpaths.catalog.tables import SourceFile
from tests.exercises.samples import TOML

REPORT = 'x = 1\nreport_metric("error", x, threshold=0.5, better="lower")'


def problems(tmp_path, source=REPORT, is_required=True, toml=TOML):
    """Return what is wrong between a settings file and a notebook whose check begins at line 21."""
    (tmp_path / "exercise.toml").write_text(toml)
    settings = read_settings(tmp_path / "exercise.toml")
    notebook = SourceNotebook(file=SourceFile(tmp_path / "notebook.py", "notebook.py", []), cells=[None])
    cell = Cell(id="adds-unseen", role="check", source=source, starter=source)
    check = Check(id="adds-unseen", title="", points=1, hidden=True, requires=(), required=is_required)
    check_thresholds(settings, notebook, (cell,), (check,), {"adds-unseen": 21})
    return [f"{problem.line}: {problem.message}" for problem in [*settings.file.problems, *notebook.problems]]


def test_it_works(tmp_path):
    assert problems(tmp_path) == []


def test_the_check_must_be_required(tmp_path):
    (problem,) = problems(tmp_path, is_required=False)
    assert problem == "16: A certificate states this metric, so the check 'adds-unseen' must be required=true."


def test_the_check_must_be_there(tmp_path):
    (first, second) = problems(tmp_path, toml=TOML.replace('check = "adds-unseen"', 'check = "sums"'))
    assert first == "16: The threshold names an unknown check: 'sums'."
    assert second.startswith("22: The metric 'error' has a threshold here but no [[threshold]]")


@pytest.mark.parametrize(
    "source",
    ["x = 1", REPORT.replace("0.5", "0.4"), REPORT.replace("lower", "higher"), REPORT.replace("error", "loss")],
)
def test_the_check_must_measure_just_this(tmp_path, source):
    first, *others = problems(tmp_path, source)
    assert first.startswith("16: The check 'adds-unseen' does not measure this: it needs report_metric(")
    assert all("has a threshold here" in problem for problem in others)


def test_a_metric_without_a_threshold_is_stated_by_nobody(tmp_path):
    assert problems(tmp_path, REPORT + '\nreport_metric("seconds", 1)') == []
