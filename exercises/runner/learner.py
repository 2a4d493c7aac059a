"""The learner's kernel: an ordinary ipykernel in the jail, on listening sockets that the host made and passed in.

The kernel never sees the sockets' paths. One message type of ours, `namespace_request`, answers the examiner's remote calls
on the main thread, in the notebook's namespace.
"""

import contextlib
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel import debugger, ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from . import brevity, bundled, diagrams, error_hints, ipython_adjustments, rpc_server, system_commands

CHANNELS = ("shell", "control", "iopub")
debugger._is_debugpy_available = False  # nobody can attach one: no port leaves the jail


class LearnerKernel(IPythonKernel):
    """ipykernel with an RPC server for its namespace."""

    msg_types = [*IPythonKernel.msg_types, "namespace_request"]

    def __init__(self, **options: Any) -> None:
        with _no_list_of_modules():
            super().__init__(**options)
        self._rpc_server = rpc_server.RpcServer(self.shell.user_ns)
        self.shell.set_custom_exc((RecursionError,), _show_recursion)
        self.shell._format_exception_for_storage = _no_second_traceback
        error_hints.install(self.shell)
        system_commands.install(self.shell)
        bundled.install()

    async def namespace_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Answer one remote call."""
        buffers = [bytes(buffer) for buffer in parent.get("buffers", [])]
        reply = self._rpc_server.answer(parent["content"]["tree"], buffers)
        self.session.send(
            stream, "namespace_reply", {"tree": reply.tree}, parent, ident=ident, buffers=list(reply.buffers)
        )


@contextlib.contextmanager
def _no_list_of_modules() -> Iterator[None]:
    """Keep ipykernel from reading every loaded module for its debugger: that alone would copy 26 MiB which forks share."""
    before = ipkernel.sys
    ipkernel.sys = SimpleNamespace(modules={})  # all that `IPythonKernel.__init__` asks of it
    try:
        yield
    finally:
        ipkernel.sys = before


def _show_recursion(shell: Any, kind: Any, error: Any, tb: Any, tb_offset: int | None = None) -> list[str]:
    """Show a RecursionError as Python does: IPython formats each of its thousand frames, for longer than a run may last."""
    lines = traceback.format_exception(kind, error, tb)
    shell._showtraceback(kind, error, lines)
    return lines


def _no_second_traceback(error: BaseException, *_: Any, **__: Any) -> dict[str, Any]:
    """Keep IPython from formatting each error once more for a history that we have not: 3.6 s of CPU time for a RecursionError.

    Raises what the error's text raises: IPython then makes another error of it, before ipykernel asks for the text unguarded.
    """
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": []}


class LearnerApp(IPKernelApp):
    """ipykernel's application without files: sockets by descriptor, no heartbeat, no connection file."""

    kernel_class = LearnerKernel
    listen_fds: dict[str, int] = {}

    def _try_bind_socket(self, s: Any, port: int) -> int:
        name = next(iter(self.listen_fds), "")
        if name:
            s.setsockopt(zmq.USE_FD, self.listen_fds.pop(name))
            s.setsockopt(zmq.SNDHWM, 20_000)  # with fewer, outputs are lost where the host is slow
            s.bind(f"ipc:///{name}")
        return port or 1  # stdin has no socket: a notebook that asks for input gets an error at once

    def init_sockets(self) -> None:
        """Bind shell first, then control and iopub; ipykernel would put stdin between them."""
        fds, self.listen_fds = self.listen_fds, {}
        self.listen_fds = {name: fds[name] for name in CHANNELS}
        super().init_sockets()

    def _bind_socket(self, s: Any, port: int) -> int:
        if s is self.stdin_socket:
            return 1
        return self._try_bind_socket(s, port)

    def init_control(self, context: Any) -> None:
        super().init_control(context)
        # ipykernel connects its debugger to the shell by address; ours has none that can be connected to, and no
        # debugger.
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))

    def init_heartbeat(self) -> None:
        """The supervisor knows whether we live."""

    def init_connection_file(self) -> None:
        self.transport = "ipc"

    def write_connection_file(self, **_: Any) -> None:
        """The host chose the sockets and the key."""

    def log_connection_info(self) -> None:
        self._ports: dict[str, int] = {}

    def init_poller(self) -> None:
        """The kernel dies with its supervisor; there is no parent to poll."""


def serve(
    request: dict[str, Any],
    fds: list[int],
    *,
    app_class: type[LearnerApp] = LearnerApp,
    options: Sequence[str] = ("--InteractiveShell.colors=nocolor",),
    prepare: Callable[[LearnerApp], None] = lambda app: None,
) -> None:
    """Become the kernel of one notebook. `request` has `key` (hex), `seed` and `accelerator`; `fds` follow `CHANNELS`."""
    require_accelerator(str(request.get("accelerator", "")))
    make_deterministic(int(request["seed"]))
    app = app_class.instance()
    app.listen_fds = dict(zip(CHANNELS, fds, strict=True))
    app.initialize(
        [
            "--HistoryManager.enabled=False",
            "--InteractiveShell.cache_size=0",
            "--Session.key=" + request["key"],
            "--quiet",
            "--log-level=50",
            *options,
        ]
    )
    diagrams.teach_keras()
    ipython_adjustments.install(app.shell)
    brevity.be_brief(app)
    prepare(app)
    os.write(int(request["ready"]), b"ready")
    os.close(int(request["ready"]))
    app.start()


def make_deterministic(seed: int) -> None:
    """Seed Python, NumPy, TensorFlow and Keras (32-bit `seed`) and ask TensorFlow for deterministic operations."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    # Two gradings of one submission must come to the same points, whatever order threads end in.
    tf.config.experimental.enable_op_determinism()


def require_accelerator(name: str) -> None:
    """Raise RuntimeError unless TensorFlow sees the promised accelerator (`GPU`, `TPU`; empty: none was promised).

    Asked in each kernel, because a device can be lost after the worker proved it; nobody is graded on the CPU unawares.
    """
    import tensorflow as tf

    if name and not tf.config.list_physical_devices(name):
        raise RuntimeError(f"TensorFlow sees no {name} in this jail.")
