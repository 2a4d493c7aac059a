"""The examiner: runs an exercise's checks in a jail of its own, reaching the notebook only by remote calls.

It talks to the worker over one stream socket: frames of a length (4 bytes, big endian), JSON, and the buffers the JSON counts.
The worker sends orders, `{"checks": […], "seed": …}`, after the death of an examiner also what that one had run (`again`, `withheld`);
the examiner answers, per check in order,
`{"event": "check", "id", "outcome": "passed|failed|error", "message", "words", "metrics", "findings", "is_told"}`, of a cell before all hidden
checks `{"event": "opened", "id", "findings": {check: […]}}`, and asks `{"event": "remote", "tree"}`
in between, each answered by `{"tree": …}`. An order ends with `{"event": "done"}`; the next may follow.
"""

import contextlib
import json
import math
import os
import random
import socket
import struct
import sys
import traceback
from pathlib import Path
from typing import Any

from . import (
    check_reports,
    checking,
    dialect,
    faults,
    handles,
    jail,
    learner,
    namespace,
    rebuilt_models,
    rpc_client,
    wire,
    words,
)

_LENGTH = struct.Struct(">I")
MAX_FRAME = 128 * 2**20
_MAX_MESSAGE = 2_000


def serve(request: dict[str, Any], fds: list[int]) -> None:
    """Become the examiner. `fds[0]` is the worker's socket, the others are held-out files named by `request["files"]`."""
    connection = socket.socket(fileno=fds[0])
    held_out = _keep_files(request.get("files", []), fds[1:])
    os.write(int(request["ready"]), b"ready")
    os.close(int(request["ready"]))
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - what checks print
    try:
        order = receive(connection)[0]
        memory_bytes = int(request["limits"]["memory_bytes"])
        examination = _Examination(connection, int(order["seed"]), held_out, memory_bytes)
        while True:
            examination.run(order)
            order = receive(connection)[0]
    except EOFError:
        pass  # the worker needs us no longer
    except BaseException:
        send(connection, {"event": "broken", "message": traceback.format_exc(limit=-4)[-_MAX_MESSAGE:]})


def send(connection: socket.socket, message: dict[str, Any], buffers: list[bytes] | None = None) -> None:
    """Write one frame."""
    buffers = buffers or []
    text = json.dumps({**message, "buffers": [len(buffer) for buffer in buffers]}).encode()
    connection.sendall(_LENGTH.pack(len(text)) + text)
    for buffer in buffers:
        connection.sendall(buffer)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[bytes]]:
    """Read one frame from the worker. Raises EOFError when it has hung up."""
    (length,) = _LENGTH.unpack(_read(connection, _LENGTH.size))
    message = json.loads(_read(connection, length))
    return message, [_read(connection, size) for size in message.pop("buffers", [])]


