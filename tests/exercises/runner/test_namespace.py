"""The globals of a check: its own names first, then Python's, then the notebook's."""

import pytest

from exercises.runner import faults

from .loop import define


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


def test_an_unknown_name_is_a_name_error(notebook):
    with pytest.raises(NameError, match="does not define 'nothing'"):
        notebook.check("nothing")


def test_a_name_of_a_check_that_did_not_finish_is_not_looked_up_in_the_notebook(notebook):
    define(notebook, "labels = [1, 2]")
    notebook.names.withhold("labels = compute()")
    with pytest.raises(faults.Unfinished):
        notebook.check("labels")


def test_as_a_mapping_it_is_the_notebook_with_the_checks_own_names(notebook):
    define(notebook, "f = 1\nimport math")
    notebook.check("mine = 5\nassert 'f' in globals() and 'mine' in globals() and 'nothing' not in globals()")
    notebook.check("assert 'np' not in globals()", hidden=False)
    assert sorted(notebook.names.keys()) == ["__builtins__", "f", "math", "mine"]
    assert notebook.names.get("f") == 1 and notebook.names.get("nothing", 7) == 7
    assert dict(notebook.names.items())["mine"] == 5 and len(notebook.names) == 4


def test_a_name_can_be_taken_out(notebook):
    define(notebook, "f = 1")
    notebook.check("mine = 5\nassert globals().pop('mine') == 5 and globals().pop('nothing', 0) == 0")
    notebook.check("del f")
    assert "f" not in notebook.notebook and "mine" not in dict.keys(notebook.names)


def test_no_arbitrary_name_can_be_taken_out(notebook):
    with pytest.raises(faults.WireError):
        notebook.check("globals().popitem()")


def test_a_function_of_the_notebook_is_not_replaced_behind_its_back(notebook):
    define(notebook, "def f():\n    return 1")
    with pytest.raises(faults.WireError, match="replaced f"):
        notebook.check("f()\nf = lambda: 2")


def test_the_learner_is_a_module(notebook):
    define(notebook, "f = 1")
    notebook.check(
        "import __main__\nassert __main__.f == 1 and learner['f'] == 1 and 'f' in learner and 'f' in dir(learner)"
    )
    notebook.check("assert getattr(learner, 'nothing', 3) == 3 and vars(learner)['f'] == 1")
    notebook.check("del learner.f\nassert not hasattr(learner, 'f')")
