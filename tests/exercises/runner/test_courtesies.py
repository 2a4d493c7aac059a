"""What a notebook is told where it asks for the network, a package, or somebody who types: on the real jail."""

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.run import Job, run

pytestmark = pytest.mark.jail
NO_PACKAGE = "no package can be installed. It can import: tensorflow"
NO_DOWNLOAD = "nothing can be downloaded"
NO_DEBUGGER = "There is no debugger here"
OPEN = 'Open one with `np.load("/data/fashion-mnist/train.npz")`.'
CELLS = {
    "import torch": NO_PACKAGE,
    "import helper": "If helper is a file of your own, write it in a cell first: `%%writefile helper.py`. A notebook",
    "import seabron": "Did you mean `import seaborn`?",
    "%pip install scikit-learn": "sklearn is installed already: `import sklearn`.",
    "!pip install torch": NO_PACKAGE,
    "x = !pip install torch": NO_PACKAGE,
    "%%bash\nmkdir -p a\npip install torch\nls -d a": NO_PACKAGE + "*\na\n",
    "!cd / && pip install seaborn==0.13 && echo go on": "seaborn is installed already*go on",
    "def f(p):\n    !echo said $p; pip list\n    x = !echo got $p\n    print(x)\nf('here')": "said here\n*got here",
    "%pip list": "A notebook can import here:\ntensorflow 2.*\nkeras 3.",
    "!wget example.org/x": NO_DOWNLOAD,
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
    "breakpoint()": NO_DEBUGGER,
    "import pdb; pdb.set_trace()": NO_DEBUGGER,
    "import pdb\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    pdb.post_mortem()": NO_DEBUGGER,
    "%debug": NO_DEBUGGER,
    "%%debug\n1 / 0": NO_DEBUGGER,
    "%pdb on": NO_DEBUGGER,
    "%load_ext tensorboard": "no TensorBoard server",
    "%tensorboard --logdir logs": "no TensorBoard server",
    "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd": "in Odd.__str__(self)",
    "class Odd(OSError):\n    errno = property(lambda self: 1 / 0)\nraise Odd('words')": "words",
    "class Odd(Exception):\n    def __str__(self):\n        return 5\nraise Odd": "__str__ returned non-string",
    "raise OSError(101, 'x' * 10**6)": NO_DOWNLOAD,
    "raise ValueError('x' * 50_000_000)": "xxx",
}  # fmt: skip


@pytest.fixture(scope="module")
def address():
    return zygotes.zygote_of("tf-2.21").address


@pytest.mark.parametrize("source", CELLS)
def test_the_words(address, source):
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=30), held_out={})
    result = run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False)
    cell = result.cells["cell"]
    rest = cell.output + "".join((cell.error or {}).get(part, "") for part in ("message", "traceback"))
    for part in CELLS[source].split("*"):
        assert part in rest, (cell.status, rest, part)
        rest = rest.partition(part)[2]


def test_what_people_import_is_there(address):
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
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=60), held_out={})
    result = run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False)
    assert result.cells["cell"].output == "all here\n", result.cells["cell"]


def test_a_data_set_of_keras_of_which_a_part_is_here_is_answered_with_that_part(address):
    source = "\n".join(
        [
            "import keras, numpy as np, tensorflow as tf",
            "(x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()",
            "assert x_train.shape == (6000, 28, 28) and x_test.shape == (1000, 28, 28), x_train.shape",
            "ours = np.load('/data/fashion-mnist/train.npz')",
            "assert (np.concatenate([x_train, x_test]) == ours['images']).all()",
            "assert (np.concatenate([y_train, y_test]) == ours['labels']).all()",
            "assert (tf.keras.datasets.fashion_mnist.load_data()[1][1] == y_test).all()",
        ]
    )
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=30), held_out={})
    cell = run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False).cells["cell"]
    assert cell.status == "ok", cell.error
    assert (
        cell.output.count("A part of Fashion-MNIST is here: 6,000 pictures to train with and 1,000 to test with") == 1
    )
