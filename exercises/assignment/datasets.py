"""Where a content root's data lies: what every jail mounts, what only the examiner gets, what the runtime must hide."""

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from exercises.assignment.definition import Definition


class WrongData(Exception):
    """A held-out file is missing or is not the one the exercise was published with."""


def public_folders(roots: Iterable[Path]) -> dict[str, Path]:
    """Return each data set's public folder by the data set's name; the first root that has a name wins."""
    folders: dict[str, Path] = {}
    for card in _cards(roots):
        if (card.parent / "public").is_dir():
            folders.setdefault(card.parent.name, card.parent / "public")
    return folders


def masked_files(roots: Iterable[Path]) -> tuple[str, ...]:
    """Return the runtime's files that cards ask to hide (`masks`, relative to site-packages), sorted."""
    masks: set[str] = set()
    for card in _cards(roots):
        masks.update(tomllib.loads(card.read_text()).get("masks", ()))
    return tuple(sorted(masks))


def held_out_files(roots: Iterable[Path], definition: Definition) -> dict[str, Path]:
    """Return the exercise's held-out files as "dataset/file" → path, each with the digest the exercise names.

    Raises WrongData.
    """
    roots = list(roots)
    return {
        f"{dataset}/{name}": _held_out_file(roots, dataset, name, digest)
        for (dataset, part, name), digest in ((key.split("/", 2), value) for key, value in definition.data.items())
        if part == "held_out"
    }


def _held_out_file(roots: Iterable[Path], dataset: str, name: str, digest: str) -> Path:
    for root in roots:
        folder = (root / "data" / dataset / "held_out").resolve()
        # Neither `..` in a name nor a link may lead out of the held-out folder.
        path = (folder / name).resolve()
        if path.is_relative_to(folder) and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return path
    raise WrongData(f"The held-out file {dataset}/{name} is missing or has changed since the exercise was loaded.")


def _cards(roots: Iterable[Path]) -> list[Path]:
    return [card for root in roots for card in sorted((root / "data").glob("*/card.toml"))]
