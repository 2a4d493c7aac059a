"""Which packages a notebook may import, and what is said of others. The page shows the same list."""

import difflib
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Sequence

IMPORTED_AS = {"scikit-learn": "sklearn", "tensorflow-cpu": "tensorflow", "nest-asyncio": "nest_asyncio"}
PACKAGES = (
    "tensorflow", "keras", "numpy", "pandas", "scipy", "sklearn", "matplotlib", "seaborn",
    "tqdm", "jinja2", "tensorboard", "nest_asyncio",
)  # fmt: skip
NO_INSTALL = (
    "A notebook has no network here, so no package can be installed. It can import: " + ", ".join(PACKAGES) + "."
)
_LONGEST = 60  # characters of a name that is repeated in a message
_SPECIFICATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # of a package: the name before extras and versions


def about_installing(specifications: Sequence[str]) -> str:
    """Return what to say instead of installing packages, named as pip takes them (`seaborn[stats]==0.13`)."""
    names = [import_name(word) for word in specifications]
    here = dict.fromkeys(name for name in names if name in PACKAGES)
    return "\n".join([*(f"{name} is installed already: `import {name}`." for name in here), NO_INSTALL])


def are_installed(specifications: Sequence[str]) -> bool:
    """Return whether all of these packages can be imported, and there is at least one."""
    return bool(specifications) and all(import_name(word) in PACKAGES for word in specifications)


def import_name(specification: str) -> str:
    """Return under which name a package is imported; `specification` as pip takes it. Empty where it is not a name."""
    match = _SPECIFICATION.match(specification)
    name = match[0].lower().replace("_", "-") if match else ""
    return IMPORTED_AS.get(name, name)


def listed() -> str:
    """Return what `pip list` shows here: the packages with their versions, one a line."""
    lines = [f"{name} {_version(name)}".rstrip() for name in PACKAGES]
    return "\n".join(["A notebook can import here:", *lines])


def about_missing(name: str) -> str:
    """Return what to say of a module that cannot be imported; empty for a wrong name inside a package that is here."""
    root = name.partition(".")[0]
    if root != name and root in sys.modules:
        return ""
    close = difflib.get_close_matches(root[:_LONGEST], PACKAGES, n=1, cutoff=0.8)
    if close and importlib.util.find_spec(close[0]):
        return f"Did you mean `import {close[0]}`?"
    if not root.isidentifier() or len(root) > _LONGEST:
        return NO_INSTALL
    return f"If {root} is a file of your own, write it in a cell first: `%%writefile {root}.py`. " + NO_INSTALL


def _version(name: str) -> str:
    distributions = [name, *(each for each, imported in IMPORTED_AS.items() if imported == name)]
    for distribution in distributions:
        try:
            return importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue
    return ""
