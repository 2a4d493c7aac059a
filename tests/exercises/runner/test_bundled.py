"""`keras.datasets.fashion_mnist.load_data()` gives the part of the data set that is here."""

import gzip

import numpy as np
import pytest

from exercises.runner import bundled

from .jailed_cells import run_cell


@pytest.mark.jail
def test_a_data_set_of_keras_of_which_a_part_is_here_is_answered_with_that_part():
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
    cell = run_cell(source)
    assert cell.status == "ok", cell.error
    assert (
        cell.output.count("A part of Fashion-MNIST is here: 6,000 pictures to train with and 1,000 to test with") == 1
    )


def test_the_files_have_headers_of_the_length_that_keras_skips(tmp_path, monkeypatch, capsys):
    images = np.arange(14 * 4).reshape(14, 2, 2)
    np.savez(tmp_path / "train.npz", images=images, labels=np.arange(14))
    monkeypatch.setattr(bundled, "DATA", tmp_path / "train.npz")
    find = bundled._Files(download=None)
    with gzip.open(find("t10k-images-idx3-ubyte.gz")) as file:
        assert np.array_equal(np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 2, 2), images[12:])
    with gzip.open(find("train-labels-idx1-ubyte.gz")) as file:
        assert np.array_equal(np.frombuffer(file.read(), np.uint8, offset=8), np.arange(12))
    assert capsys.readouterr().err.count("12 pictures to train with and 2 to test with") == 1


def test_without_the_data_keras_downloads_as_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "DATA", tmp_path / "nothing.npz")
    assert bundled._Files(download=lambda name, origin: f"{origin}/{name}")("x.gz", origin="here") == "here/x.gz"
