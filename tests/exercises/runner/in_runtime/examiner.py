"""The examiner as far as it is no process of its own."""

import os
import socket
import tempfile
from pathlib import Path
from unittest import mock


def case_frames_of_the_examiner_cross_whole():
    from exercises.runner import examiner

    ours, theirs = socket.socketpair()
    examiner.send(ours, {"event": "remote", "tree": {"op": "get"}}, [b"abc", b""])
    assert examiner.receive(theirs) == ({"event": "remote", "tree": {"op": "get"}}, [b"abc", b""])
    ours.close()
    try:
        examiner.receive(theirs)
    except EOFError:
        return
    raise AssertionError("the other end is gone")


def case_held_out_files_are_copied_from_their_descriptors():
    from exercises.runner import examiner, jail

    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as file,
        mock.patch.object(jail, "TMP", Path(folder)),
    ):
        file.write(b"labels")
        file.flush()
        paths = examiner._keep_files(["digits/../labels.npz"], [os.dup(file.fileno())])
        (path,) = paths.values()
        assert Path(path).read_bytes() == b"labels" and Path(path).parent == Path(folder, "held_out")


def case_a_bare_assert_is_told_by_its_line():
    from exercises.runner import examiner

    check = {"sources": ["x = 1\nassert x == 2  "]}
    try:
        exec(compile(check["sources"][0], "<check a>", "exec"), {})
    except AssertionError as error:
        assert examiner._failed_line(error, check) == "This does not hold: assert x == 2"
    assert examiner._failed_line(AssertionError(), check) == "A condition does not hold."


def case_errors_of_the_notebook_keep_their_name():
    from exercises.runner import examiner, rpc_client

    error = rpc_client._as_error("ValueError", "odd", None, None, None)
    assert examiner._kind(error) == "ValueError" and examiner._kind(KeyError()) == "KeyError"
