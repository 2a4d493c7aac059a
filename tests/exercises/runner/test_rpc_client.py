"""What crosses in a remote call, and what both sides know of it afterwards."""

import numpy as np
import pytest

from exercises.runner import faults, rpc_client

from .loop import define


def test_it_works(notebook):
    define(notebook, "def double(x):\n    return 2 * x")
    notebook.check("assert double(21) == 42\nassert np.array_equal(double(np.arange(3)), [0, 2, 4])")


def test_errors_of_the_notebook_arrive_as_their_built_in_type(notebook):
    define(notebook, "class Odd(ValueError):\n    pass\ndef refuse(x):\n    raise Odd('no')")
    notebook.check("try:\n    refuse(1)\nexcept ValueError as error:\n    assert 'Odd: no' in str(error)")


@pytest.mark.parametrize("raised", ["SystemExit()", "KeyboardInterrupt()", "AssertionError('x')", "StopIteration()", "BaseException()"])  # fmt: skip
def test_no_exception_of_the_notebook_can_steer_the_examiner(notebook, raised):
    define(notebook, f"def f():\n    raise {raised}")
    with pytest.raises(rpc_client.LearnerError):
        notebook.check("f()")


def test_the_examiners_objects_cannot_be_sent(notebook):
    define(notebook, "def f(x):\n    return x")
    with pytest.raises(faults.WireError, match="cannot be sent"):
        notebook.check("f(lambda: 1)")


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
