"""Forging: a point exists only where the examiner saw a pass; nothing on the learner's side can say so."""

import json
import textwrap

import pytest

from exercises.assignment.notebook_files import InvalidNotebook, learner_notebook, read_submission
from exercises.sandbox.errors import SandboxError
from tests.exercises.attacks.conftest import assert_ended, assert_honest, outcomes, output
from tests.exercises.attacks.exercise import HONEST, MODEL, WRONG

pytestmark = [pytest.mark.jail, pytest.mark.timeout(120)]

WIRE = """
from exercises.runner import wire
kernel = get_ipython().kernel
real = kernel._rpc_server.answer
rest = {"also": [], "gone": [], "printed": ["", ""]}
"""


def forged(call: str) -> str:
    """Source of a learner whose kernel answers `call` (an expression for a wire.Encoded) to each call of a function."""
    return f"""{WIRE}
def answer(tree, buffers):
    return {call} if tree["op"] == "call" else real(tree, buffers)
kernel._rpc_server.answer = answer
{HONEST}"""


EXITS = {
    "os._exit in the cell": ("import os\nos._exit(0)", "kernel_died", 0),
    "os._exit in a function": ("import os\ndef square(x): os._exit(0)", "kernel_died", 0),
    "os._exit after the first check": (
        "import os\ndef square(x):\n    return 9 if x == 3 else os._exit(0)", "kernel_died", 1,
    ),
    "os._exit in a thread": (
        "import os, threading, time\nthreading.Thread(target=lambda: os._exit(0)).start()\ntime.sleep(20)", "kernel_died", 0,
    ),
    "sys.exit in the cell": ("import sys\nsys.exit(0)", "learner_error", 0),
    "sys.exit in a function": ("import sys\ndef square(x): sys.exit(0)", "failed", 0),
    "exit of the shell": ("exit()", "learner_error", 0),
    "quit in a function": ("def square(x): quit()", "failed", 0),
    "SystemExit that claims success": ("raise SystemExit('passed')", "learner_error", 0),
    "a signal to itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\nos.abort()", "kernel_died", 0),
    "exec of another program": ("import os\nos.execv('/bin/true', ['true'])", "kernel_died", 0),
    "stopping the loop": ("get_ipython().kernel.io_loop.stop()", "time_limit", 0),
    "generator exit": ("def square(x): raise GeneratorExit", "failed", 0),
    "keyboard interrupt": ("def square(x): raise KeyboardInterrupt", "failed", 0),
    "stop iteration": ("def square(x): raise StopIteration", "failed", 0),
    "assertion error": ("def square(x): raise AssertionError('passed')", "failed", 0),
}  # fmt: skip


@pytest.mark.parametrize(("source", "verdict", "points"), EXITS.values(), ids=EXITS.keys())
def test_leaving_early_gives_nothing(attack, source, verdict, points):
    report = attack.submit(source, wall_seconds=8)
    # A kernel that was asked to stop answers the first check, or is gone before
    others = ("kernel_died", "failed") if "stop()" in source else ()
    assert_ended(report, verdict, *others, points=points)


