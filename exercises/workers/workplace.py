"""The folder of a worker's temporary files, which goes with the worker however that ends."""

import fcntl
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from exercises.sandbox import process_tree

_PREFIX = "learnpaths-worker-"


@contextmanager
def workplace() -> Iterator[Path]:
    """Put all temporary files of this process and its children into one folder, and remove it at the end.

    A killed worker cannot do that; the next one on this host does. A lock on the folder tells the dead from the living.
    """
    base = Path(tempfile.gettempdir())
    _remove_left_behind(base)
    young = Path(tempfile.mkdtemp(prefix="learnpaths-"))  # has its name only once it is locked
    lock = os.open(young / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX)
    folder = young.rename(base / f"{_PREFIX}{os.getpid()}-{young.name[-4:]}")
    tempfile.tempdir = str(folder)
    # Else multiprocessing makes a folder in ours, and at the exit, when ours is gone, fails to remove it.
    configuration = multiprocessing.current_process()._config  # type: ignore[attr-defined] # there is no public way
    configuration["tempdir"] = str(folder)
    owner = os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == owner:
            tempfile.tempdir = configuration["tempdir"] = None
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def enter_own_folder(folder: Path) -> None:
    """Give a pool process a folder of its own in the worker's: `remove_folders_of_the_dead` removes it should the process be killed."""
    own = folder / str(os.getpid())
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)


def remove_folders_of_the_dead(folder: Path) -> None:
    """Remove what killed pool processes left in a worker's folder."""
    for own in folder.glob("[0-9]*"):
        if not process_tree.exists(int(own.name)):
            shutil.rmtree(own, ignore_errors=True)


def _remove_left_behind(base: Path) -> None:
    """Remove the folders of workers that were killed."""
    for lock in base.glob(f"{_PREFIX}*/lock"):
        with suppress(OSError), lock.open("r+") as file:  # another user's, or locked: somebody lives there
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
