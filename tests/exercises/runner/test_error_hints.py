"""What is said below an error where a notebook asks for the network, a package, or somebody who types."""

import pytest

from exercises.runner import error_hints, offline

from .jailed_cells import assert_says, run_cell

NO_PACKAGE = "no package can be installed. It can import: tensorflow"
NO_DOWNLOAD = "nothing can be downloaded"
OPEN = 'Open one with `np.load("/data/fashion-mnist/train.npz")`.'
CELLS = {
    "import torch": NO_PACKAGE,
    "import helper": "If helper is a file of your own, write it in a cell first: `%%writefile helper.py`. A notebook",
    "import seabron": "Did you mean `import seaborn`?",
    "import keras; keras.datasets.mnist.load_data()": NO_DOWNLOAD
    + "*Smaller handwritten digits*Data sets that are here: /data/calls-simulated, *Open one with `np.load(\"/data/digits/train.npz\")`.",
    "import keras; keras.utils.get_file('a.zip', 'https://example.org/a.zip')": NO_DOWNLOAD + "*" + OPEN,
    "import keras; keras.applications.MobileNetV2(weights='imagenet')": NO_DOWNLOAD + "*`weights=None`",
    "import tensorflow_datasets": NO_PACKAGE + "*" + OPEN,
    "import keras_hub; keras_hub.models.Backbone.from_preset('x')": NO_PACKAGE + "*" + OPEN,
    "import requests; requests.get('https://example.org')": NO_DOWNLOAD + "*" + OPEN,
    "import tensorflow as tf; tf.io.gfile.exists('gs://bucket/x')": NO_DOWNLOAD,
    "import urllib.request; urllib.request.urlopen('http://example.org')": NO_DOWNLOAD,
    "input()": "Nobody can type",
    "import getpass; getpass.getpass()": "Nobody can type",
    "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd": "in Odd.__str__(self)",
    "class Odd(OSError):\n    errno = property(lambda self: 1 / 0)\nraise Odd('words')": "words",
    "class Odd(Exception):\n    def __str__(self):\n        return 5\nraise Odd": "__str__ returned non-string",
    "raise OSError(101, 'x' * 10**6)": NO_DOWNLOAD,
    "raise ValueError('x' * 50_000_000)": "xxx",
}  # fmt: skip


@pytest.mark.jail
@pytest.mark.parametrize("source", CELLS)
def test_the_words(source):
    assert_says(source, CELLS[source])


@pytest.mark.jail
def test_what_people_import_is_there():
    source = "\n".join(
        [
            "import keras, nest_asyncio, numpy as np, pandas as pd, seaborn, tqdm, pathlib",
            "assert '<table' in pd.DataFrame({'a': [1]}).style.to_html()",
            "model = keras.Sequential([keras.layers.Dense(1)])",
            "model.compile('sgd', 'mse')",
            "model.fit(np.ones((4, 2)), np.ones(4), verbose=0, callbacks=[keras.callbacks.TensorBoard('logs')])",
            "assert any(pathlib.Path('logs').rglob('*tfevents*'))",
            "try:\n    import torch\nexcept ImportError:\n    print('all here')",
        ]
    )
    assert run_cell(source, wall_seconds=60).output == "all here\n"


def test_a_hint_runs_no_code_of_an_error():
    class Endless(Exception):
        def __str__(self):
            raise AssertionError("asked")

    error = OSError(101, "no route")
    error.__context__ = Endless()
    assert error_hints.hint(error) == offline.words()
    assert error_hints.hint(Endless()) == ""


def test_a_chain_of_errors_may_be_a_ring():
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert error_hints.hint(one) == ""


def test_other_errors_have_no_hint():
    assert error_hints.hint(ValueError("no route to host")) == ""
    assert error_hints.hint(OSError(2, "no such file")) == ""


@pytest.mark.parametrize("error", [OSError(113, "no route"), ValueError("URL fetch failure on https://example.org")])
def test_an_error_of_the_network_says_that_there_is_none(error):
    assert error_hints.hint(error).startswith("A notebook has no network here")


class Shell:
    """The part of IPython's shell that hints change."""

    def __init__(self):
        self.shown = []

    def _showtraceback(self, kind, error, lines):
        self.shown.append((str(error), lines))


def test_a_hint_stands_below_the_error_and_in_its_message():
    shell = Shell()
    error_hints.install(shell)
    shell._showtraceback(OSError, OSError(101, "x" * 5_000), ["traceback"])
    shell._showtraceback(ValueError, ValueError("odd"), ["traceback"])
    (message, lines), plain = shell.shown
    assert lines == ["traceback", offline.words()]
    assert message.endswith(offline.words()) and len(message) <= error_hints.MAX_MESSAGE + 1 + len(offline.words())
    assert plain == ("odd", ["traceback"])