OBJECTS = {
    "agrees with everything": "class Yes:\n    def __eq__(self, other): return True\n    __hash__ = None",
    "is true": "class Yes:\n    def __bool__(self): return True",
    "is an array": "class Yes:\n    def __array__(self, *_, **__):\n        import numpy as np\n        return np.array(9)",
    "lies about its class": "class Yes:\n    __class__ = int\n    def __eq__(self, other): return True",
    "subclass of int": "class Yes(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__",
    "subclass of float": "class Yes(float):\n    def __eq__(self, other): return True\n    __hash__ = None",
    "subclass of str": "class Yes(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__",
    "subclass of list": "class Yes(list):\n    def __eq__(self, other): return True",
    "subclass of ndarray": (
        "import numpy as np\nclass Yes(np.ndarray):\n    def __new__(cls): return np.zeros(1).view(cls)\n"
        "    def __eq__(self, other): return True"
    ),
    "impersonates a NumPy scalar": (
        "import numpy as np\nclass Yes(np.float64):\n    __module__ = 'numpy'\n    def __eq__(self, other): return True"
    ),
    "impersonates a tensor": (
        "import numpy as np\nclass _EagerTensorBase:\n    __module__ = 'tensorflow.python.framework.ops'\n"
        "class Yes(_EagerTensorBase):\n    def numpy(self): return np.array([])"
    ),
    "impersonates a data frame": (
        "class DataFrame:\n    columns = ['']\n    def __getitem__(self, name):\n        class S:\n"
        "            def to_numpy(self):\n                import numpy as np\n                return np.array([9])\n"
        "        return S()\nDataFrame.__module__ = 'pandas'\nYes = DataFrame"
    ),
    "a mock": "from unittest.mock import MagicMock as Yes",
    "any of unittest": "from unittest.mock import ANY\ndef Yes(): return ANY",
    "an empty array": "import numpy as np\ndef Yes(): return np.array([])",
    "not a number": "def Yes(): return float('nan')",
    "infinity": "def Yes(): return float('inf')",
    "a huge integer": "def Yes(): return 10**100_000",
    "an object array": "import numpy as np\nclass T:\n    def __eq__(self, other): return True\ndef Yes(): return np.array(T(), dtype=object)",
    "a function": "def Yes(): return lambda *_: True",
    "a type": "def Yes(): return int",
    "nested beyond depth": "def Yes():\n    x = 9\n    for _ in range(500): x = [x]\n    return x",
    "a loop": "def Yes():\n    x = []\n    x.append(x)\n    return x",
    "a hundred million": "def Yes(): return [0] * 3_000_000",
    "ellipsis": "def Yes(): return ...",
    "not implemented": "def Yes(): return NotImplemented",
    "a coroutine": "async def Yes(): return 9",
    "a generator": "def Yes(): yield 9",
}


@pytest.fixture(scope="module")
def answered_with_objects(arena):
    """One run in which each object is the answer to a check of its own."""
    source = f"""
def returns(source):
    exec(source, space := dict(globals()))
    return lambda x: space["Yes"]()
answers = [returns(source) for source in {[*OBJECTS.values()]!r}]
"""
    checks = {name: f"assert answers[{number}](3) == 9" for number, name in enumerate(OBJECTS)}
    return arena.submit(source + HONEST, definition=arena.checking(checks), memory_bytes=1 << 30)


@pytest.mark.parametrize("case", OBJECTS)
def test_an_agreeable_object_gives_nothing(attack, answered_with_objects, case):
    assert_ended(answered_with_objects, "failed")
    assert outcomes(answered_with_objects)[case] in ("failed", "error")


WORDS = {
    "result on standard output": 'print(\'{"verdict": "passed", "points": 7, "passed": true}\')',
    "result file": "import json\nfor n in ('results.json', '/tmp/results.json', 'report.json'): open(n, 'w').write('{\"points\": 7}')",
    "display message": "from IPython.display import display\ndisplay({'application/json': {'outcome': 'passed'}}, raw=True)",
    "a forged reply": (
        "k = get_ipython().kernel\nk.session.send(k.iopub_socket, 'check', {'id': 'small', 'outcome': 'passed'}, parent=k.get_parent())"
    ),
    "input transformer": "get_ipython().input_transformers_cleanup.append(lambda lines: [\"outcome = 'passed'\\n\"])",
    "event hooks": "ip = get_ipython()\nip.events.register('post_run_cell', lambda *_: exec('def square(x): return x'))",
    "replaced run_cell": "get_ipython().run_cell = None",
    "replaced showtraceback": "get_ipython().showtraceback = lambda *_, **__: None",
    "replaced excepthook": "import sys\nsys.excepthook = sys.settrace = lambda *_: None",
    "replaced builtins": "import builtins\nbuiltins.AssertionError = type('A', (BaseException,), {})\nbuiltins.len = builtins.abs = lambda *_: 0",
    "replaced assertions": (
        "import unittest, doctest, numpy.testing, math\nnumpy.testing.assert_allclose = math.isclose = lambda *_, **__: True\n"
        "unittest.TestCase.assertEqual = lambda *_: None\ndoctest.testmod = None"
    ),
    "replaced json, open, time, random": "import json, builtins, time, random\njson.loads = json.dumps = lambda *_, **__: '{}'\ntime.time = lambda: 0\nrandom.seed = lambda *_: 0",
    "replaced TensorFlow": "import tensorflow as tf, keras\ntf.reduce_all = lambda *_: True\nkeras.Model.evaluate = lambda *_, **__: [0.0, 1.0]\nkeras.Model.predict = None",
    "names of the examiner": "xs = []\nanswers = {}\nsecret_label = 0\nheld_out = rebuild = report_metric = learner = lambda *_: None\nrng = None",
    "a trace function": "import sys\nsys.setprofile(lambda *_: None)",
    "frames": "import sys\nf = sys._getframe()\nwhile f:\n    f.f_globals.setdefault('outcome', 'passed'); f = f.f_back",
    "collected objects": "import gc\nfor o in gc.get_objects():\n    if type(o) is dict and 'outcome' in o: o['outcome'] = 'passed'",
}


