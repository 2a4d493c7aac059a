"""The one data set of Keras of which a part is here: `keras.datasets.fashion_mnist.load_data()` gives that part, and says so.

Keras reads four files in the IDX format (http://yann.lecun.com/exdb/mnist/), whose headers it skips; they are made of our pictures.
"""

import gzip
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path("/data/fashion-mnist/train.npz")
_MODULE = "keras.src.datasets.fashion_mnist"
_SEVENTH = 7  # one picture in seven is for the test, as in the original
_HEADERS = {"labels": 8, "images": 16}  # bytes
_SAID = (
    "A part of Fashion-MNIST is here: {train:,} pictures to train with and {test:,} to test with, of 70,000. "
    "They are those of {data}.\n"
)


def install() -> None:
    """Have Keras find the files here. Nothing is imported or read for it."""
    module = sys.modules.get(_MODULE)
    if module is not None:
        module.get_file = _Files(module.get_file)  # type: ignore[attr-defined] # a module's global


class _Files:
    def __init__(self, download: Any) -> None:
        self._download = download
        self._folder = ""

    def __call__(self, name: str, *arguments: Any, **options: Any) -> str:
        """Return the path of a file in the IDX format, as `keras.utils.get_file` does. Raises what that raises where we have no data."""
        if not DATA.exists():
            return str(self._download(name, *arguments, **options))
        if not self._folder:
            self._folder = tempfile.mkdtemp()
            self._write_all()
        return str(Path(self._folder) / name)

    def _write_all(self) -> None:
        with np.load(DATA) as file:
            parts = {"labels": file["labels"].astype(np.uint8), "images": file["images"].astype(np.uint8)}
        cut = len(parts["labels"]) - len(parts["labels"]) // _SEVENTH
        for what, values in parts.items():
            kind = f"{what}-idx{values.ndim}-ubyte.gz"
            for name, part in (("train", values[:cut]), ("t10k", values[cut:])):
                # Keras opens them as gzip whatever is in them; compressing would only take time.
                with gzip.open(Path(self._folder) / f"{name}-{kind}", "wb", compresslevel=0) as target:
                    target.write(bytes(_HEADERS[what]) + part.tobytes())
        sys.stderr.write(_SAID.format(train=cut, test=len(parts["labels"]) - cut, data=DATA))
