"""What a check sees: its own names first, then Python's, then the notebook's; handles that cannot be compared."""

import numpy as np
import pytest

from exercises.runner import dialect, faults, namespace, rpc_client, rpc_server


class Loop:
    """The two sides of the wire in one process, without a jail between them."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.requests = 0
        self.server = rpc_server.RpcServer(notebook)
        self.client = rpc_client.RpcClient(self.call)
        own = {"__builtins__": dialect.builtins_for(self.client), "learner": namespace.Learner(self.client), "np": np}
        self.names = namespace.CheckNamespace(self.client, own | {"may_change": self.client.may_change})

    def call(self, request):
        self.requests += 1
        answer = self.server.answer(*request)
        return answer.tree, answer.buffers

    def check(self, source, hidden=False):
        """Run a check as the examiner does, in one namespace for all."""
        self.client.begin(is_hidden=hidden)
        try:
            exec(dialect.compile_check(source, "<check test>"), self.names)
        finally:
            if fault := self.client.take_fault():
                raise fault
        return self.names


@pytest.fixture
def notebook():
    return Loop({})


def define(loop, source):
    exec(source, loop.notebook)
    return loop


def test_it_works(notebook):
    define(notebook, "def double(x):\n    return 2 * x")
    notebook.check("assert double(21) == 42\nassert np.array_equal(double(np.arange(3)), [0, 2, 4])")


def test_names_inside_functions_of_a_check_resolve_too(notebook):
    define(notebook, "def double(x):\n    return 2 * x")
    notebook.check("def helper():\n    return [double(n) for n in (1, 2)]\nassert helper() == [2, 4]")


def test_builtins_are_never_the_learners(notebook):
    define(notebook, "def len(x):\n    return 99\ndef abs(x):\n    return 0")
    notebook.check("assert len([1]) == 1 and abs(-5) == 5")
    notebook.check("assert learner.len([1]) == 99")


def test_a_plain_assignment_stays_in_the_examiner(notebook):
    define(notebook, "accuracy = 1.0\nlabels = None")
    notebook.check("accuracy = 0.25\nlabels = [3, 1]\nassert accuracy == 0.25")
    assert notebook.notebook["accuracy"] == 1.0 and notebook.notebook["labels"] is None


def test_a_learners_name_can_be_set_on_purpose(notebook):
    notebook.check("learner.rate = 0.5\nlearner['steps'] = 3")
    assert notebook.notebook["rate"] == 0.5 and notebook.notebook["steps"] == 3


def test_whether_one_function_calls_another_can_be_checked(notebook):
    define(notebook, "def part(x):\n    return x\ndef whole(x):\n    return part(x)")
    notebook.check(
        "kept = part\ndel part\n"
        "try:\n    whole(1)\nexcept NameError:\n    pass\nelse:\n    raise AssertionError\n"
        "part = kept\nassert whole(1) == 1"
    )


def test_errors_of_the_notebook_arrive_as_their_built_in_type(notebook):
    define(notebook, "class Odd(ValueError):\n    pass\ndef refuse(x):\n    raise Odd('no')")
    notebook.check("try:\n    refuse(1)\nexcept ValueError as error:\n    assert 'Odd: no' in str(error)")


@pytest.mark.parametrize("raised", ["SystemExit()", "KeyboardInterrupt()", "AssertionError('x')", "StopIteration()", "BaseException()"])  # fmt: skip
def test_no_exception_of_the_notebook_can_steer_the_examiner(notebook, raised):
    define(notebook, f"def f():\n    raise {raised}")
    with pytest.raises(rpc_client.LearnerError):
        notebook.check("f()")


def test_an_unknown_name_is_a_name_error(notebook):
    with pytest.raises(NameError, match="does not define 'nothing'"):
        notebook.check("nothing")


class Liar:
    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "source", ["assert thing == 5", "assert thing", "assert not thing", "assert 5 == thing", "float(thing)", "np.mean(thing)", "thing < 1"]
)  # fmt: skip
def test_a_handle_cannot_be_used_as_a_value(notebook, source):
    notebook.notebook["thing"] = Liar()
    with pytest.raises((rpc_client.HandleMisuse, rpc_client.LearnerError)):
        notebook.check(source)


def test_handles_can_be_called_indexed_and_iterated(notebook):
    define(notebook, "class Bag:\n    n = 3\n    def __getitem__(self, k):\n        return k * 2\n    def __iter__(self):\n        return iter([1, 2])\n    def __len__(self):\n        return 2\nbag = Bag()")  # fmt: skip
    notebook.check("assert bag[4] == 8 and list(bag) == [1, 2] and len(bag) == 2 and bag.n == 3")


def test_the_examiners_objects_cannot_be_sent(notebook):
    define(notebook, "def f(x):\n    return x")
    with pytest.raises(faults.WireError, match="cannot be sent"):
        notebook.check("f(lambda: 1)")


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


def test_nothing_is_asked_after_a_fault(notebook):
    define(notebook, "thing = object()\ndef f():\n    return 1")
    with pytest.raises(faults.Fault):
        notebook.check("try:\n    thing == 1\nexcept:\n    f()")
    assert notebook.requests == 1


REST = {"also": [], "gone": [], "printed": ["", ""]}
FORGED = [
    None, [], 5, {}, {"ok": 1}, {"ok": ["h"], **REST}, {"ok": ["r", 1], **REST}, {"ok": ["l", [], -5], **REST}, {"ok": ["l", [], True], **REST},
    {"ok": ["n", "os", "system"], **REST}, {"ok": ["h", -1, "x", True], **REST}, {"error": ["ValueError"], **REST}, {"error": 1, **REST},
    {"ok": 1, **REST, "also": [["l", [], 3]]}, {"ok": 1, **REST, "also": [7]}, {"ok": 1, **REST, "printed": [1, 2]},
    {"ok": ["v", 1, 0, [1], [8], True], **REST}, {"error": ["ValueError", "x", None, ["h", "x"], None], **REST},
]  # fmt: skip


@pytest.mark.parametrize("answer", FORGED)
def test_forged_answers_are_errors(answer):
    client = rpc_client.RpcClient(lambda request: (answer, []))
    with pytest.raises(faults.WireError):
        client.ask("get", "x")


# --- objects that both sides have ------------------------------------------------------------------------------------


def sizes(loop, source, **options):
    """Run a check and return how many bytes each request and each answer carried."""
    seen = []

    def call(request):
        answer = loop.server.answer(*request)
        seen.append((sum(map(len, request.buffers)), sum(map(len, answer.buffers))))
        return answer.tree, answer.buffers

    loop.client._call = call
    loop.check(source, **options)
    return seen


def test_an_unchanged_array_does_not_come_back(notebook):
    define(notebook, "def f(a):\n    return len(a)\ndef g(a):\n    return a")
    assert (
        max(back for _, back in sizes(notebook, "big = np.zeros(10**6)\nassert f(big) == 10**6\nassert g(big) is big"))
        == 0
    )


def test_an_array_that_the_notebook_keeps_is_sent_once(notebook):
    define(notebook, "kept = []\ndef f(a):\n    kept.append(a)")
    sent = sizes(notebook, "big = np.zeros(10**6)\nf(big)\nf(big)\nf(big)")
    assert sum(there for there, _ in sent) < 9 * 10**6


def test_the_notebooks_own_array_does_not_go_back(notebook):
    notebook.notebook["big"] = np.zeros(10**6)
    define(notebook, "def f(a):\n    return a is big")
    assert sum(there for there, _ in sizes(notebook, "assert f(big)")) == 0


def test_neither_side_keeps_what_nobody_uses(notebook):
    define(notebook, "import numpy\ndef f(a):\n    return [[1], {2: [3]}, numpy.ones(5), object()]")
    notebook.check("for n in range(50):\n    r = f([n, [n], {'a': np.ones(3)}])\nr = None\nf(1)")
    assert len(notebook.server._table) < 8 and len(notebook.client._table) < 8


def test_a_loop_of_objects_has_no_limit(notebook):
    define(notebook, "def f():\n    return object()")
    notebook.check("for n in range(2000):\n    f()")
    assert len(notebook.server._table) < 8


def test_a_change_of_a_check_that_the_notebook_cannot_see_is_a_fault(notebook):
    define(notebook, "held = [1]\ndef f():\n    return len(held)")
    notebook.check("held.append(2)\nassert learner.held == [1, 2]")
    with pytest.raises(faults.WireError, match="changed a list in place"):
        notebook.check("held.append(2)\nf()")


def test_a_change_of_a_check_is_sent_with_the_object(notebook):
    define(notebook, "held = [1]\ndef f(x):\n    return x is held and held == [1, 2]")
    notebook.check("mine = held\nmine.append(2)\nassert f(mine)")


def test_a_change_at_the_end_of_a_check_is_no_fault_of_the_next(notebook):
    notebook.notebook["held"] = [1]
    notebook.check("mine = held\nmine.append(2)")
    notebook.check("assert held == [1]")


def test_a_fault_leaves_the_next_check_whole(notebook):
    define(notebook, "held = [1]\ndef f(x):\n    return x")
    with pytest.raises(faults.Fault):
        notebook.check("keep = held\nf([1, [2], lambda: 1])")
    notebook.check("assert f([1, [2]]) == [1, [2]] and held == [1]")


@pytest.mark.parametrize("form", ["v", "(v,)", "{'a': [v]}"])
def test_a_hidden_check_that_allows_a_change(notebook, form):
    define(
        notebook,
        "def f(x):\n    x = x['a'] if isinstance(x, dict) else x\n    x = x[0] if type(x[0]) is list else x\n    x.append(1)",
    )
    notebook.check(f"v = []\nf(may_change({form if form != 'v' else '[v]'}))\nassert v == [1]", hidden=True)


def test_what_a_public_check_left_is_no_matter_of_a_hidden_one(notebook):
    define(notebook, "log = []\ndef f():\n    log.append(1)\n    return len(log)")
    notebook.check("seen = log\nf()\nassert seen == [1]")
    notebook.check("assert f() == 2", hidden=True)


def test_a_hostile_answer_changes_nothing_that_it_does_not_name(notebook):
    """A definition inside an answer must be new; only `also` changes what is known, and a hidden check looks at that."""
    define(notebook, "kept = []\ndef f(a):\n    kept.append(a)")
    notebook.check("mine = [1]\nf(mine)")
    number = next(iter(notebook.client._table._entries))
    notebook.client._call = lambda request: (
        {"ok": ["l", [["l", [5], number]], 99], "also": [], "gone": [], "printed": ["", ""]},
        [],
    )
    with pytest.raises(faults.WireError):
        notebook.check("learner.anything")
    assert notebook.names["mine"] == [1]
