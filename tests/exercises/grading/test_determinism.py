"""One notebook, one version, one seed: one score."""

from dataclasses import replace

import pytest
from django.conf import settings

from exercises.grading import engine
from exercises.selectors import definition_from_files

pytestmark = [pytest.mark.jail, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def training():
    """A published exercise whose reference trains a network."""
    return definition_from_files("digits-mlp", settings.CONTENT_DIRS)


def graded(definition, seed):
    report = engine.grade_notebook(definition, definition.reference_sources(), seed=seed)
    return replace(report, phases={}, usage=None, cells=()), [
        (cell.id, cell.status, cell.output) for cell in report.cells
    ]


def metrics(report):
    return [metric.value for check in report.checks for metric in check.metrics]


def test_a_training_notebook_graded_again_gives_the_same_report(training):
    first, *others = [graded(training, seed=5) for _ in range(3)]
    assert metrics(first[0]) and first[0].passed
    assert others == [first, first]