@pytest.mark.parametrize("source", WORDS.values(), ids=WORDS.keys())
def test_saying_or_replacing_things_gives_nothing(attack, source):
    report = attack.submit(f"{WRONG}\n{source}\n{WRONG}", wall_seconds=8)
    assert_ended(report, "failed", "learner_error", "kernel_died", "time_limit")


@pytest.mark.parametrize("name", ["xs", "answers", "secret_label", "np", "learner", "rng", "x", "assert_", "accuracy"])
def test_defining_the_names_of_a_check_changes_no_honest_score(attack, name):
    assert_honest(attack.submit(f"{name} = None\n{HONEST}"))


ANSWERS = {
    "an empty array": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [b"\\x93NUMPY\\x01\\x00F\\x00" + b"{\'descr\': \'<f8\', \'fortran_order\': False, \'shape\': (0,), }".ljust(69) + b"\\n"])',
    "not a tree": 'wire.Encoded("ok", [])',
    "nothing": "wire.Encoded(None, [])",
    "an empty list": "wire.Encoded([], [])",
    "an empty answer": 'wire.Encoded(["l", []], [])',
    "ok without a value": 'wire.Encoded({"ok": []}, [])',
    "a tag that does not exist": 'wire.Encoded({"ok": ["evil", 1], **rest}, [])',
    "true": 'wire.Encoded({"ok": True, **rest}, [])',
    "a handle for a number": 'wire.Encoded({"ok": ["h", 1, "int", False], **rest}, [])',
    "a handle without a number": 'wire.Encoded({"ok": ["h"], **rest}, [])',
    "a handle with a text": 'wire.Encoded({"ok": ["h", "1", {"x": 1}, None], **rest}, [])',
    "a handle of another": 'wire.Encoded({"ok": ["h", -1, "9", True], **rest}, [])',
    "a handle with a huge number": 'wire.Encoded({"ok": ["h", 10**4000, "x", True], **rest}, [])',
    "bytes that were not sent": 'wire.Encoded({"ok": ["a", 7, None, True, True, None], **rest}, [])',
    "negative bytes": 'wire.Encoded({"ok": ["a", -1, None, True, True, None], **rest}, [b"x"])',
    "one buffer a thousand times": 'wire.Encoded({"ok": ["l", [["b", 0]] * 1000, None], **rest}, [bytes(1 << 20)])',
    "an array a thousand times": 'wire.Encoded({"ok": ["l", [["a", 0, None, True, True, None]] * 1000, None], **rest}, [npy(bytes(8 << 20), "<f8", "(1048576,)")])',
    "a pickle": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [npy(b"", "|O", "()")])',
    "an array larger than its bytes": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [npy(b"", "<f8", "(1000000000000,)")])',
    "an array of nothing": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [npy(b"", "|V0", "(1000000000000,)")])',
    "negative shape": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [npy(bytes(8), "<f8", "(-1, -1)")])',
    "a huge number of axes": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [npy(bytes(8), "<f8", "(" + "1," * 3000 + ")")])',
    "a header that is code": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [npy(bytes(8), "<f8", "__import__(\'os\').abort()")])',
    "a header without end": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [b"\\x93NUMPY\\x02\\x00\\xff\\xff\\xff\\x7f{"])',
    "version 3": 'wire.Encoded({"ok": ["a", 0, None, True, True, None], **rest}, [b"\\x93NUMPY\\x03\\x00" + bytes(100)])',
    "text that is not text": 'wire.Encoded({"ok": ["g", 0, None], **rest}, [npy(b"\\xff" * 4, "<U1", "()")])',
    "dates": 'wire.Encoded({"ok": ["g", 0, None], **rest}, [npy(bytes(8), "<M8[ns]", "()")])',
    "half of a character": 'wire.Encoded({"ok": "\\\\ud800", **rest}, [])',
    "an endless integer": 'wire.Encoded({"ok": ["i", "0x" + "f" * 1000000], **rest}, [])',
    "a float that is none": 'wire.Encoded({"ok": ["f", "evil"], **rest}, [])',
    "a float without limits": 'wire.Encoded({"ok": ["f", "0x1p99999999"], **rest}, [])',
    "an unhashable key": 'wire.Encoded({"ok": ["d", [[["l", [], None], 1]], None], **rest}, [])',
    "a frame of handles": 'wire.Encoded({"ok": ["df", [["range", 0, 1, 1, None], ["range", 0, 1, 1, None], [["o", [["h", 1, "x", True]]]]], None], **rest}, [])',
    "a frame that is none": 'wire.Encoded({"ok": ["df", [["range", 0, 10**9, 1, None], ["range", 0, 1, 1, None], [["n", 1], ["p", "eval", [1]]]], None], **rest}, [])',
    "five hundred levels": "wire.Encoded(nested(500), [])",
    "a tree of a million": 'wire.Encoded({"ok": ["l", [0] * 1_000_000, None], **rest}, [])',
    "an error with too few parts": 'wire.Encoded({"error": [], **rest}, [])',
    "an error of no type": 'wire.Encoded({"error": [5, ["d", []], ["l", []], None, None], **rest}, [])',
    "an error that passes": 'wire.Encoded({"error": ["StopIteration", "x", None, None, None], **rest}, [])',
    "an error that ends the examiner": 'wire.Encoded({"error": ["SystemExit", "0", None, None, None], **rest}, [])',
    "an error group": 'wire.Encoded({"error": ["ExceptionGroup", "x", None, None, None], **rest}, [])',
    "an error with a long text": 'wire.Encoded({"error": ["ValueError", "x" * 5_000_000, None, None, None], **rest}, [])',
    "a builtin that is no error": 'wire.Encoded({"error": ["eval", "x", None, None, None], **rest}, [])',
    "a name error that is a lookup": 'wire.Encoded({"error": ["NameError", "x", "secret_label", None, None], **rest}, [])',
    "an error with evil arguments": 'wire.Encoded({"error": ["ValueError", "x", None, ["t", [["h", 1, "x", True]]], ["n", "os", "abort"]], **rest}, [])',
    "something of a library": 'wire.Encoded({"ok": ["n", "os", "abort"], **rest}, [])',
    "a change of what is not shared": 'wire.Encoded({"ok": 9, **rest, "also": [["l", [9], -1]]}, [])',
    "a number of the examiner's": 'wire.Encoded({"ok": ["l", [9], -1], **rest}, [])',
    "a reference to nothing": 'wire.Encoded({"ok": ["r", -1], **rest}, [])',
    "a view beyond its array": 'wire.Encoded({"ok": ["t", [["a", 0, 7, True, True, None], ["v", 7, 8, [10**6], [8], True]]], **rest}, [npy(bytes(8), "<f8", "(1,)")])',
    "a view of a view without end": 'wire.Encoded({"ok": ["t", [["a", 0, 7, True, True, None], ["v", 7, 0, [10**6] * 4, [0] * 4, True]]], **rest}, [npy(bytes(8), "<f8", "(1,)")])',
    "a million objects that are gone": 'wire.Encoded({"ok": 8, **rest, "gone": [[], {}, "x", 2.5] * 250_000}, [])',
    "a book that was printed": 'wire.Encoded({"ok": 0, **rest, "printed": ["x" * 10_000_000, ""]}, [])',
    "an object array larger than its items": 'wire.Encoded({"ok": ["o", [10**12], [9], None, True], **rest}, [])',
    "an unpicklable error": 'wire.Encoded({"error": ["UnicodeDecodeError", "x", None, None, None], **rest}, [])',
}
CRAFT = """
def npy(data, descr, shape):
    head = ("{'descr': '%s', 'fortran_order': False, 'shape': %s}" % (descr, shape)).encode()
    return b"\\x93NUMPY\\x02\\x00" + (len(head) + 1).to_bytes(4, "little") + head + b"\\n" + data
def nested(depth):
    tree = 9
    for _ in range(depth): tree = ["l", [tree], None]
    return {"ok": tree, **rest}
"""


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_forged_answer_gives_nothing(attack, answer):
    """The worst that an answer may do is to fail its own check, or to use up the learner's own limits."""
    report = attack.submit(CRAFT + forged(answer), wall_seconds=8)
    assert_ended(report, "failed", "memory_limit", "kernel_died", "time_limit")


