"""Which shell commands are answered instead of run, what is said, and what still runs."""

import pytest

from exercises.runner import offline, packages, shell_commands

HERE = "seaborn is installed already"


@pytest.mark.parametrize(
    "command",
    ["pip install seaborn", "pip install seaborn==0.13", "pip install 'seaborn[stats]>=0.13'", "pip3 install -U seaborn",
     "python -m pip install seaborn", "python3.11 -m pip install --quiet seaborn", "{sys.executable} -m pip install seaborn",
     "sudo -H pip install seaborn", "uv pip install Seaborn", "conda install -c conda-forge seaborn",
     "pip install -i https://example.org/simple seaborn", "/usr/bin/pip3.11 install seaborn"],
)  # fmt: skip
def test_a_package_that_is_here(command):
    message, runnable = shell_commands.review(command)
    assert message.startswith(HERE) and packages.NO_INSTALL in message and not runnable


@pytest.mark.parametrize(
    "command",
    ["pip install torch", "pip install -r requirements.txt", "sudo apt-get install x", "apt install -y graphviz",
     "pip install 'unclosed", "pip", "yes | pip uninstall numpy", "PIP_NO_CACHE=1 pip install x"],
)  # fmt: skip
def test_a_package_that_is_not_here(command):
    message, runnable = shell_commands.review(command)
    assert message.endswith(packages.NO_INSTALL) and not runnable


@pytest.mark.parametrize(
    "command", ["pip list", "pip freeze", "pip show numpy", "pip --version", "pip list | grep num"]
)
def test_the_list_of_packages(command):
    message, runnable = shell_commands.review(command)
    assert message.startswith("A notebook can import here:\ntensorflow") and not runnable


@pytest.mark.parametrize(
    "command",
    ["wget https://example.org/x", "curl -LO example.org/x", "git clone https://example.org/x.git", "wget -qO- x.org | tar xz",
     "curl -o /tmp/x https://example.org/x"],
)  # fmt: skip
def test_a_download(command):
    assert shell_commands.review(command) == (offline.words(), "")


@pytest.mark.parametrize(
    "command",
    ["ls", "", "curl file:///data/x", "curl --version", "wget localhost:8000/x", "git status", "git clone /data/x", "echo pip",
     "git log --oneline", "python -c 'import x; pip install y'", 'echo "a; pip install y"', "# pip install x", "ls # a; pip list",
     "cat > a.sh <<'E'\npip install x\nE", "ls 2>&1", "ls &> x", "python -m http.server", "ls a\\;pip", "echo 'unclosed; x"],
)  # fmt: skip
def test_all_else_runs_as_it_is(command):
    assert shell_commands.review(command) == ("", command)


@pytest.mark.parametrize(
    ("command", "runnable"),
    [
        ("cd x && pip install torch", "cd x && false "),
        ("mkdir a; pip install numpy && python train.py", "mkdir a; true && python train.py"),
        ("mkdir a\npip install numpy\nls a", "mkdir a\n true \nls a"),
        ("wget example.org/x.zip && unzip x.zip", " false && unzip x.zip"),
        ("# set up\npip install numpy\n", ""),
    ],
)
def test_the_rest_runs(command, runnable):
    message, kept = shell_commands.review(command)
    assert message and kept == runnable
