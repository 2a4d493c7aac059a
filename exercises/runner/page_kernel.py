"""The kernel of an open page: a learner's kernel that can be interrupted, shows pictures and reports training.

Nothing here is trusted. What a learner changes of it, the host's own caps and limits still hold. A graded run never imports
this module's hooks.
"""

import itertools
import math
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from . import learner, rendering, rpc_server

FIT = "application/vnd.learnpaths.fit+json"  # a display message with one epoch of a Keras fit


class PageKernel(learner.LearnerKernel):
    """A learner's kernel with a way to stop the running cell, and remote calls that begin afresh for each examiner."""

    async def interrupt_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Raise KeyboardInterrupt on the main thread. ipykernel signals its process group, which process 1 cannot."""
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        self.session.send(stream, "interrupt_reply", {"status": "ok"}, parent, ident=ident)

    async def namespace_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Answer one remote call; the first one of an examiner gets a server of its own, without the objects of the last one's."""
        if parent["content"].get("is_first"):
            self._rpc_server = rpc_server.RpcServer(self.shell.user_ns)
        await super().namespace_request(stream, ident, parent)


class PageKernelApp(learner.LearnerApp):
    """The application that runs a `PageKernel`."""

    kernel_class = PageKernel


def serve(request: dict[str, Any], fds: list[int]) -> None:
    """Become the kernel of one open page; arguments as for `learner.serve`."""
    # Jedi's completions of a Keras object take tens of seconds; the object itself knows its names at once.
    options = ["--InteractiveShell.colors=neutral", "--Completer.use_jedi=False"]
    learner.serve(request, fds, app_class=PageKernelApp, options=options, prepare=_prepare)


def _prepare(app: Any) -> None:
    app.shell.enable_matplotlib("inline")
    app.session.send = rendering.rendering(app.session.send)
    report_fits(lambda content: app.kernel.send_response(app.kernel.iopub_socket, "display_data", content))


def report_fits(publish: Callable[[dict[str, Any]], Any]) -> None:
    """Have every Keras fit from now on publish each epoch: fit, epoch, epochs, values and seconds."""
    from keras.callbacks import Callback, CallbackList

    # The page draws one curve a fit: epochs of another fit must not continue it.
    numbers = itertools.count(1)

    class FitReporter(Callback):  # type: ignore[misc]  # Keras is installed in the runtime, not here
        """Only hooks of whole epochs: those of batches would slow a fit down."""

        def on_train_begin(self, logs: Any = None) -> None:
            self.fit = next(numbers)
            self.started = time.monotonic()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seconds = round(time.monotonic() - self.started, 3)
            self.started = time.monotonic()
            values = {str(name): float(value) for name, value in (logs or {}).items() if _is_number(value)}
            report = {"fit": self.fit, "epoch": epoch + 1, "epochs": self.params.get("epochs"), "values": values,
                      "seconds": seconds}  # fmt: skip
            publish({"data": {FIT: report}, "metadata": {}})

    add_defaults = CallbackList._add_default_callbacks

    def add_defaults_and_reporter(self: Any, add_history: bool, add_progbar: bool) -> None:
        add_defaults(self, add_history, add_progbar)
        if add_history:  # a fit; evaluate and predict ask for no history
            self.callbacks.append(FitReporter())

    CallbackList._add_default_callbacks = add_defaults_and_reporter


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False