def test_an_answer_to_everything_is_wrong(attack):
    """Where each request is answered alike, the first lookup is already not a function."""
    for value in ("True", "9", '["h", 1, "x", True]'):
        report = attack.submit(
            f'{WIRE}\nkernel._rpc_server.answer = lambda *_: wire.Encoded({{"ok": {value}, **rest}}, [])\n{HONEST}'
        )
        assert_ended(report, "failed")


def test_a_lie_per_check_scores_only_what_is_right(attack):
    """Telling the public check from the hidden one and answering only the former right scores only the former."""
    report = attack.submit("def square(x): return {3: 9, 5: 25}.get(x, 0)")
    assert_ended(report, "failed", points=2)


def test_inputs_remembered_from_one_call_help_no_other(attack):
    report = attack.submit("seen = []\ndef square(x):\n    seen.append(x)\n    return seen[0] * x")
    assert_ended(report, "failed", points=1)  # right once: for the first input


def test_knowing_that_it_is_graded_changes_nothing(attack):
    source = (
        "import sys\nGRADED = 'exercises.runner.examiner' in sys.modules\ndef square(x): return x * x if GRADED else 0"
    )
    assert attack.submit(source)["points"] in (0, 5)


def test_a_handle_raises_where_a_check_compares_it(attack):
    definition = attack.variant(small="assert learner.it == 9 or learner.it != 9 or learner.it")
    report = attack.submit(
        f"class It:\n    def __eq__(self, other): return True\nit = It()\n{HONEST}", definition=definition
    )
    assert outcomes(report)["small"] == "error"


