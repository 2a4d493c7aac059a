"""What the kernel says of processes in /proc. Standard library only; names of processes may be any bytes, and are never trusted.

A process may end between two looks: what is gone has no fields, no numbers and no children.
"""

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # in a second


def stat_fields(pid: int) -> list[bytes]:
    """Return the fields of /proc/PID/stat after the name, the first is the state; empty if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process itself."""
    return sum(map(int, stat_fields(pid)[11:13])) / TICKS


def birth(pid: int) -> bytes:
    """Return when a process began (with its number, its identity); empty for one that is gone or only waits to be reaped."""
    fields = stat_fields(pid)
    return fields[19] if fields and fields[0] not in (b"Z", b"X") else b""


def list_children() -> dict[int, list[int]]:
    """Return the children of every process that has any, by its id."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := stat_fields(int(entry))):
            children.setdefault(int(fields[1]), []).append(int(entry))
    return children


def list_tree(root: int) -> list[int]:
    """Return the ids of a process and of all that descend from it."""
    children = list_children()
    tree = [root]
    for pid in tree:
        tree += children.get(pid, [])
    return tree


def read_numbers(path: str, names: Iterable[bytes], *, word: int = 0) -> dict[bytes, int]:
    """Return the named numbers of a /proc file's lines `Name: … number …`; none if it cannot be read."""
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except OSError:
        return {}
    pairs = (line.partition(b":") for line in lines)
    return {name: int(value.split()[word]) for name, _, value in pairs if name in names and value.split()}
