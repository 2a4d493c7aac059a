"""Mistakes: a check that right work passes and wrong work does not, in Python, says the same in the examiner."""

from dataclasses import replace

import pytest

from tests.exercises.attacks import mistakes
from tests.exercises.attacks.conftest import message, outcomes
from tests.exercises.attacks.mistakes import HOLDER, PLAIN, Row

pytestmark = [pytest.mark.jail, pytest.mark.timeout(300)]
HONEST = "def square(x):\n    return x * x\n"
LONG = {"wall_seconds": 120, "cpu_seconds": 120, "memory_bytes": 2**30}
ROWS = {
    f"{group}: {name}": row
    for group in ("ARGUMENTS", "IDENTITY", "REFUSALS", "QUESTIONS", "NAMES", "VALUES")
    for name, row in ((f"{number} {name}", row) for number, (name, row) in enumerate(getattr(mistakes, group).items()))
}


def grade(arena, work, checks, *, hidden=False):
    """Return the outcome and message of each check."""
    definition = arena.checking(checks)
    if hidden:
        definition = replace(definition, checks=tuple(replace(check, hidden=True) for check in definition.checks))
    report = arena.submit(HONEST + work, definition=replace(definition, pass_percent=1), **LONG)
    assert set(outcomes(report).values()) <= {"passed", "failed", "error"}, report["cells"]
    return {name: (outcome, message(report, name)) for name, outcome in outcomes(report).items()}


@pytest.fixture(scope="module")
def graded(arena):
    """Two runs with all rows: right work, wrong work."""
    right, wrong, checks = mistakes.gather(ROWS)
    return grade(arena, right, checks), grade(arena, wrong, checks)


@pytest.mark.parametrize("name", ROWS)
def test_right_work_passes_and_wrong_work_does_not(graded, name):
    right, wrong = graded[0][name], graded[1][name]
    assert right[0] == "passed", right
    assert wrong[0] != "passed"


FAULTS = {
    "compares an object": "assert thing == 5",
    "compares an object the other way round": "assert 5 != thing",
    "orders objects": "sorted([thing, thing])",
    "looks for an object": "assert thing in [1, 2]",
    "takes an object for true": "assert thing",
    "takes an object for false": "assert not thing",
    "asks an object whether it equals": "assert thing.__eq__(5)",
    "takes an object for an array": "np.asarray(thing)",
    "averages an object": "np.mean(thing)",
    "reads the memory of an object": "np.asarray(address)",
    "pickles an object": "import pickle\npickle.dumps(thing)",
    "joins an object to texts": "''.join([thing])",
    "writes an object as JSON": "import json\njson.dumps(thing)",
    "opens an object": "open(thing)",
    "waits for an object": "async def wait(): return await thing\nwait().send(None)",
    "derives from a class of the notebook": "class Mine(Thing): pass",
    "sends a function": "echo(lambda: 1)",
    "sends a generator of numbers": "echo(np.random.default_rng(1))",
    "sends a long number": "echo(1 << 5000)",
    "sends what holds a function": "echo([1, {'a': lambda: 1}])",
    "changes the shape of an argument": "a = np.zeros(4)\nshorten(a)",
    "changes what the notebook holds": "held.append(1)\necho(2)",
    "replaces a function of the notebook": "echo(1)\nglobals()['echo'] = lambda x: 5",
}
SWALLOWS = {
    "nothing": "{}",
    "a TypeError": "try:\n{}\nexcept TypeError:\n    pass",
    "a ValueError": "try:\n{}\nexcept ValueError:\n    pass",
    "an Exception": "try:\n{}\nexcept Exception:\n    pass",
    "all": "try:\n{}\nexcept:\n    pass",
    "a BaseException": "try:\n{}\nexcept BaseException:\n    pass",
    "by returning": "def swallow():\n    try:\n{}\n    finally:\n        return 1\nswallow()",
    "by a context": "import contextlib\nwith contextlib.suppress(BaseException):\n{}",
    "by a test": "import unittest\nwith unittest.TestCase().assertRaises((TypeError, ValueError, AttributeError)):\n{}",
}
FAULTY_WORK = PLAIN + (
    "import numpy as np\nclass Address:\n    __array_interface__ = {'data': (4096, True), 'shape': (3,), 'typestr': '<f8', 'version': 3}\n"
    "address = Address()\nheld = []\ndef echo(x): return x\ndef shorten(a): a.resize((2,), refcheck=False)\n"
)


def within(frame, code):
    """Put the code into the frame, deep enough for all of them."""
    indent = "" if frame == "{}" else "        "
    return frame.format("\n".join(indent + line for line in code.splitlines()))


@pytest.fixture(scope="module")
def faulty(arena):
    """One run with every fault in every frame."""
    checks = {
        f"{fault} / {swallow}": within(frame, code)
        for fault, code in FAULTS.items()
        for swallow, frame in SWALLOWS.items()
    }
    return grade(arena, FAULTY_WORK, checks)


