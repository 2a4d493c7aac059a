"""What cells put out, in a graded run and in the page: counted and cut alike, and it ends neither."""

import time

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.console import Console
from exercises.sandbox.outputs import CellOutputs, Quota, Transcript
from exercises.sandbox.run import CheckJob, Job, run

pytestmark = pytest.mark.jail
LIMITS = Limits(wall_seconds=60, cpu_seconds=40)
CUT = "the output of this cell is cut after 64 KiB"
FLOODS = {
    "big array": ("import numpy as np, sys\nnp.set_printoptions(threshold=sys.maxsize)\nprint(np.arange(60_000))", CUT),
    "progress bar with \\r": ("for n in range(15_000): print(f'\\r{n:5d} ' + '#' * 100, end='')", "14999 ####"),
    "progress bar that flushes": ("for n in range(5_000): print(f'\\r{n:5d}', end='', flush=True)", "4999"),
    "backspaces": ("for n in range(50_000): print('\\b' * 5 + f'{n:5d}', end='')", "49999"),
    "Keras progress bar": (
        "import keras, numpy as np\nm = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])\nm.compile('sgd', 'mse')\n"
        "m.fit(np.zeros((400, 1)), np.zeros((400, 1)), batch_size=4, epochs=3)", "Epoch 3/3"),
    "many small prints": ("for n in range(100_000): print(n)", CUT),
    "one long line": ("print('x' * 2_000_000)", CUT),
    "ten million lines": ("for n in range(2_000_000): print(n)", CUT),
    "standard error": ("import sys\nfor n in range(20_000): sys.stderr.write('trouble\\n')", CUT),
    "logging": ("import logging\nfor n in range(5_000): logging.warning('trouble %d', n)", CUT),
    "warnings": ("import warnings\nfor n in range(3_000): warnings.warn(f'trouble {n}')", CUT),
    "a big table": ("import numpy as np, pandas as pd\npd.options.display.max_rows = None\npd.DataFrame(np.zeros((20_000, 5)))", "An output was left out"),
    "30 MB picture": ("from IPython.display import Image\nImage(b'\\x89PNG' + bytes(30_000_000), format='png')", "A picture was left out"),
    "a giant repr": ("'x' * 10_000_000", "An output was left out"),
    "HTML": ("from IPython.display import HTML, display\nfor n in range(2_000): display(HTML('<b>x</b>' * 1_000))", "a cell may show 8 MiB"),
    "clear_output": ("from IPython.display import clear_output\nfor n in range(300):\n    clear_output(wait=True)\n    print('x' * 1000, n)", "299"),
    "update_display": ("from IPython.display import display\nh = display('start', display_id=True)\nfor n in range(500): h.update(f'step {n}')", "step 499"),
    "threads": (
        "import threading\nts = [threading.Thread(target=lambda: [print('x' * 100) for _ in range(1_000)]) for _ in range(4)]\n"
        "[t.start() for t in ts]\n[t.join() for t in ts]\nNone", CUT),
    "descriptor 1": ("import os\nfor n in range(2_000): os.write(1, b'x' * 99 + b'\\n')", CUT),
    "a child's output": ("import subprocess\nsubprocess.run('yes | head -n 100000', shell=True)\nNone", CUT),
    "a shell command": ("!yes | head -n 100000", CUT),
    "an error of megabytes": ("try:\n    raise ValueError('x' * 5_000_000)\nexcept ValueError as e: print(e)", CUT),
}  # fmt: skip


@pytest.fixture(scope="module")
def address():
    return zygotes.zygote_of("tf-2.21").address


@pytest.fixture
def graded(address):
    def grade(*cells, checks=("assert True",), locked=(), limits=LIMITS, seed=7):
        job = Job(
            cells=tuple((f"cell-{number}", cell) for number, cell in enumerate(cells)),
            checks=tuple(
                CheckJob(id=f"check-{number}", sources=(check,), follows=len(cells))
                for number, check in enumerate(checks)
            ),
            seed=seed,
            limits=limits,
            locked=frozenset(locked),
        )
        return run(job, address=address, on_event=lambda *_: None)

    return grade


@pytest.fixture(scope="module")
def console(address):
    with Console(address, limits=LIMITS, seed=7) as console:
        yield console


