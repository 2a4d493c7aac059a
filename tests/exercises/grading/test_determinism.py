"""One notebook, one version, one seed: one score."""

import pytest
from django.conf import settings

from exercises.grading import engine
from exercises.selectors import definition_from_files

pytestmark = [pytest.mark.jail, pytest.mark.timeout(300)]
TIMES = ("phases", "usage", "cells")


@pytest.fixture(scope="module")
def training():
    """A published exercise whose reference trains a network."""
    return definition_from_files("digits-mlp", settings.CONTENT_DIRS)


def graded(definition, seed):
    report = engine.grade_notebook(definition, definition.reference_sources(), seed=seed)
    outputs = [(cell["id"], cell["status"], cell.get("output")) for cell in report["cells"]]
    return {name: value for name, value in report.items() if name not in TIMES}, outputs


def metrics(report):
    return [metric["value"] for check in report[0]["checks"] for metric in check.get("metrics", [])]


def test_a_training_notebook_graded_again_gives_the_same_report(training):
    first, *others = [graded(training, seed=5) for _ in range(3)]
    assert metrics(first) and first[0]["passed"]
    assert others == [first, first]
