"""Draw the SIMULATED chest films, byte for byte the same on every run. No picture of a person went into them.

Usage: python build.py   (needs NumPy only)
"""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SEED = 20200311
SIDE = 48
COUNTS = {"public/train.npz": 2000, "held_out/test.npz": 1000}
PREVALENCE = 0.25
SHARE_OF_SITE_B = 0.3
LEVELS = 8  # grey values are kept in steps of 8: fewer bytes, and no film of this size shows the difference
EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # np.savez stamps the clock into the file; a checksum must not depend on it
ROW, COLUMN = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1)  # 0 at the top and at the left edge of the film


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


def ellipse(row: float, column: float, height: float, width: float, softness: float = 0.12) -> np.ndarray:
    """Return a soft-edged ellipse, about 1 inside and 0 outside."""
    distance = np.hypot((ROW - row) / height, (COLUMN - column) / width)
    return 1 / (1 + np.exp(np.clip((distance - 1) / softness, -30, 30)))


def blur(film: np.ndarray, times: int) -> np.ndarray:
    """Return the film after `times` passes of a 3 × 3 binomial blur."""
    for _ in range(times):
        for axis in (0, 1):
            film = (np.roll(film, 1, axis) + 2 * film + np.roll(film, -1, axis)) / 4
    return film


def draw_opacity(lungs: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return a cloudy patch somewhere in the lungs; from hardly visible to plain."""
    inside = np.argwhere(lungs > 0.75)
    row, column = inside[generator.integers(len(inside))] / (SIDE - 1)
    size = generator.uniform(0.05, 0.13)
    cloud = np.zeros((SIDE, SIDE))
    for _ in range(4):
        dy, dx = generator.normal(0, size * 0.6, 2)
        cloud += np.exp(-(((ROW - row - dy) ** 2 + (COLUMN - column - dx) ** 2) / (2 * (size * 0.7) ** 2)))
    return generator.uniform(0.12, 0.42) * np.clip(cloud / 2.2, 0, 1) * np.clip(lungs + 0.25, 0, 1)


def draw_film(finding: bool, site_b: bool, generator: np.random.Generator) -> np.ndarray:
    """Return one film, uint8 (SIDE, SIDE): bone and fluid bright, air dark."""
    middle, top = 0.5 + generator.normal(0, 0.02), 0.47 + generator.normal(0, 0.02)
    height, width = 0.34 * generator.uniform(0.9, 1.1), 0.165 * generator.uniform(0.9, 1.12)
    gap = 0.215 * generator.uniform(0.95, 1.08)
    lungs = np.clip(ellipse(top, middle - gap, height, width) + ellipse(top + 0.01, middle + gap, height * 0.97, width * 0.95), 0, 1)
    film = 0.12 + 0.5 * ellipse(0.55, middle, 0.62, 0.47, 0.08)
    film -= 0.33 * lungs
    film += 0.16 * np.exp(-(((COLUMN - middle) / 0.045) ** 2))  # spine
    heart = ellipse(0.63 + generator.normal(0, 0.02), middle + 0.06, 0.17 * generator.uniform(0.9, 1.15), 0.13 * generator.uniform(0.85, 1.2), 0.15)
    film += 0.24 * heart * np.clip(lungs + 0.4, 0, 1)
    bend, phase, count = generator.uniform(0.5, 0.9), generator.uniform(0, 2 * np.pi), generator.uniform(7.5, 9.5)
    ribs = np.cos(2 * np.pi * count * (ROW - bend * (COLUMN - middle) ** 2) + phase)
    film += generator.uniform(0.035, 0.07) * np.clip(ribs, 0, 1) * ellipse(0.5, middle, 0.5, 0.43)
    for side in (-1, 1):  # vessels near the heart look like faint patches and are normal
        film += generator.uniform(0.01, 0.06) * ellipse(top + generator.normal(0.02, 0.04), middle + side * 0.1, 0.1, 0.05, 0.4)
    if generator.random() < 0.25:  # an electrode: small, bright, sharp, no finding
        film += 0.35 * ellipse(generator.uniform(0.2, 0.75), middle + generator.choice([-1, 1]) * generator.uniform(0.12, 0.3), 0.03, 0.03, 0.2)
    if finding:
        film += draw_opacity(lungs, generator)
    film = blur(film, int(generator.integers(1, 3)) + site_b)
    film = generator.uniform(0.85, 1.15) * (0.8 if site_b else 1.0) * film + generator.normal(0, 0.03)
    film += generator.normal(0, 0.035 if site_b else 0.02, film.shape)
    return (np.clip(np.round(film * 255 / LEVELS), 0, 255 // LEVELS) * LEVELS).astype(np.uint8)


def main() -> None:
    """Draw both parts from one stream of random numbers and write them."""
    generator = np.random.default_rng(SEED)
    for name, count in COUNTS.items():
        labels = np.arange(count) < round(PREVALENCE * count)
        labels = labels[generator.permutation(count)]
        sites = generator.random(count) < SHARE_OF_SITE_B
        films = np.array([draw_film(bool(label), bool(site), generator) for label, site in zip(labels, sites, strict=True)])
        arrays = {"films": films, "labels": labels.astype(np.uint8), "sites": sites.astype(np.uint8)}
        print(f"{name}: {count} films, {labels.sum()} with a finding, sha256 {write_npz(HERE / name, arrays)}")


if __name__ == "__main__":
    main()
