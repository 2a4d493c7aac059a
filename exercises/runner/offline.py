"""What is said where a notebook asks for the network: which data are here, and how to open them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

DATA = Path("/data")
_OPEN = {".npz": 'np.load("{}")', ".npy": 'np.load("{}")', ".csv": 'pd.read_csv("{}")', ".gz": 'pd.read_csv("{}")'}
_MOST = 20  # folders that are named
_LIKE = {  # a module of Keras → our folder with data like those that it downloads, and what they are
    "keras.src.datasets.mnist": ("digits", "Smaller handwritten digits (8 by 8, another set) are"),
}


def words(modules: frozenset[str] = frozenset(), data: Path | None = None) -> str:
    """Return the words about the network, with the data of this jail; the last line says how to open them.

    `modules`: names of the Python modules that asked, which tell a data set or a network's weights from another download.
    `data`: the folder of folders of data, `/data` without it.
    """
    lines = ["A notebook has no network here, so nothing can be downloaded."]
    if any(name.startswith("keras.src.applications.") for name in modules):
        lines.append("A network of keras.applications works without its weights: `weights=None`.")
    folders = sorted(path for path in islice((data or DATA).glob("*"), 200) if path.is_dir())[:_MOST]
    files = {folder.name: _first_file(folder) for folder in folders}
    like, what = next((_LIKE[name] for name in sorted(modules) if name in _LIKE), ("fashion-mnist", ""))
    if what and files.get(like):
        lines.append(f"{what} here: {files[like]}, with `images` and `labels`.")
    if folders:
        lines.append(f"Data sets that are here: {', '.join(map(str, folders))}. `!ls /data/*` shows their files.")
    first = files.get(like) or next(filter(None, files.values()), None)
    if first:
        lines.append(f"Open one with `{_OPEN[first.suffix].format(first)}`.")
    return "\n".join(lines) if len(lines) > 2 else " ".join(lines)


def _first_file(folder: Path) -> Path | None:
    """Return the first file of a folder that one line of Python opens."""
    return next(iter(sorted(_files(folder))), None)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in islice(folder.glob("*"), 200) if path.suffix in _OPEN)
