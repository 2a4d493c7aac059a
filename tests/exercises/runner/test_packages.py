"""The one list of what a notebook can import, and what is said of other packages."""

import re
from pathlib import Path

import pytest

from exercises.runner import packages

ROOT = Path(__file__).parents[3]
DIFFERENT = {"ipykernel", "pyzmq"}  # of the kernel itself: no notebook imports them


def test_the_list_is_what_the_runtime_has():
    listed = (ROOT / "pyproject.toml").read_text().partition("\nruntime = [")[2].partition("\n]")[0]
    names = {re.match(r"[\w-]+", name)[0] for name in re.findall(r'"([^"]+)"', listed)} - DIFFERENT
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE))
    assert (
        {packages.import_name(name) for name in names}
        <= set(packages.PACKAGES)
        <= {packages.import_name(name) for name in locked}
    )


def test_every_name_of_the_list_can_be_imported():
    site = next((ROOT / ".runtimes/tf-2.21/lib").glob("python3*/site-packages"))
    assert all((site / name).is_dir() or (site / f"{name}.py").is_file() for name in packages.PACKAGES)


@pytest.mark.parametrize(
    ("specification", "name"),
    [("seaborn[stats]==0.13", "seaborn"), ("scikit-learn", "sklearn"), ("Nest_Asyncio>=1", "nest_asyncio"), ("./folder", ""), ("", "")],
)  # fmt: skip
def test_the_name_under_which_a_package_is_imported(specification, name):
    assert packages.import_name(specification) == name


def test_only_all_of_the_list_are_installed():
    assert packages.are_installed(["numpy", "scikit-learn"])
    assert not packages.are_installed(["numpy", "torch"]) and not packages.are_installed([])


def test_what_is_installed_already_is_said_once():
    message = packages.about_installing(["numpy", "numpy==2", "torch"])
    assert message == f"numpy is installed already: `import numpy`.\n{packages.NO_INSTALL}"


def test_a_missing_module():
    assert "%%writefile helper.py" in packages.about_missing("helper")
    assert packages.about_missing("x" * 100) == packages.about_missing("not-a-name") == packages.NO_INSTALL
    assert packages.about_missing("json.nothing") == "", "a wrong name inside a package that is here is Python's to say"


def test_the_list_has_no_version_of_what_is_not_installed_here():
    assert packages.listed().splitlines()[0] == "A notebook can import here:"
    assert len(packages.listed().splitlines()) == 1 + len(packages.PACKAGES)
