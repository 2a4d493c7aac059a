"""`load_content`: what it says and when it fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path as Folder

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from learnpaths.catalog.models import Path
from tests.catalog.conftest import ROOTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    return tmp_path / "root"


def test_command(root, capsys):
    call_command("load_content", str(root), "--check")
    assert "paths: 1 checked" in capsys.readouterr().out
    call_command("load_content", str(root))
    assert "paths: 1 created, 0 updated, 0 unchanged, 0 retired" in capsys.readouterr().out


def test_command_with_problems(capsys):
    with pytest.raises(CommandError, match="The database keeps the last good version"):
        call_command("load_content", Folder(ROOTS / "bad"))
    assert "paths/broken/path.toml:2: `level` is 'expert'" in capsys.readouterr().err
    assert not Path.objects.exists()


def test_a_start_goes_on_with_the_last_good_version(root, capsys):
    call_command("load_content", root)
    call_command("load_content", Folder(ROOTS / "bad"), "--lenient")
    assert "The database keeps the last good version" in capsys.readouterr().err
    assert Path.objects.get().is_listed


def test_a_check_needs_no_database(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", "load_content", "--check"], cwd=settings.BASE_DIR, capture_output=True, text=True,
        env={**environment, "LEARNPATHS_STATE_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "checked" in done.stdout
