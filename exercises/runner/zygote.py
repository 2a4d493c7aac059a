"""The zygote: one process per worker host that has imported TensorFlow and forks jailed children.

Started inside the outer jail as `python -m exercises.runner.zygote LISTEN_FD SPARES UID`. It keeps SPARES children forked
ahead, each already in its own namespaces and waiting on the listening socket, so that no learner waits for a fork.
Forking after `import tensorflow` is sound as long as no operation ran and no device was listed: `assert_untouched` guards it.
Prints one JSON line `{"event": "ready", "seconds": …, "python": …, "tensorflow": …, "keras": …}` on standard output.
"""

import gc
import importlib
import json
import os
import platform
import select
import signal
import socket
import sys
import time
from typing import Any

from . import child_supervisor, jail

_PID = child_supervisor.PID
# By name, not as import statements: nothing here uses them, each fork does. What is missing is imported anew by every kernel.
_WARM = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "keras",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "numpy",
    "pandas",
    "sklearn.datasets",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.preprocessing",
)


def main(listen_fd: int, spares: int, uid: int) -> None:
    """Import the runtime, then fork children until told to stop (SIGTERM or the end of standard input)."""
    jail.uncover_proc()
    jail.become_ordinary(uid)
    jail.allow_many_files()
    started = time.monotonic()
    versions = warm_up()
    assert_untouched()
    gc.collect()
    # What the imports made is left out of all later collections: one in a fork would write to pages that all forks
    # share.
    gc.freeze()
    listener = socket.socket(fileno=listen_fd)
    _say(event="ready", seconds=round(time.monotonic() - started, 2), **versions)
    _keep_spares(listener, spares)


def warm_up() -> dict[str, str]:
    """Import all that a notebook or an examiner commonly imports. Return the versions for the report."""
    import keras
    import tensorflow as tf

    for name in _WARM:
        importlib.import_module(name)
    _roles()
    # Else each jail starts as many threads as the machine has cores, which all jails share.
    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    return {"python": platform.python_version(), "tensorflow": tf.__version__, "keras": keras.__version__}


def assert_untouched() -> None:
    """Raise RuntimeError if TensorFlow has started its runtime: its threads would not survive a fork."""
    from tensorflow.python.eager import context

    if context.context()._context_handle is not None:
        raise RuntimeError("a TensorFlow operation ran in the zygote before the fork")


def _keep_spares(listener: socket.socket, wanted: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    reader, writer = os.pipe()
    waiting: set[int] = set()
    children: set[int] = set()
    failures = 0
    poller = select.poll()
    poller.register(reader, select.POLLIN)
    poller.register(sys.stdin.fileno(), select.POLLIN | select.POLLHUP)
    while True:
        while len(waiting) < wanted:
            waiting.add(_fork_spare(listener, reader, writer))
        children |= waiting
        for fd, _ in poller.poll(1000):
            if fd == reader:
                waiting -= {pid for (pid,) in _PID.iter_unpack(os.read(reader, 64 * _PID.size))}
                failures = 0
            elif not os.read(fd, 64):
                os._exit(0)  # the host is gone
        ended = {pid for pid in children if os.waitpid(pid, os.WNOHANG)[0]}
        children -= ended
        failures += len(ended & waiting)
        waiting -= ended
        # A host that can build no jail any more (namespaces refused, no memory) must say so instead of forking for
        # ever.
        if failures > 2 * wanted:
            _say(event="broken", message="spare after spare ended before it was used")
            os._exit(3)


def _fork_spare(listener: socket.socket, reader: int, writer: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.close(reader)
        # Standard input is the worker's: its end says that the worker is gone, which the zygote alone must notice.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        child_supervisor.serve_one(listener, writer, _roles())
    except BaseException as error:
        _say(event="spare_failed", message=f"{type(error).__name__}: {error}")
    os._exit(1)


def _roles() -> dict[str, child_supervisor.Role]:
    from . import examiner, learner, page_kernel

    return {"learner": learner.serve, "interactive": page_kernel.serve, "examiner": examiner.serve}


def _say(**event: Any) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
