from pathlib import Path

import pytest

from learnpaths.catalog.loader import load
from learnpaths.catalog.models import Path as Course

ROOTS = Path(__file__).parent / "roots"


@pytest.fixture
def garden(db):
    """A small path of two lessons, the first with two checkpoints."""
    report = load([ROOTS / "good"])
    assert report.problems == []
    return Course.objects.with_steps().get(slug="garden")