def shown(console, source):
    outputs = CellOutputs(source, limits=LIMITS, quota=Quota(LIMITS.output_bytes))
    page, errors = Transcript(), []

    def take(kind, content):
        for name, said in outputs.take(kind, content):
            if name == "output":
                (errors.append if said["output_type"] == "error" else page.add)(said)

    answer = console.run_cell(source, on_output=take, tick=lambda: None)
    return answer.status, page.text, errors


@pytest.mark.parametrize(("source", "words"), FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_is_cut_and_named_alike_in_page_and_report(graded, console, source, words):
    result = graded(source, "y = 1", checks=["assert y == 1"])
    assert result.ending == "completed" and result.checks["check-0"].outcome == "passed", result
    report = result.cells["cell-0"].output
    status, page, _ = shown(console, source)
    assert status == "ok" and words in report and words in page
    assert len(report) <= LIMITS.output_bytes_per_cell + 200 and len(page) <= LIMITS.output_bytes_per_cell + 200


def test_what_a_check_prints_ends_nothing(graded):
    assert (
        graded("def f():\n    print('x' * 3_000_000)\n    return 1", checks=["assert f() == 1"]).ending == "completed"
    )


def test_all_cells_together_may_print_so_much(graded):
    limits = Limits(wall_seconds=60, output_bytes_per_cell=2_000, output_bytes=3_000)
    result = graded(*["print('x' * 1_900)"] * 3, limits=limits)
    assert result.ending == "completed" and result.checks["check-0"].outcome == "passed"
    assert "cut here" not in result.cells["cell-0"].output
    assert "may print 2 KiB in all" in result.cells["cell-1"].output and "x" not in result.cells["cell-2"].output


NAMED = {
    "unknown magic": ("x = 1\n%foo", "UsageError", 2, "%foo"),
    "unknown cell magic": ("%%foo\nx", "UsageError", 1, "%%foo"),
    "arguments": ("x = 1\n%alias_magic", "UsageError", 2, "required"),
    "under code": ("x = 1\n%%time\ny = 2", "UsageError", 2, "%%time"),
    "quit": ("x = 1\nquit()", "SystemExit", 2, "ended the notebook"),
    "exit": ("exit()", "SystemExit", 1, "ended the notebook"),
    "sys.exit": ("import sys\n\nsys.exit(3)", "SystemExit", 3, "ended the notebook"),
    "SystemExit": ("raise SystemExit", "SystemExit", 1, "ended the notebook"),
}


@pytest.mark.parametrize(("source", "name", "line", "words"), NAMED.values(), ids=NAMED.keys())
def test_what_stops_a_cell_has_a_name_a_line_and_a_text(graded, console, source, name, line, words):
    for _ in range(2):  # one seed, one result
        result = graded("a = 1", source, checks=["assert a == 1"])
        assert result.ending == "learner_error" and list(result.cells) == ["cell-0", "cell-1"] and not result.checks
        error = result.cells["cell-1"].error
        assert error["name"] == name and words in error["message"] and f", line {line}\n" in error["traceback"]
    status, page, errors = shown(console, source)
    assert status == "error" and [(each["ename"], each["line"]) for each in errors] == [(name, line)] and not page
    assert shown(console, "'still here'") == ("ok", "'still here'\n", [])


def test_a_process_that_ends_names_its_cell(graded):
    result = graded("a = 1", "import os\nos._exit(0)")
    assert result.ending == "kernel_died" and result.cells["cell-1"].error["name"] == "KernelDied"


@pytest.mark.parametrize(
    "source", ["# how long?\n%%time\nx = 5", "\n\n# a\n# b\n%%capture said\nx = 5", "%%time\nx = 5"]
)
def test_a_cell_magic_may_stand_under_comments(graded, console, source):
    result = graded(source, checks=["assert x == 5"])
    assert result.ending == "completed" and result.checks["check-0"].outcome == "passed"
    assert shown(console, source)[0] == "ok"


WRITTEN = {
    "open": "with open('helper{n}.py', 'w') as f: f.write('A = 5')\nimport helper{n}\nx = helper{n}.A",
    "looked for before": "try:\n    import helper{n}\nexcept ImportError:\n    open('helper{n}.py', 'w').write('A = 5')\nimport helper{n}\nx = helper{n}.A",
    "a package": "import os\nos.mkdir('helper{n}')\nopen('helper{n}/__init__.py', 'w').write('A = 5')\nimport helper{n}\nx = helper{n}.A",
}


@pytest.mark.parametrize("source", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_module_that_the_notebook_wrote_is_found(graded, console, source):
    source = source.format(n=len(source))
    result = graded(source, checks=["assert x == 5"])
    assert result.ending == "completed" and result.checks["check-0"].outcome == "passed", result.cells
    assert shown(console, source)[0] == "ok"


def test_a_module_written_by_a_magic_is_found(graded):
    result = graded("%%writefile helper.py\nA = 5", "import helper\nx = helper.A", checks=["assert x == 5"])
    assert result.ending == "completed"


@pytest.mark.parametrize("source", ["print('a\\ud800b')", "import sys\nsys.stderr.write('a\\udc80b')\nNone"])
def test_a_lone_surrogate_costs_one_character(graded, console, source):
    result = graded(source)
    assert result.ending == "completed" and result.cells["cell-0"].output.strip() == "a?b"
    assert shown(console, source)[1].strip() == "a?b"


def test_an_error_in_a_cell_of_ours_stops_nothing(graded):
    cells = ["x = [1]", "print(x.shape)", "y = 2"]
    result = graded(*cells, checks=["assert y == 2"], locked=["cell-1"])
    assert result.ending == "learner_error" and result.checks["check-0"].outcome == "passed"
    assert graded(*cells, checks=["assert y == 2"]).checks == {}


LEFT_OUT = {
    "sound": ("import numpy as np\nfrom IPython.display import Audio\nAudio(np.zeros(800), rate=8000)", "A sound was left out", "object>"),
    "animation": ("from IPython.display import HTML\nHTML('<div class=\"animation\"><script>play()</script></div>')", "animation was left out", "object>"),
    "film": ("from IPython.display import HTML\nHTML('<video src=\"data:video/mp4;base64,AAAA\"></video>')", "animation was left out", "object>"),
    "plotly": ("from IPython.display import display\ndisplay({'application/vnd.plotly.v1+json': {}, 'text/plain': 'Figure(1)'}, raw=True)", "An interactive output was left out", "<script"),
    "scripts": ("from IPython.display import Javascript\nJavascript('alert(1)')", "An interactive output was left out", "object>"),
    "an estimator": ("from sklearn.linear_model import LinearRegression\nLinearRegression()", "diagram of an estimator was left out", "trust"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "words", "never"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_cannot_be_shown_is_named_where_it_stands(graded, console, source, words, never):
    report = graded(source).cells["cell-0"].output
    page = shown(console, source)[1]
    for text in (report, page):
        assert words in text and never not in text


def outputs_of(console, source):
    outputs = []
    taker = CellOutputs(source, limits=LIMITS, quota=Quota(LIMITS.output_bytes))
    console.run_cell(source, on_output=lambda *message: outputs.extend(taker.take(*message)), tick=lambda: None)
    return [said["data"] for name, said in outputs if name == "output" and "data" in said]


def test_markdown_and_formulas_are_set_in_the_jail(console):
    [data] = outputs_of(console, "from IPython.display import Markdown\nMarkdown('# Head\\n\\n*a* <script>x</script>')")
    assert "<h1>Head</h1>" in data["text/html"] and "<em>a</em> &lt;script&gt;" in data["text/html"]
    [data] = outputs_of(console, "from IPython.display import Math\nMath(r'\\frac{a}{b} + x^2')")
    assert data["image/png"].startswith("iVBOR")
    [data] = outputs_of(console, "from IPython.display import Latex\nLatex(r'\\begin{align} a &= b \\end{align}')")
    assert "image/png" not in data and "align" in data["text/latex"]


def test_help_shows_its_text(console):
    [data] = outputs_of(console, "len?")
    assert "Return the number of items" in data["text/plain"]


def test_a_thread_that_says_more_after_its_cell_is_named_once(console):
    late = []
    source = "import threading, time\ndef f():\n    for _ in range(3):\n        time.sleep(0.3)\n        print('late')\nt = threading.Thread(target=f)\nt.start()"
    console.run_cell(source, on_output=lambda *_: None, tick=lambda: None, on_late=lambda: late.append(1))
    deadline = time.monotonic() + 60
    while not late and time.monotonic() < deadline:
        console.look()
    said = []
    console.run_cell("t.join()\nprint('now')", on_output=lambda *message: said.append(message), tick=lambda: None)
    assert late == [1] and "now" in str(said)
