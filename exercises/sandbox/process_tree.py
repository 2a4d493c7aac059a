"""The processes of a zygote as the host sees them: which of them it is, whether a jail is leased, and what it has in memory."""

from contextlib import suppress
from pathlib import Path

from exercises.runner import processes

_LEVELS = 4  # a worker starts bubblewrap, which has the zygote as a child of its second process


def exists(pid: int) -> bool:
    """Tell whether a process has its number still, if only to be reaped."""
    return Path("/proc", str(pid)).exists()


def find_zygote(parent: int) -> int | None:
    """Return the process id of the first zygote below a process; None where there is none."""
    children = processes.list_children()
    level = children.get(parent, [])
    for _ in range(_LEVELS):
        for pid in level:
            if _is_zygote(pid):
                return pid
        level = [child for pid in level for child in children.get(pid, [])]
    return None


def list_children(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    return processes.list_children().get(pid, [])


def is_idle(zygote: int, spares: int) -> bool:
    """Tell whether no jail is leased: a zygote's only children are then those that it keeps ready."""
    return len(list_children(zygote)) <= spares


def own_bytes(pid: int) -> int:
    """Return the anonymous resident memory of a process; 0 once it is gone."""
    return 1024 * processes.read_numbers(f"/proc/{pid}/status", (b"RssAnon",)).get(b"RssAnon", 0)


def _is_zygote(pid: int) -> bool:
    """The interpreter itself, not the bubblewrap that names it among its arguments."""
    words: list[bytes] = []
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return b"exercises.runner.zygote" in words and words[0].endswith(b"python")