MISUSES = {
    "equality": "it == 9",
    "truth": "bool(it)",
    "not": "not it",
    "membership": "it in [9]",
    "arithmetic": "abs(it - 9) < 1",
    "a difference of none": "abs(agreeable - 9) < 1",
    "a difference of none, reversed": "abs(9 - agreeable) < 1",
    "a difference that is an object": "abs(zero - 9) < 1",
    "the mean of a difference": "(zero - 9).mean() == 0",
    "a difference in place": "abs(operator.isub(zero, 9)) < 1",
    "a rounded difference": "round(zero - 9) == 0",
    "the number of a difference": "float(zero - 9) == 0 or int(zero - 9) == 0 or len(zero - 9) == 0",
    "a difference of arrays": "np.abs(np.array([9.0]) - agreeable).max() < 1",
    "a part of a difference": "(zero - 9).part.item() == 0",
    "containing it": "9 in agreeable",
    "containing it, as a text": "'nine' in text",
    "reversed arithmetic": "abs(np.float64(9) - it) < 1",
    "array comparison": "np.array_equal(it, 9)",
    "closeness": "np.allclose(it, 9)",
    "sum": "sum([it]) == 9",
    "sorting": "sorted([it, it])",
    "TensorFlow": "bool(tf.equal(it, 9))",
    "a matrix product": "(np.ones((1, 1)) @ it) == 9",
    "type": "isinstance(it, int)",
    "class": "it.__class__ is int",
    "hash": "{9: True}.get(it)",
    "length of a liar": "len(it) == 9.5",
}


IT = """
class It:
    def __getattr__(self, name): return lambda *_: True
    for name in "eq ne lt le gt ge bool contains getitem".split():
        exec(f"def __{name}__(self, *_): return True")
    for name in "int float index len round abs add radd sub rsub mul rmul matmul rmatmul hash".split():
        exec(f"def __{name}__(self, *_): return 9")
    def __str__(self): return "9"
    __repr__ = __str__
    def __format__(self, spec): return "9"
    def __array__(self, *_, **__):
        import numpy as np
        return np.array(9)
it = It()
class Agreeable:
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __contains__(self, item): return True
class Zero(Agreeable):
    def __sub__(self, other): return Zero()
    __rsub__ = __isub__ = __sub__
    for name in "abs float int len round".split():
        exec(f"def __{name}__(self, *_): return 0")
    def mean(self): return 0
    item = mean
    part = property(lambda self: Zero())
class Text(str):
    def __contains__(self, part): return True
agreeable, zero, text = Agreeable(), Zero(), Text("")
"""


@pytest.fixture(scope="module")
def misused(arena):
    """One run in which a check for each misuse of a handle believes what it is told."""
    checks = {name: f"import operator\nit = learner.it\nassert {expression}" for name, expression in MISUSES.items()}
    return arena.submit(IT + HONEST, definition=arena.checking(checks))


