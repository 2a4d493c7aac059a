"""Python as a check speaks it: syntax and builtins ask the notebook about its objects."""

import pytest

from exercises.runner import dialect, faults, rpc_client

from .loop import define

SWALLOWED = {
    "a bare except": "try:\n    {}\nexcept:\n    pass",
    "BaseException": "try:\n    {}\nexcept BaseException:\n    pass",
    "finally and return": "def swallow():\n    try:\n        {}\n    finally:\n        return 1\nswallow()",
    "suppress": "import contextlib\nwith contextlib.suppress(BaseException):\n    {}",
    "a thread": "import threading\nthread = threading.Thread(target=lambda: {})\nthreading.excepthook = lambda _: None\nthread.start()\nthread.join()",
}


MISUSES = ["thing == 5", "bool(thing)", "f(lambda: 1)", "f(object())", "np.mean(thing)", "f(1 << 5000)"]


@pytest.mark.parametrize("misuse", MISUSES)
@pytest.mark.parametrize("swallow", SWALLOWED.values(), ids=SWALLOWED.keys())
def test_a_fault_is_remembered_whatever_swallows_it(notebook, swallow, misuse):
    define(notebook, "def f(x):\n    return x\nclass Thing:\n    pass\nthing = Thing()")
    with pytest.raises(faults.Fault):
        notebook.check(swallow.format(misuse))


@pytest.mark.parametrize("misuse", MISUSES)
@pytest.mark.parametrize("caught", ["TypeError", "ValueError", "Exception", "(TypeError, ValueError, ArithmeticError)"])
def test_no_except_of_a_check_takes_a_fault_for_a_refusal(notebook, misuse, caught):
    define(notebook, "def f(x):\n    return x\nclass Thing:\n    pass\nthing = Thing()")
    with pytest.raises(faults.Fault):
        notebook.check(f"try:\n    {misuse}\nexcept {caught}:\n    pass")


CLASSES = """
class Base: pass
class Sub(Base): pass
class Odd(ValueError): pass
class Stranger(Exception): pass
thing, other = Sub(), Sub()
def refuse(kind=Odd):
    raise kind("no")
"""


@pytest.fixture
def classes(notebook):
    return define(notebook, CLASSES)


@pytest.mark.parametrize(
    "source",
    [
        "assert type(thing) is Sub and thing.__class__ is Sub and type(thing).__name__ == 'Sub'",
        "assert isinstance(thing, Base) and not isinstance(thing, (int, Odd)) and isinstance(5, int | str)",
        "assert issubclass(Sub, Base) and not issubclass(Base, Sub) and issubclass(bool, int)",
        "assert thing is thing and thing is not other and thing is not None and id(thing) != id(other)",
        "try:\n    refuse()\nexcept Odd as error:\n    assert isinstance(error, ValueError) and type(error) is Odd",
        "try:\n    refuse()\nexcept (KeyError, ValueError):\n    pass",
        "try:\n    refuse()\nexcept (Stranger, KeyError):\n    assert False\nexcept Exception:\n    pass",
        "assert type(5) is int and type == type and type('X', (), {}).__name__ == 'X' and isinstance(int, type)",
        "assert eval('isinstance(thing, Base)') and eval('a + 1', {'a': 1}) == 2",
        "exec('made = type(thing) is Sub')\nassert made",
        "def define():\n    global late\n    late = 5\ndefine()\nassert late == 5",
        "assert [x for x in (1, 2) if x is not None] == [1, 2]",
        "def swallow():\n    try:\n        return 1\n    finally:\n        pass\nassert swallow() == 1",
    ],
)
def test_what_a_check_may_say(classes, source):
    classes.check(source)


def test_an_error_of_another_class_passes_by(classes):
    with pytest.raises(rpc_client.LearnerError):
        classes.check("try:\n    refuse(Stranger)\nexcept Odd:\n    pass")


def test_a_global_name_that_holds_an_object_reaches_the_notebook(classes):
    classes.check("def replace():\n    global thing\n    thing = other\nreplace()")
    assert classes.notebook["thing"] is classes.notebook["other"]


def test_the_identity_of_what_is_copied_is_no_answer(notebook):
    define(notebook, "pair = (1, 2)")
    with pytest.raises(faults.HandleMisuse, match="the very same"):
        notebook.check("mine = (1, 2)\nassert pair is mine")


def test_code_that_is_none_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        dialect.compile_check("assert", "<check>")


def test_the_builtins_have_no_name_of_a_module():
    builtins = dialect.builtins_for(None)
    assert "__name__" not in builtins and builtins["len"] is len
