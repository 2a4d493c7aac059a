"""IPython in a notebook that runs from top to bottom and in which nobody types."""

import sys
from types import SimpleNamespace

import pytest

from exercises.runner import ipython_adjustments

from .jailed_cells import assert_says

NO_DEBUGGER = "There is no debugger here"
CELLS = {
    "breakpoint()": NO_DEBUGGER,
    "import pdb; pdb.set_trace()": NO_DEBUGGER,
    "import pdb\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    pdb.post_mortem()": NO_DEBUGGER,
    "%debug": NO_DEBUGGER,
    "%%debug\n1 / 0": NO_DEBUGGER,
    "%pdb on": NO_DEBUGGER,
    "%load_ext tensorboard": "no TensorBoard server",
    "%tensorboard --logdir logs": "no TensorBoard server",
}  # fmt: skip


@pytest.mark.jail
@pytest.mark.parametrize("source", CELLS)
def test_the_words(source):
    assert_says(source, CELLS[source])


@pytest.mark.parametrize(
    ("source", "adjusted"),
    [
        ("# how long?\n%%time\nx = 5", "%%time\n# how long?\nx = 5"),
        ("\n# a script\n%%bash\nls", "%%bash\nls"),
        ("%%time\nx = 5", "%%time\nx = 5"),
        ("x = 1\n%%time\ny = 2", "x = 1\n%%time\ny = 2"),
        ("# only a comment", "# only a comment"),
        ("", ""),
    ],
)
def test_a_cell_magic_may_stand_under_comments(source, adjusted):
    lines = source.splitlines(keepends=True)
    assert "".join(ipython_adjustments.magic_first(lines)) == adjusted


def test_what_a_cell_wrote_is_looked_for_anew(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.path_importer_cache, str(tmp_path), None)
    finder = ipython_adjustments._FreshFolder()
    assert finder.find_spec("helper", path=["package"]) is None and str(tmp_path) in sys.path_importer_cache
    assert finder.find_spec("helper") is None and str(tmp_path) not in sys.path_importer_cache


def test_leaving_the_notebook_ends_the_cell_with_an_error():
    shown = []
    shell = SimpleNamespace(
        compile=SimpleNamespace(_filename_map={}),
        _showtraceback=lambda kind, error, lines: shown.append((kind.__name__, lines[-1])),
    )
    show = ipython_adjustments._showing_exits(shell, lambda *_, **__: shown.append("as before"))
    for error in (SystemExit(3), ValueError("odd")):
        show((type(error), error, None))
    assert shown == [("SystemExit", f"SystemExit: {ipython_adjustments._QUIT}"), "as before"]
