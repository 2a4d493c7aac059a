"""Commands in an inbox: the JSON that hosts and web processes of two versions agree on, and nothing else."""

import json

import pytest

from exercises.kernels.commands import (
    CellToRun,
    Complete,
    Inspect,
    Interrupt,
    MalformedCommand,
    Restart,
    RunCells,
    read_command,
    write_command,
)

RUN = RunCells(run="r", kind="check", cells=(CellToRun(id="add", source="1", role="check"),), version=7)
WRITTEN = {
    "run": (RUN, {"do": "run", "run": "r", "kind": "check", "version": 7, "cells": [{"id": "add", "source": "1", "role": "check"}]}),
    "interrupt": (Interrupt(), {"do": "interrupt"}),
    "restart": (Restart(), {"do": "restart"}),
    "complete": (Complete(code="np", cursor=2, reply="k"), {"do": "complete", "code": "np", "cursor": 2, "reply": "k"}),
    "inspect": (Inspect(code="np", cursor=2, reply="k"), {"do": "inspect", "code": "np", "cursor": 2, "reply": "k"}),
}  # fmt: skip


@pytest.mark.parametrize(("command", "fields"), WRITTEN.values(), ids=WRITTEN)
def test_it_works(command, fields):
    assert json.loads(write_command(command)) == fields
    assert read_command(write_command(command)) == command
    assert type(read_command(json.dumps(fields))) is type(command)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[" * 100_000, "1", "null", "[]", "{}", '{"do": "dance"}', '{"do": ["run"]}', '{"do": "run"}',
        '{"do": "complete", "code": "np", "cursor": "2", "reply": "k"}', '{"do": "inspect", "code": "np", "cursor": 2}',
        *(json.dumps({**WRITTEN["run"][1], **change}) for change in (
            {"kind": "all"}, {"version": None}, {"run": 1}, {"cells": {}}, {"cells": ["add"]}, {"cells": [{"id": "add"}]},
            {"cells": [{"id": "add", "source": "1", "role": "root"}]}, {"cells": [{"id": "add", "source": None, "role": "code"}]},
        )),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(MalformedCommand):
        read_command(text)