@pytest.mark.parametrize("swallow", SWALLOWS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_check_is_an_error_whatever_catches_it(faulty, fault, swallow):
    outcome, text = faulty[f"{fault} / {swallow}"]
    assert outcome == "error", text


HIDDEN = {
    "it changes what a check decides with": Row("def f(truth, said): return 1.0", "def f(truth, said):\n    truth[:] = said\n    return 1.0", "truth, said = np.ones(3), np.zeros(3)\nf(truth, said)\nassert truth.mean() == 1"),
    "it makes its input easy": Row("def f(x): return [n * n for n in x]", "def f(x):\n    x.clear()\n    return []", "v = [1, 2]\nassert f(v) == [n * n for n in v]"),
    "it corrects an answer afterwards": Row("said = []\ndef f(x): return [0]\ndef g(truth): return 0", "said = [0]\ndef f(x): return said\ndef g(truth): said[0] = truth", "answer = f(1)\ng(5)\nassert answer == [0] or answer == [5]"),
    "it changes an argument that it kept": Row(HOLDER.format("list(values)"), HOLDER.format("values"), "v = [2, 1]\nHolder(v).sort()\nassert len(v) == 2"),
    "it may change this one": Row("def f(x): x.sort()", "def f(x): return sorted(x)", "v = [2, 1]\nf(may_change(v))\nassert v == [1, 2]"),
}  # fmt: skip


@pytest.fixture(scope="module")
def hidden(arena):
    """Two runs with all hidden rows: right work, wrong work."""
    right, wrong, checks = mistakes.gather(HIDDEN)
    return grade(arena, right, checks, hidden=True), grade(arena, wrong, checks, hidden=True)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_hidden_check_decides_with_is_not_the_learners_to_change(hidden, name):
    assert hidden[0][name][0] == "passed"
    assert hidden[1][name][0] == "failed"


TABLES = """
made = {
    "numbers": pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": np.array([1, 2], "int8"), "d": [True, False]}),
    "objects": pd.DataFrame({"a": [1, "1", None, "None", True, "True", 1.0, np.nan, b"1", (1, 2), np.int64(1), pd.NA, pd.NaT]}, dtype=object),
    "texts": pd.DataFrame({"a": ["x", None, ""]}),
    "labels": pd.DataFrame([[1, 2, 3, 4]], columns=[1, "1", None, (1, 2)], index=["row"]),
    "twice": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "dates": pd.DataFrame({"a": pd.to_datetime(["2020-01-01", None])}, index=pd.date_range("2020", periods=2, name="day")),
    "times": pd.DataFrame({"a": pd.to_timedelta([1, 2], "s")}),
    "missing": pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean"), "c": pd.array(["x", None], dtype="string")}),
    "categories": pd.DataFrame({"a": pd.Categorical(["b", None], ["a", "b"], ordered=True)}),
    "no rows": pd.DataFrame({"a": np.array([], "float32"), "b": np.array([], object)}),
    "no columns": pd.DataFrame(index=[3, 4]),
    "nothing": pd.DataFrame(),
    "a step": pd.DataFrame({"a": [1, 2]}, index=pd.RangeIndex(4, 8, 2, name="n")),
    "a series": pd.DataFrame({0: pd.Series([1, 2])}),
}
for name, table in made.items():
    back = echo(table)
    assert back is not table, name
    pd.testing.assert_frame_equal(back, table, check_freq=True, obj=name)
    assert back.equals(table), name
    cells = lambda frame: [[type(cell) for cell in frame.iloc[:, at]] for at in range(frame.shape[1])]
    assert cells(back) == cells(table) and list(map(type, back.columns)) == list(map(type, table.columns)), name
    assert type(back.index) is type(table.index) and back.index.names == table.index.names, name
    pd.testing.assert_frame_equal(learner.echo(table), table)
for series in (pd.Series([1, "1"], name=1), pd.Series(["a"], name="1", index=[0.5]), pd.Series([], dtype=object), pd.Series([1.5], name=None)):
    pd.testing.assert_series_equal(echo(series), series)
    assert type(echo(series).name) is type(series.name)
"""
KEPT = """
import numpy as np, pandas as pd
odd = [pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])), pd.DataFrame({"a": [object()]}), pd.Series(pd.period_range("2020", periods=1))]
odd.append(pd.DataFrame({"a": [1]}))
odd[-1].attrs["unit"] = "m"
def echo(table): return table.copy()
"""
STAYS = """
assert all(type(odd_) is pd.DataFrame or type(odd_) is pd.Series for odd_ in odd)
assert odd[0].shape == (1, 1) and odd[3].attrs == {"unit": "m"}
"""


def test_tables_arrive_as_they_were_or_not_at_all(arena):
    seen = grade(arena, KEPT, {"tables": TABLES, "odd ones": STAYS})
    assert {name: outcome for name, (outcome, _) in seen.items()} == {"tables": "passed", "odd ones": "passed"}, seen
