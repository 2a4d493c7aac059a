"""Which shell commands are answered instead of run, what is said, and what still runs."""

import re
from pathlib import Path

import pytest

from exercises.runner import commands, courtesies, offline, packages

ROOT = Path(__file__).parents[3]
HERE = "seaborn is installed already"
DIFFERENT = {"ipykernel", "pyzmq"}  # of the kernel itself: no notebook imports them


@pytest.mark.parametrize(
    "command",
    ["pip install seaborn", "pip install seaborn==0.13", "pip install 'seaborn[stats]>=0.13'", "pip3 install -U seaborn",
     "python -m pip install seaborn", "python3.11 -m pip install --quiet seaborn", "{sys.executable} -m pip install seaborn",
     "sudo -H pip install seaborn", "uv pip install Seaborn", "conda install -c conda-forge seaborn",
     "pip install -i https://example.org/simple seaborn", "/usr/bin/pip3.11 install seaborn"],
)  # fmt: skip
def test_a_package_that_is_here(command):
    said, rest = commands.about(command)
    assert said.startswith(HERE) and packages.NO_INSTALL in said and not rest


@pytest.mark.parametrize(
    "command",
    ["pip install torch", "pip install -r requirements.txt", "sudo apt-get install x", "apt install -y graphviz",
     "pip install 'unclosed", "pip", "yes | pip uninstall numpy", "PIP_NO_CACHE=1 pip install x"],
)  # fmt: skip
def test_a_package_that_is_not_here(command):
    said, rest = commands.about(command)
    assert said.endswith(packages.NO_INSTALL) and not rest


@pytest.mark.parametrize(
    "command", ["pip list", "pip freeze", "pip show numpy", "pip --version", "pip list | grep num"]
)
def test_the_list_of_packages(command):
    said, rest = commands.about(command)
    assert said.startswith("A notebook can import here:\ntensorflow") and not rest


@pytest.mark.parametrize(
    "command",
    ["wget https://example.org/x", "curl -LO example.org/x", "git clone https://example.org/x.git", "wget -qO- x.org | tar xz",
     "curl -o /tmp/x https://example.org/x"],
)  # fmt: skip
def test_a_download(command):
    assert commands.about(command) == (offline.words(), "")


@pytest.mark.parametrize(
    "command",
    ["ls", "", "curl file:///data/x", "curl --version", "wget localhost:8000/x", "git status", "git clone /data/x", "echo pip",
     "git log --oneline", "python -c 'import x; pip install y'", 'echo "a; pip install y"', "# pip install x", "ls # a; pip list",
     "cat > a.sh <<'E'\npip install x\nE", "ls 2>&1", "ls &> x", "python -m http.server", "ls a\\;pip", "echo 'unclosed; x"],
)  # fmt: skip
def test_all_else_runs_as_it_is(command):
    assert commands.about(command) == ("", command)


@pytest.mark.parametrize(
    ("command", "rest"),
    [
        ("cd x && pip install torch", "cd x && false "),
        ("mkdir a; pip install numpy && python train.py", "mkdir a; true && python train.py"),
        ("mkdir a\npip install numpy\nls a", "mkdir a\n true \nls a"),
        ("wget example.org/x.zip && unzip x.zip", " false && unzip x.zip"),
        ("# set up\npip install numpy\n", ""),
    ],
)
def test_the_rest_runs(command, rest):
    said, kept = commands.about(command)
    assert said and kept == rest


def test_the_list_is_what_the_runtime_has():
    asked = (ROOT / "pyproject.toml").read_text().partition("\nruntime = [")[2].partition("\n]")[0]
    names = {re.match(r"[\w-]+", name)[0] for name in re.findall(r'"([^"]+)"', asked)} - DIFFERENT
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE))
    assert (
        {packages.import_name(name) for name in names}
        <= set(packages.PACKAGES)
        <= {packages.import_name(name) for name in locked}
    )


def test_every_name_of_the_list_can_be_imported():
    site = next((ROOT / ".runtimes/tf-2.21/lib").glob("python3*/site-packages"))
    assert all((site / name).is_dir() or (site / f"{name}.py").is_file() for name in packages.PACKAGES)


def test_a_hint_runs_no_code_of_an_error():
    class Endless(Exception):
        def __str__(self):
            raise AssertionError("asked")

    error = OSError(101, "no route")
    error.__context__ = Endless()
    assert courtesies.hint(error) == offline.words()
    assert courtesies.hint(Endless()) == ""


def test_a_chain_of_errors_may_be_a_ring():
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert courtesies.hint(one) == ""


def test_the_data_that_are_here(tmp_path):
    for name in ("a/notes.txt", "b/train.csv", "fashion-mnist/train.npz"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    words = offline.words(data=tmp_path)
    assert f"{tmp_path}/a, {tmp_path}/b, {tmp_path}/fashion-mnist." in words
    assert words.endswith(f'Open one with `np.load("{tmp_path}/fashion-mnist/train.npz")`.')
    (tmp_path / "fashion-mnist/train.npz").unlink()
    assert offline.words(data=tmp_path).endswith(f'Open one with `pd.read_csv("{tmp_path}/b/train.csv")`.')
    assert offline.words(data=tmp_path / "none") == "A notebook has no network here, so nothing can be downloaded."