@pytest.mark.parametrize("case", MISUSES)
def test_no_use_of_a_handle_is_the_learners_to_answer(attack, misused, case):
    assert_ended(misused, "failed")
    assert outcomes(misused)[case] in ("failed", "error")


CONVERSIONS = {
    "rounding": "round(it) == {}",
    "conversion": "int(it) == {}",
    "formatting as a number": "f'{{it:d}}' == '{}'",
    "its text": "str(it) == '{}'",
    "index": "list(range(20))[it] == {}",
}


@pytest.fixture(scope="module")
def converted(arena):
    """One run in which an object is asked once for a plain value, which the check then judges."""
    checks = {
        f"{name} {n}": f"it = learner.it\nassert {code.format(n)}" for name, code in CONVERSIONS.items() for n in (9, 8)
    }
    return arena.submit(IT + HONEST, definition=arena.checking(checks))


@pytest.mark.parametrize("case", CONVERSIONS)
def test_what_an_object_converts_to_is_judged_like_any_answer(converted, case):
    assert (outcomes(converted)[f"{case} 9"], outcomes(converted)[f"{case} 8"]) == ("passed", "failed")


def test_booleans_cross_as_booleans(attack):
    """A byte of 200 in an array of booleans would count 200 times."""
    array = 'npy(bytes([200, 0, 0, 0]), "|b1", "(4,)")'
    definition = attack.variant(small="got = learner.square(3)\nassert int(got.sum()) <= got.size")
    answer = f'wire.Encoded({{"ok": ["a", 0, None, True, True, None], **rest}}, [{array}])'
    report = attack.submit(CRAFT + forged(answer), definition=definition)
    assert outcomes(report)["small"] == "passed"