def _read(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(min(size - len(data), 2**20))
        if not part:
            raise EOFError("the worker hung up")
        data += part
    return bytes(data)


def _keep_files(names: list[str], fds: list[int]) -> dict[str, str]:
    """Copy the held-out files from their descriptors into the examiner's own /tmp."""
    folder = jail.TMP / "held_out"
    folder.mkdir()
    paths = {}
    for number, (name, fd) in enumerate(zip(names, fds, strict=True)):
        path = folder / f"{number}-{Path(name).name}"
        with os.fdopen(fd, "rb") as source, path.open("wb") as target:
            source.seek(0)
            target.write(source.read())
        paths[name] = str(path)
    return paths


class _Examination:
    def __init__(self, connection: socket.socket, seed: int, held_out: dict[str, str], memory_bytes: int) -> None:
        # Rebuilt models and graphs must give the same numbers in each grading of a submission.
        learner.make_deterministic(seed % 2**32)
        self._connection = connection
        self._held_out = held_out
        self._client = rpc_client.RpcClient(self._remote_call)
        self._models = rebuilt_models.Models(self._client, seed, memory_bytes // 2)
        self._reports = check_reports.Reports(self._client)
        self._is_open = False
        self._namespace = namespace.CheckNamespace(self._client, self._names(seed))

    def run(self, order: dict[str, Any]) -> None:
        """Run the checks of one order; whatever a check does, the next one runs."""
        for source in order.get("again", ()):
            self._run_again(source)
        for source in order.get("withheld", ()):
            self._namespace.withhold(source)
        if order.get("is_told"):
            self._client.has_told = True
        for check in order["checks"]:
            if check.get("opens"):
                self._open(check)
            else:
                self._run_check(check)
            for source in check["sources"]:
                self._namespace.withhold(source)
        send(self._connection, {"event": "done"})

    def _run_check(self, check: dict[str, Any]) -> None:
        is_hidden = bool(check.get("hidden"))
        self._reports.begin()
        self._client.begin(is_hidden=is_hidden)
        outcome, message = "passed", ""
        ending: BaseException | None = None
        try:
            for source in check["sources"]:
                exec(dialect.compile_check(source, f"<check {check['id']}>"), self._namespace)
            for model in check.get("models", ()):
                self._models.require(model)
        except AssertionError as error:
            outcome, message, ending = "failed", str(error) or _failed_line(error, check), error
        except BaseException as error:
            # SystemExit too: a check that leaves must not take the other checks with it.
            outcome, message, ending = "error", f"{_kind(error)}: {error}", error
        if fault := self._client.take_fault():  # whatever the check's own code made of it
            is_learners = isinstance(fault, faults.ChangedInPlace)
            outcome, message = ("failed", str(fault)) if is_learners else ("error", f"{_kind(fault)}: {fault}")
            ending = fault
        explanation = ""
        if ending:
            source = "\n".join(check["sources"])
            has_told = self._client.has_told
            explanation = words.of_hidden(ending, source, has_told=has_told) if is_hidden else words.of_public(ending)
        send(
            self._connection,
            {
                "event": "check",
                "id": check["id"],
                "outcome": outcome,
                "message": _plain(message),
                "words": _plain(explanation),
                "metrics": self._reports.metrics,
                "findings": self._reports.shown(),
                "is_told": self._client.has_told,
            },
        )

    def _open(self, cell: dict[str, Any]) -> None:
        """Run a cell that comes before all hidden checks and reports for some of them; what goes wrong costs nobody a point."""
        self._reports.begin(cell["opens"])
        self._client.begin(is_hidden=False)
        self._is_open = True
        problem = ""
        try:
            for source in cell["sources"]:
                exec(dialect.compile_check(source, f"<cell {cell['id']}>"), self._namespace)
        except BaseException as error:
            problem = f"{_kind(error)}: {error}"
        if fault := self._client.take_fault():
            problem = f"{_kind(fault)}: {fault}"
        self._is_open = False
        send(self._connection, {"event": "opened", "id": cell["id"], "findings": self._reports.opened(_plain(problem))})

    def _run_again(self, source: str) -> None:
        """Run an examiner cell that an examiner before this one has run; a check that needs it says so if it fails."""
        self._client.begin(is_hidden=True)
        with contextlib.suppress(BaseException):
            exec(dialect.compile_check(source, "<examiner cell>"), self._namespace)
        self._client.take_fault()
        self._namespace.withhold(source)

    def _names(self, seed: int) -> dict[str, Any]:
        import keras
        import numpy as np
        import pandas as pd
        import tensorflow as tf

        return {
            **{name: handles.of_values(getattr(checking, name)) for name in checking.__all__},
            "__name__": "__check__", "__builtins__": dialect.builtins_for(self._client),
            "np": np, "numpy": np, "pd": pd, "tf": tf, "keras": keras, "math": math,
            "learner": namespace.Learner(self._client), "seed": seed % 2**32, "rng": np.random.default_rng(seed),
            "random": random.Random(seed),
            "held_out": self._path_of_held_out, "public": lambda dataset, file: f"/data/{dataset}/{file}",
            "rebuild": self._models.rebuild, "predict": self._models.predict, "graphs_of": self._models.graphs_of,
            "may_change": self._client.may_change, **self._reports.names(),
        }  # fmt: skip

    def _remote_call(self, request: wire.Encoded) -> tuple[Any, list[bytes]]:
        send(self._connection, {"event": "remote", "tree": request.tree}, request.buffers)
        message, buffers = receive(self._connection)
        return message["tree"], buffers

    def _path_of_held_out(self, dataset: str, file: str) -> str:
        if self._is_open:
            raise self._client.remember(faults.TooEarly("A cell with before_hidden=true has no held-out data."))
        return self._held_out[f"{dataset}/{file}"]


def _plain(text: str) -> str:
    return text[:_MAX_MESSAGE].encode("utf-8", "replace").decode()


def _kind(error: BaseException) -> str:
    """The type's name as a learner knows it: errors raised in the notebook lose our prefix."""
    if isinstance(error, rpc_client.LearnerError) and type(error) is not rpc_client.LearnerError:
        return type(error).__name__.removeprefix("Learner")
    return type(error).__name__


def _failed_line(error: AssertionError, check: dict[str, Any]) -> str:
    """The source line of a bare `assert`, for a check that gives no message of its own."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("<check ")]
    lines = check["sources"][-1].splitlines()
    line = frames[-1].lineno if frames else None
    return (
        f"This does not hold: {lines[line - 1].strip()}"
        if line and line <= len(lines)
        else "A condition does not hold."
    )
