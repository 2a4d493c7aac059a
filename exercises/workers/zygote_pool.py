"""A worker's host side: its folder for temporary files, its presence, and the zygotes that it keeps alive."""

import fcntl
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
import structlog

from exercises.grading import heartbeats
from exercises.sandbox.errors import SandboxError
from exercises.sandbox.zygote_process import Zygote

log = structlog.get_logger(__name__)
ANNOUNCE_SECONDS = 4.0
PAUSES = (0.0, 2.0, 5.0, 15.0, 30.0)  # before a zygote is started once more
STEADY_SECONDS = 30.0  # one that lived this long is replaced at once
MAX_GROWTH = 256 * 2**20  # bytes of its own by which a zygote may grow before it is replaced
_PREFIX = "learnpaths-worker-"


@contextmanager
def workplace() -> Iterator[Path]:
    """Put all temporary files of this process and its children into one folder, and remove it at the end.

    A killed worker cannot do that; the next one on this host does. A lock on the folder tells the dead from the living.
    """
    base = Path(tempfile.gettempdir())
    _sweep(base)
    young = Path(tempfile.mkdtemp(prefix="learnpaths-"))
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


def _sweep(base: Path) -> None:
    for lock in base.glob(f"{_PREFIX}*/lock"):
        with suppress(OSError), lock.open("r+") as file:  # another user's, or locked: somebody lives there
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)


def enter_own_folder(folder: Path) -> None:
    """Give a pool process a folder of its own in the worker's: `ZygotePool` removes it should the process be killed."""
    own = folder / str(os.getpid())
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)


class ZygotePool:
    """Keeps a worker's zygotes alive, one thread each, and its presence known from another.

    It is announced as warming until `begin`, and whenever a zygote is being replaced.
    """

    def __init__(self, queue: str, *, slots: int, zygotes: Sequence[Zygote], folder: Path) -> None:
        self.queue = queue
        self.slots = slots
        self._zygotes = list(zygotes)
        self._runtimes = sorted({zygote.runtime.name for zygote in zygotes})
        self._folder = folder
        self._has_begun = False
        self._down: set[str] = set()  # addresses of the zygotes that are being replaced
        self._normal_bytes: dict[str, int] = {}
        self._stopping = threading.Event()
        self._announcer = threading.Thread(target=self._announce, daemon=True)

    @property
    def state(self) -> heartbeats.WorkerState:
        return "ready" if self._has_begun and not self._down else "warming"

    def announce(self) -> None:
        """Begin to announce this worker, as warming."""
        self._announcer.start()

    def watch(self) -> None:
        """Replace from now on every zygote that ends or grows; all of them have been started."""
        for zygote in self._zygotes:
            self._note_up(zygote)
            threading.Thread(target=self._keep, args=[zygote], daemon=True).start()

    def begin(self) -> None:
        """Say that this worker takes work."""
        self._has_begun = True

    def retire(self) -> None:
        """Be announced no more. Only sets a flag, so that a signal's handler may call it."""
        self._stopping.set()

    def close(self) -> None:
        """Be announced no more, for certain."""
        self._stopping.set()
        if self._announcer.ident is not None:
            self._announcer.join(10)

    def _announce(self) -> None:
        while not self._stopping.is_set():
            _tell(heartbeats.announce, self.queue, self.state, self.slots, self._runtimes)
            self._tidy()
            self._stopping.wait(ANNOUNCE_SECONDS if self.state == "ready" else 0.5)
        _tell(heartbeats.retire, self.queue)

    def _tidy(self) -> None:
        """Remove what killed pool processes left, and end zygotes that have grown; `_keep` starts others."""
        for folder in self._folder.glob("[0-9]*"):
            if not Path("/proc", folder.name).exists():
                shutil.rmtree(folder, ignore_errors=True)
        for zygote in self._zygotes:
            self._end_if_grown(zygote)

    def _end_if_grown(self, zygote: Zygote) -> None:
        """End it only between two submissions: at worst, one that begins right now is tried again."""
        pid = find_zygote(zygote.pid)
        if not pid or zygote.address not in self._normal_bytes or not is_idle(pid, zygote.spares):
            return
        grown = own_bytes(pid) - self._normal_bytes[zygote.address]
        if grown > MAX_GROWTH:
            log.warning("zygote_grown", runtime=zygote.runtime.name, bytes=grown)
            with suppress(ProcessLookupError):
                os.kill(pid, 9)

    def _note_up(self, zygote: Zygote) -> None:
        self._normal_bytes[zygote.address] = own_bytes(find_zygote(zygote.pid) or 0)
        self._down.discard(zygote.address)

    def _keep(self, zygote: Zygote) -> None:
        """Start a zygote anew whenever it ends: submissions meanwhile are faults of ours and tried again."""
        failures = 0
        started = time.monotonic()
        while not self._stopping.is_set():
            zygote.wait()
            if self._stopping.is_set():
                return
            self._down.add(zygote.address)
            self._normal_bytes.pop(zygote.address, None)
            log.error("zygote_ended", runtime=zygote.runtime.name, words=zygote.last_words)
            failures = 0 if time.monotonic() - started > STEADY_SECONDS else min(failures + 1, len(PAUSES) - 1)
            self._stopping.wait(PAUSES[failures])
            started = time.monotonic()
            try:
                zygote.start()
                self._note_up(zygote)
            except (SandboxError, OSError) as error:
                log.error("zygote_not_started", runtime=zygote.runtime.name, error=str(error))


def _tell(say: Callable[..., None], *words: object) -> None:
    try:
        say(*words)
    except redis.RedisError as error:
        log.warning("presence_not_told", error=str(error))


# --- what /proc says ---


def find_zygote(parent: int) -> int | None:
    """Return the process id of the first zygote below a process: bubblewrap has it as a child of its second process."""
    families = _families()
    level = families.get(parent, [])
    for _ in range(4):
        for pid in level:
            if _is_zygote(pid):
                return pid
        level = [child for pid in level for child in families.get(pid, [])]
    return None


def children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    return _families().get(pid, [])


def _families() -> dict[int, list[int]]:
    """Return the children of every process by its id."""
    found: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208 - a thousand Path objects for nothing
        if entry.isdigit():
            with suppress(OSError):
                parent = Path(f"/proc/{entry}/stat").read_bytes().rpartition(b")")[2].split()[1]
                found.setdefault(int(parent), []).append(int(entry))
    return found


def _is_zygote(pid: int) -> bool:
    """The interpreter itself, not the bubblewrap that names it among its arguments."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"exercises.runner.zygote" in words and words[0].endswith(b"python")


def is_idle(zygote: int, spares: int) -> bool:
    """Whether no jail is leased: its only children are those that it keeps ready."""
    return len(children(zygote)) <= spares


def own_bytes(pid: int) -> int:
    """Anonymous resident memory of a process; 0 once it is gone."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("RssAnon:")))
    return 0
