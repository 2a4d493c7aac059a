"""The zygotes that a process may lease jails from: one per runtime (with accelerators: one per runtime and device, of which
each serves one job at a time), shared with the processes that it forks.

`manage.py worker` sets them with `serve_only`; elsewhere (commands, tests) the first grading starts one, which ends with the process.
"""

import atexit
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from exercises.assignment import datasets
from exercises.sandbox.devices import Devices, list_devices
from exercises.sandbox.errors import NoDevice, RuntimeMissing
from exercises.sandbox.zygote_process import Zygote

_DEVICE_SECONDS = 60.0  # a worker has as many pool processes as devices, so one is free at once
_zygotes: dict[tuple[str, str], list[Zygote]] = {}  # by queue and runtime
_is_fixed = False


def runtimes() -> list[str]:
    """Return the names of the runtimes installed on this host, the default one first."""
    default = Path(settings.RUNTIME_DIR)
    installed = sorted(python.parents[1].name for python in default.parent.glob("*/bin/python"))
    return sorted(installed, key=lambda name: name != default.name)


def new_zygote(runtime: str = "", *, spares: int = 2, devices: Devices | None = None) -> Zygote:
    """Return a zygote, not started, of a runtime (default: the configured one) with every data set of the content."""
    default = Path(settings.RUNTIME_DIR)
    return Zygote(
        runtime=default.parent / runtime if runtime else default,
        datasets=datasets.public_folders(settings.CONTENT_DIRS),
        masks=datasets.masked_files(settings.CONTENT_DIRS),
        spares=spares,
        cgroups=tuple(settings.CGROUPS),
        devices=devices,
    )


def use(zygote: Zygote) -> None:
    """Grade exercises of its runtime and hardware on this (started) zygote, in this process and those it forks."""
    _zygotes.setdefault((zygote.queue, zygote.runtime.name), []).append(zygote)


def serve_only(zygotes: Iterable[Zygote]) -> None:
    """Grade on these (started) zygotes and start no others: what they cannot serve is a fault of this host."""
    global _is_fixed
    _zygotes.clear()
    _is_fixed = True
    for zygote in zygotes:
        use(zygote)


def served_runtimes() -> list[str] | None:
    """Return the names of the runtimes that this process may grade on; None where it starts what it needs."""
    return sorted({runtime for _, runtime in _zygotes}) if _is_fixed else None


def warm() -> dict[str, str]:
    """Return the addresses of the zygotes without accelerators that live in this process, by runtime."""
    on_cpu = {name: zygotes[0] for (queue, name), zygotes in _zygotes.items() if queue == "cpu"}
    return {name: zygote.address for name, zygote in on_cpu.items() if zygote.is_alive}


def share(zygote: Zygote) -> None:
    """Let other processes of this host and state folder lease jails from a zygote (`shared`)."""
    folder = _shared_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    young = folder / f".{os.getpid()}"
    young.write_text(zygote.address)
    young.rename(folder / zygote.runtime.name)


def shared() -> dict[str, str]:
    """Return the addresses of the zygotes that a worker of this host shares, by runtime."""
    files = (file for file in _shared_folder().glob("*") if not file.name.startswith("."))
    addresses = {file.name: file.read_text() for file in files}
    return {name: address for name, address in addresses.items() if Path(address).exists()}


def _shared_folder() -> Path:
    return Path(settings.STATE_DIR) / "zygotes"


def zygote_of(runtime: str, queue: str = "cpu") -> Zygote:
    """Return a zygote of a runtime with a queue's hardware, starting it if nobody has.

    Raises RuntimeMissing or NoDevice where this host lacks them, other SandboxErrors where it does not start.
    """
    if (queue, runtime) not in _zygotes:
        if _is_fixed:
            lacks = RuntimeMissing if runtime not in (served_runtimes() or []) else NoDevice
            raise lacks(f"This worker does not serve the runtime {runtime} on the queue {queue}.")
        zygote = new_zygote(runtime, devices=None if queue == "cpu" else list_devices(queue).split()[0])
        atexit.register(zygote.stop)
        zygote.start()
        use(zygote)
    return _zygotes[queue, runtime][0]


@contextmanager
def hold_zygote(runtime: str, queue: str) -> Iterator[Zygote]:
    """Give a zygote to one job; one with an accelerator to no other job meanwhile, in whichever process."""
    zygote = zygote_of(runtime, queue)
    if queue == "cpu":
        yield zygote
        return
    zygote, lock = _free_zygote(_zygotes[queue, runtime])
    try:
        yield zygote
    finally:
        os.close(lock)  # drops the lock, as the death of this process would


def _free_zygote(zygotes: list[Zygote]) -> tuple[Zygote, int]:
    """Return a zygote that serves no job and the descriptor that says so as long as it is open. Raises NoDevice."""
    deadline = time.monotonic() + _DEVICE_SECONDS
    while time.monotonic() < deadline:
        for zygote in zygotes:
            lock = os.open(zygote.folder / "busy", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
            else:
                return zygote, lock
        time.sleep(0.1)
    raise NoDevice("Every accelerator of this worker is busy.")
