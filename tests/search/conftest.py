import shutil

import pytest
from django.core.management import call_command

from learnpaths.catalog.loader import load
from tests.catalog.conftest import ROOTS

GLOSSARY = """
[[term]]
name = "Slope"
also = ["Steepness", "Angle of fall"]
taught = "seeds#s-down-the-slope"
definition = "How much lower the next place is."

[[term]]
name = "Bowl"
definition = "Where seeds come to rest."
taught = "seeds"
"""


@pytest.fixture
def root(tmp_path):
    """A content root of the small garden with a glossary of two terms."""
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    (tmp_path / "root/glossary").mkdir()
    (tmp_path / "root/glossary/garden.toml").write_text(GLOSSARY)
    return tmp_path / "root"


@pytest.fixture
def garden(db, root):
    """The garden, loaded and indexed."""
    assert load([root]).problems == []
    return root


@pytest.fixture
def courses(db):
    """The courses that come along, loaded and indexed."""
    call_command("load_content", verbosity=0)
