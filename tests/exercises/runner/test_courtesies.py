"""What a notebook is told where it asks for the network, a package, or somebody who types: on the real jail."""

import pytest

from exercises import grading
from exercises.assignment.definition import Limits
from exercises.sandbox.run import Job, run

pytestmark = pytest.mark.jail
CELLS = {
    "import torch": "no package can be installed. It can import: tensorflow",
    "import seabron": "Did you mean `import seaborn`?",
    "%pip install scikit-learn": "sklearn is installed already: `import sklearn`.",
    "!pip install torch": "no package can be installed",
    "!wget example.org/x": "nothing can be downloaded",
    "import keras; keras.datasets.mnist.load_data()": "nothing can be downloaded. Data sets that are here: /data/calls-simulated, ",
    "import urllib.request; urllib.request.urlopen('http://example.org')": "nothing can be downloaded",
    "input()": "Nobody can type",
    "%load_ext tensorboard": "no TensorBoard server",
    "%tensorboard --logdir logs": "no TensorBoard server",
}


@pytest.fixture(scope="module")
def address():
    return grading.zygote_of("tf-2.21").address


@pytest.mark.parametrize("source", CELLS)
def test_the_words(address, source):
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=20), held_out={})
    result = run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False)
    assert CELLS[source] in str(result.cells["cell"])


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
