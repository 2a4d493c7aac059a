"""A worker's folder goes with the worker, however that ends."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from exercises.workers.workplace import enter_own_folder, remove_folders_of_the_dead, workplace


def test_a_folder_of_a_living_worker_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with workplace() as first:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        with workplace() as second:
            assert first.exists() and second.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_a_dead_worker_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = tmp_path / "learnpaths-worker-1-abcd"
    (dead / "learnpaths-kernel").mkdir(parents=True)
    (dead / "lock").touch()
    with workplace():
        assert not dead.exists()


def test_a_worker_leaves_without_complaint_whoever_used_its_folder():
    """What multiprocessing put there goes with the folder, and is not looked for at the exit of the interpreter."""
    code = (
        "import multiprocessing.util, pathlib\n"
        "from exercises.workers.workplace import workplace\n"
        "with workplace() as folder:\n"
        "    used = multiprocessing.util.get_temp_dir()\n"
        "    assert pathlib.Path(used).is_relative_to(folder), used\n"
        "assert not folder.exists()\n"
        "print(multiprocessing.util.get_temp_dir())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not Path(done.stdout.strip()).exists()


def test_a_pool_process_has_a_folder_of_its_own_until_it_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    (tmp_path / str(process.pid)).mkdir()
    (tmp_path / "lock").touch()
    enter_own_folder(tmp_path)
    remove_folders_of_the_dead(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["lock", str(os.getpid())])
