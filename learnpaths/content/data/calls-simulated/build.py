"""Draw the SIMULATED calls to a help line, byte for byte the same on every run. Nobody called.

Usage: python build.py   (needs NumPy only)
"""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SEED = 20200311
DAYS = {"public/train.npz": 364, "held_out/test.npz": 140}
HOLIDAYS = [2, 45, 88, 127, 128, 170, 219, 274, 309, 358, 359, 366, 409, 452, 463, 491, 492]  # days of the series, the first is a Monday
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


def draw_calls(days: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the calls of each hour and whether its day was a holiday; evenings and free days scatter most."""
    day, hour = np.divmod(np.arange(24 * days), 24)
    holiday = np.isin(day, HOLIDAYS)
    free = holiday | (day % 7 >= 5)
    work = 6 + 42 * np.exp(-(((hour - 10) / 2.6) ** 2)) + 30 * np.exp(-(((hour - 16) / 3.0) ** 2))
    rest = 8 + 24 * np.exp(-(((hour - 20) / 3.4) ** 2)) + 10 * np.exp(-(((hour - 12) / 3.0) ** 2))
    usual = np.where(free, rest, work) * np.where(day % 7 == 0, 1.15, 1.0) * np.where(holiday, 0.8, 1.0) * (1 + 0.35 * day / 364)
    mood = np.zeros(days)  # what keeps people busy lasts for some days
    for today in range(1, days):
        mood[today] = 0.8 * mood[today - 1] + generator.normal(0, 0.05)
    unrest = np.where((hour >= 18) | (hour < 2), 0.45, 0.06) * np.where(free, 1.3, 1.0)
    expected = usual * np.exp(mood[day] + generator.normal(0, unrest) - unrest**2 / 2)
    return {"calls": generator.poisson(expected).astype(np.uint16), "holiday": holiday.astype(np.uint8)}


def main() -> None:
    """Draw one series and cut it in time: what comes last is held out."""
    series = draw_calls(sum(DAYS.values()), np.random.default_rng(SEED))
    start = 0
    for name, days in DAYS.items():
        part = {key: values[start : start + 24 * days] for key, values in series.items()}
        start += 24 * days
        print(f"{name}: {24 * days} hours, {part['calls'].sum()} calls, sha256 {write_npz(HERE / name, part)}")


if __name__ == "__main__":
    main()
