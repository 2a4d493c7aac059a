"""The bundled editor and charts: nothing is fetched from an address that a lock file names, and every package's licence is kept.

That the bundle is what the sources give is `make frontend-check`, which needs npm; `.ci/run` calls it.
"""

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = {"esbuild", "@biomejs/biome"}  # they make the bundle and look at our sources; none of them is in it
LOCK = json.loads((ROOT / "frontend" / "package-lock.json").read_text())


def test_the_lock_names_versions_and_hashes_but_no_address():
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_every_bundled_package_is_there_with_its_licence():
    licences = (ROOT / "static" / "vendor" / "LICENSES.txt").read_text()
    for name, version in json.loads((ROOT / "frontend" / "package.json").read_text())["devDependencies"].items():
        if name not in TOOLS:
            assert f"=== {name} {version} (" in licences
