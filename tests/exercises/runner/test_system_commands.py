"""What `!command`, `%%bash` and `%pip` do in a notebook."""

import pytest

from exercises.runner import packages, system_commands

from .jailed_cells import assert_says

NO_PACKAGE = "no package can be installed. It can import: tensorflow"
NO_DOWNLOAD = "nothing can be downloaded"
CELLS = {
    "%pip install scikit-learn": "sklearn is installed already: `import sklearn`.",
    "!pip install torch": NO_PACKAGE,
    "x = !pip install torch": NO_PACKAGE,
    "%%bash\nmkdir -p a\npip install torch\nls -d a": NO_PACKAGE + "*\na\n",
    "!cd / && pip install seaborn==0.13 && echo go on": "seaborn is installed already*go on",
    "def f(p):\n    !echo said $p; pip list\n    x = !echo got $p\n    print(x)\nf('here')": "said here\n*got here",
    "%pip list": "A notebook can import here:\ntensorflow 2.*\nkeras 3.",
    "!wget example.org/x": NO_DOWNLOAD,
    "!nothing-of-this-name x": "!nothing-of-this-name: there is no such program here. The cell goes on.",
}  # fmt: skip


@pytest.mark.jail
@pytest.mark.parametrize("source", CELLS)
def test_the_words(source):
    assert_says(source, CELLS[source])


class Shell:
    """The part of IPython's shell that runs commands; `ran` is what came through."""

    def __init__(self):
        self.ran = []
        self.user_ns = {}
        self.magics = {}

    def system(self, command):
        self.ran.append(command)
        self.user_ns["_exit_code"] = 127 if command.startswith("nothing") else 0

    def getoutput(self, command, split=True, depth=0):
        self.ran.append(command)
        return []

    def var_expand(self, cmd, depth=0, **options):
        return depth

    def find_cell_magic(self, name):
        return lambda line, cell: self.ran.append(cell)

    def register_magic_function(self, function, kind, name):
        self.magics[name] = function


@pytest.fixture
def shell():
    shell = Shell()
    system_commands.install(shell)
    return shell


def test_a_command_that_can_run_runs_as_it_is(shell, capsys):
    shell.system("ls -l")
    shell.getoutput("ls")
    shell.magics["bash"]("", "ls\n")
    assert shell.ran == ["ls -l", "ls", "ls\n"] and capsys.readouterr().out == ""


def test_a_command_that_cannot_run_is_answered(shell, capsys):
    shell.system("pip install torch")
    assert shell.getoutput("pip install torch") == []
    shell.magics["bash"]("", "pip install torch")
    shell.magics["conda"]("install torch")
    assert shell.ran == ["true"], "an assignment needs something that runs"
    assert capsys.readouterr().out == 4 * f"{packages.NO_INSTALL}\n"


def test_a_program_that_is_not_here_is_named(shell, capsys):
    shell.system("nothing --now")
    shell.system("ls")
    assert capsys.readouterr().err == "!nothing: there is no such program here. The cell goes on.\n"


def test_variables_are_looked_up_in_the_frame_of_the_notebook(shell):
    assert shell.var_expand("$name") == 1, "one frame of ours lies between: the wrapper's"
