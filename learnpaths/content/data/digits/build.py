"""Rebuild the two digit files from scikit-learn's own copy, byte for byte on every run.

Usage: python build.py   (needs scikit-learn; writes public/train.npz and held_out/test.npz beside this file)
"""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent
HELD_OUT_ROWS = 400
SPLIT_SEED = 20200311
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


def main() -> None:
    """Split the 1,797 digits once, keeping the share of each class, and write both parts."""
    digits = load_digits()
    images = digits.images.astype(np.uint8)  # whole numbers 0–16, so nothing is lost
    labels = digits.target.astype(np.uint8)
    train, test = train_test_split(
        np.arange(len(labels)), test_size=HELD_OUT_ROWS, stratify=labels, random_state=SPLIT_SEED
    )
    for name, rows in (("public/train.npz", train), ("held_out/test.npz", test)):
        checksum = write_npz(HERE / name, {"images": images[rows], "labels": labels[rows]})
        print(f"{name}: {len(rows)} rows, sha256 {checksum}")


if __name__ == "__main__":
    main()
