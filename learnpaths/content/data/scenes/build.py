"""Rebuild the fragments of 14 pictures from the sample pictures of scikit-image and scikit-learn, byte for byte on every run.

Usage: python build.py   (needs scikit-image 0.26.0, scikit-learn 1.9.1 and Pillow)
"""

import hashlib
import io
import zipfile
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
SEED = 20200311
SIDE = 64
COUNTS = {"public/fragments.npz": 40, "held_out/fragments.npz": 30}
BORDER = 0.6  # fragments left of it are public, right of it held out, so that no pixel is in both parts
LEAST_CONTRAST = 6.0  # standard deviation of grey values; a fragment of empty sky says nothing
LEVELS = 4  # grey values are kept in steps of 4, which nobody sees and which halves the file
EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # np.savez stamps the clock into the file; a checksum must not depend on it

SKIMAGE, SKLEARN = "skimage.data", "sklearn.datasets.images"
SCENES = {  # name → (package, file); the licence of each is in card.toml
    "brick": (SKIMAGE, "brick.png"),
    "camera": (SKIMAGE, "camera.png"),
    "cat": (SKIMAGE, "chelsea.png"),
    "clock": (SKIMAGE, "clock_motion.png"),
    "coffee": (SKIMAGE, "coffee.png"),
    "coins": (SKIMAGE, "coins.png"),
    "flower": (SKLEARN, "flower.jpg"),
    "galaxies": (SKIMAGE, "hubble_deep_field.jpg"),
    "grass": (SKIMAGE, "grass.png"),
    "gravel": (SKIMAGE, "gravel.png"),
    "retina": (SKIMAGE, "retina.jpg"),
    "rocket": (SKIMAGE, "rocket.jpg"),
    "temple": (SKLEARN, "china.jpg"),
    "tissue": (SKIMAGE, "ihc.png"),
}


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


def read_scene(package: str, name: str) -> np.ndarray:
    """Return one picture as grey values, float64 (height, width), the longer side at most 512."""
    picture = Image.open(io.BytesIO(files(package).joinpath(name).read_bytes())).convert("L")
    picture.thumbnail((512, 512), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float64)


def cut(strip: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """Return `count` fragments of a strip, uint8 (count, SIDE, SIDE), all with the same mean and contrast."""
    fragments = []
    while len(fragments) < count:
        row, column = (int(generator.integers(0, size - SIDE + 1)) for size in strip.shape)
        fragment = strip[row : row + SIDE, column : column + SIDE]
        if fragment.std() >= LEAST_CONTRAST:
            even = 128 + 48 * (fragment - fragment.mean()) / fragment.std()
            fragments.append(np.clip(np.round(even / LEVELS) * LEVELS, 0, 252))
    return np.array(fragments, dtype=np.uint8)


def main() -> None:
    """Cut the fragments of both parts, mix their order and write them."""
    generator = np.random.default_rng(SEED)
    parts: dict[str, list[np.ndarray]] = {name: [] for name in COUNTS}
    for package, name in SCENES.values():
        scene = read_scene(package, name)
        border = round(scene.shape[1] * BORDER)
        for (part, count), strip in zip(COUNTS.items(), (scene[:, :border], scene[:, border:]), strict=True):
            parts[part].append(cut(strip, count, generator))
    for part, pieces in parts.items():
        labels = np.repeat(np.arange(len(SCENES), dtype=np.uint8), COUNTS[part])
        order = generator.permutation(len(labels))
        arrays = {"fragments": np.concatenate(pieces)[order], "labels": labels[order], "names": np.array(list(SCENES))}
        print(f"{part}: {len(labels)} rows, sha256 {write_npz(HERE / part, arrays)}")


if __name__ == "__main__":
    main()