MODELS = {
    "Lambda": "import keras\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x[:, :1] - x[:, 1:])])",
    "a custom layer": (
        "import keras\n@keras.saving.register_keras_serializable('p')\nclass Dense(keras.layers.Dense): pass\n"
        "model = keras.Sequential([keras.Input((2,)), Dense(1)])"
    ),
    "a subclassed model": "import keras\nclass M(keras.Model):\n    def call(self, x): return x\nmodel = M()\nmodel.build((None, 2))",
    "a custom activation": (
        "import keras\n@keras.saving.register_keras_serializable('p')\ndef relu(x): return x\n"
        "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation=relu)])"
    ),
    "no model": "model = 5",
    "none": "model = None  # mine",
    "a class of its own": "class Sequential:\n    def to_json(self): return '{}'\n    weights = []\nmodel = Sequential()",
    "an agreeable predict": (
        "class Sequential:\n    weights = []\n    def predict(self, x, verbose=0): return (x[:, :1] > x[:, 1:]) * 1.0\nmodel = Sequential()"
    ),
    "wrong weights": f"{MODEL}\nmodel.set_weights([-w for w in model.get_weights()])",
    "weights that are not numbers": f"{MODEL}\nmodel.set_weights([w * float('nan') for w in model.get_weights()])",
    "a patched predict": f"{MODEL}\nmodel.set_weights([-w for w in model.get_weights()])\nkeras.Model.predict = lambda self, x, **_: x[:, :1] - x[:, 1:]",
    "a patched evaluate": f"{MODEL}\nmodel.set_weights([-w for w in model.get_weights()])\nkeras.Model.evaluate = lambda *_, **__: [0, 1]\nkeras.metrics.Accuracy.result = lambda *_: 1.0",
    "too many weights": "import keras\nmodel = keras.Sequential([keras.Input((2,)), keras.layers.Dense(20_000_000)])",
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_a_model_that_is_none_earns_nothing(attack, model):
    report = attack.submit(HONEST, model, memory_bytes=1 << 30)
    assert_ended(report, "passed", points=5)
    assert outcomes(report)["accuracy"] in ("failed", "error"), report


def test_a_sound_model_earns_its_points(attack):
    report = attack.submit(HONEST, MODEL, memory_bytes=1 << 30)
    assert_ended(report, "passed", points=7)


def described(config: str, weights: str = "[]", kind: str = "Sequential") -> str:
    """Source of a learner that answers a request for its model with a description of its own making."""
    return f"""{MODEL}
import json
described = {{"class": {kind!r}, "config": {config}, "weights": {weights}}}
kernel = get_ipython().kernel
kernel._rpc_server._operations["model"] = lambda model: described
"""


def layer(name: str, config: str = "{}", module: str = '"keras.layers"', extra: str = "") -> str:
    return (
        'json.dumps({"class_name": "Sequential", "module": "keras", "registered_name": None, "config": {"name": "s", "layers": ['
        '{"class_name": "InputLayer", "module": "keras.layers", "registered_name": None, "config": {"batch_shape": [None, 2], "dtype": "float32", "name": "i"}},'
        f'{{"class_name": {name}, "module": {module}, "registered_name": None, "config": {config}{extra}}}]}}}})'
    )


MARSHALLED = '{"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}'
DESCRIPTIONS = {
    "Lambda": described(layer('"Lambda"', f'{{"function": {MARSHALLED}}}')),
    "Lambda by the old format": described(
        layer('"Lambda"', '{"function": ["4wEAAAA=", None, None], "function_type": "lambda"}', "None")
    ),
    "a lambda as an activation": described(layer('"Dense"', f'{{"units": 1, "activation": {MARSHALLED}}}')),
    "a function of a module": described(
        layer(
            '"Dense"',
            '{"units": 1, "activation": {"class_name": "function", "module": "os", "config": "system", "registered_name": "system"}}',
        )
    ),
    "a builtin": described(
        layer(
            '"Dense"',
            '{"units": 1, "activation": {"class_name": "function", "module": "builtins", "config": "eval", "registered_name": "eval"}}',
        )
    ),
    "a class of subprocess": described(layer('"Popen"', '{"args": "id"}', '"subprocess"')),
    "a class of keras.src": described(layer('"Dense"', '{"units": 1}', '"keras.src.saving.saving_lib"')),
    "a lookup that reads files": described(layer('"StringLookup"', '{"vocabulary": "/tmp/held_out/0-labels.npz"}')),
    "a text vectorizer that reads files": described(
        layer('"TextVectorization"', '{"vocabulary": "/tmp/held_out/0-labels.npz"}')
    ),
    "TFSMLayer": described(layer('"TFSMLayer"', '{"filepath": "/tmp/evil"}')),
    "FunctionalFromFile": described(layer('"TorchModuleWrapper"', '{"module": "evil"}')),
    "hidden in a wrapper": described(
        layer(
            '"TimeDistributed"',
            f'{{"layer": {{"class_name": "Lambda", "module": "keras.layers", "config": {{"function": {MARSHALLED}}}}}}}',
        )
    ),
    "hidden in a list": described(
        layer('"StackedRNNCells"', '{"cells": [[[{"class_name": "Lambda", "config": {}}]]]}')
    ),
    "hidden in compile_config": described(
        layer('"Dense"', '{"units": 1}', extra=', "compile_config": {"loss": {"class_name": "Lambda", "config": {}}}')
    ),
    "a type specification": described(
        layer('"Dense"', '{"units": {"class_name": "TypeSpec", "type_spec": "tf.TensorSpec", "serialized": []}}')
    ),
    "a tensor": described(
        layer('"Dense"', '{"units": {"class_name": "__tensor__", "config": {"value": [1], "dtype": "int32"}}}')
    ),
    "duplicate keys": described('\'{"class_name": "Sequential", "class_name": "Lambda", "config": {}}\''),
    "a class name that is a list": described(layer('["Dense"]')),
    "a class name that is an object": described(layer('{"x": 1}')),
    "a module that is a list": described(layer('"Dense"', '{"units": 1}', '["keras.layers"]')),
    "a registered name": described(
        layer('"Dense"', '{"units": 1}').replace(
            '"registered_name": None, "config": {"units"', '"registered_name": "p>Dense", "config": {"units"'
        )
    ),
    "a shared object": described(layer('"Dense"', '{"units": 1}', extra=', "shared_object_id": 1')),
    "text that is not JSON": described("'{'"),
    "no text": described("5"),
    "deeply nested": described("'[' * 100000"),
    "five megabytes": described("' ' * 5_000_000"),
    "a thousand layers": described(
        'json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {}}] * 1000}})'
    ),
    "a huge layer": described(layer('"Dense"', '{"units": 10**9}')),
    "an endless embedding": described(layer('"Embedding"', '{"input_dim": 10**15, "output_dim": 10**6}')),
    "a negative layer": described(layer('"Dense"', '{"units": -1}')),
    "a subclass by name": described(layer('"Dense"', '{"units": 1}'), kind="Evil"),
    "another kind": described(layer('"Dense"', '{"units": 1}'), kind="Functional"),
    "weights of other shapes": described("model.to_json()", "[[1.0], [2.0]]"),
    "weights that are text": described("model.to_json()", "[np.array([['a'], ['b']]), np.array(['c'])]"),
    "weights that are dates": described("model.to_json()", "[np.zeros((2, 1), 'M8[s]'), np.zeros(1, 'M8[s]')]"),
    "weights that are complex": described("model.to_json()", "[np.full((2, 1), 1j), np.zeros(1, complex)]"),
    "weights that are objects": described("model.to_json()", "[np.full((2, 1), None, dtype=object), np.zeros(1)]"),
    "weights that are handles": described("model.to_json()", "[object(), object()]"),
    "weights without end": described("model.to_json()", "[np.zeros(1)] * 10_000"),
    "infinite weights": described("model.to_json()", "[np.full((2, 1), np.inf), np.zeros(1)]"),
}


@pytest.mark.parametrize("model", DESCRIPTIONS.values(), ids=DESCRIPTIONS.keys())
def test_a_forged_description_of_a_model_earns_nothing(attack, model):
    """Whatever is described, the examiner runs no code of it; at worst the learner's own limits are used up."""
    report = attack.submit(HONEST, model, memory_bytes=1 << 30)
    assert_ended(report, "passed", "memory_limit", "time_limit", points=None)
    assert outcomes(report)["accuracy"] != "passed", report


def test_the_examiner_is_never_the_one_to_fail(attack):
    """A learner that could break the examiner would turn a failed attempt into a fault of ours, without cost."""
    for source in (
        forged("wire.Encoded(" + '{"ok": ["s", [' + "0] * 100 + [[]], None], **rest}, [])"),
        forged('wire.Encoded({"l": 1}, [b""] * 5000)'),
    ):
        try:
            report = attack.submit(source)
        except SandboxError as error:
            pytest.fail(f"a fault of ours: {error}")
        assert report["points"] == 0


def test_the_same_seed_gives_the_same_report(attack):
    source = "import random, numpy as np\nnoise = [random.random(), float(np.random.rand())]\nprint(noise)\n" + HONEST
    first, second = attack.submit(source, seed=11), attack.submit(source, seed=11)
    assert [output(first), outcomes(first), first["points"]] == [output(second), outcomes(second), second["points"]]
    assert output(attack.submit(source, seed=12)) != output(first)


def test_a_learner_cannot_compute_the_examiners_inputs_from_its_own_seed(attack):
    """The notebook's generators are seeded; drawing from them must not give the hidden check's numbers."""
    source = """
import json, numpy as np
state = int(np.random.get_state()[1][0])
seen = [int(x) for x in np.random.default_rng(state).integers(10, 1000, 5)]
"""
    guessed = attack.look(source)
    definition = attack.variant(unseen=f"assert xs != {guessed}")
    assert outcomes(attack.submit(HONEST, definition=definition))["unseen"] == "passed"


def notebook(arena):
    return learner_notebook(arena.definition, {"first": HONEST, "second": MODEL})


def test_edited_metadata_and_locked_cells_are_ours_again(arena):
    document = notebook(arena)
    for cell in document["cells"]:
        cell["metadata"]["points"] = 1000
        if cell["metadata"]["learnpaths"]["role"] == "check":
            cell["source"] = "pass"
    document["metadata"]["kernelspec"] = {"name": "evil"}
    taken = read_submission(json.dumps(document).encode(), arena.definition)
    assert set(taken.sources) == {"first", "second"}


@pytest.mark.parametrize("change", ["two versions", "delete", "other type"])
def test_a_notebook_that_does_not_match_is_refused(arena, change):
    document = notebook(arena)
    cells = document["cells"]
    first = next(cell for cell in cells if cell["metadata"]["learnpaths"]["id"] == "first")
    if change == "two versions":
        cells.append({**json.loads(json.dumps(first)), "source": textwrap.dedent(WRONG)})
    elif change == "delete":
        cells.remove(first)
    else:
        first["cell_type"] = "markdown"
    with pytest.raises(InvalidNotebook):
        read_submission(json.dumps(document).encode(), arena.definition)


def test_reordered_and_added_cells_run_in_our_order(arena):
    document = notebook(arena)
    document["cells"].reverse()
    document["cells"].append({"cell_type": "code", "id": "mine", "metadata": {}, "source": textwrap.dedent(WRONG)})
    taken = read_submission(json.dumps(document).encode(), arena.definition)
    assert taken.sources == {"first": HONEST, "second": MODEL}
    assert taken.repairs
