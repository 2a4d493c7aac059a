"""Handles answer for the learner's object or not at all."""

import pytest

from exercises.runner import faults, handles, rpc_client

from .loop import define


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


OBJECTS = """
class Vector:
    def __init__(self, x):
        self.x = x
    def __add__(self, other):
        return Vector(self.x + getattr(other, "x", other))
    __radd__ = __add__
    def __abs__(self):
        return 0.0
    def __enter__(self):
        return self.x
    def __exit__(self, *error):
        return self.x == 99
    def __format__(self, form):
        return f"<{self.x}{form}>"
class Bag:
    def __iter__(self):
        return iter([1, 2])
one, two, swallowing, bag = Vector(1), Vector(2), Vector(99), Bag()
"""


@pytest.fixture
def objects(notebook):
    return define(notebook, OBJECTS)


@pytest.mark.parametrize(
    "source",
    [
        "assert (one + two).x == 3",
        "one.x = 5\nassert one.x == 5\ndel one.x\nassert not hasattr(one, 'x')",
        "assert f'{one:!}' == '<1!>'",
        "assert 2 in bag and 3 not in bag and sorted(bag) == [1, 2]",
        "with two as x:\n    assert x == 2",
        "assert 'x' in dir(one) and hash(one) == hash(one) and {one: 1}[one] == 1",
        "import copy\nassert copy.copy(one) is not one and copy.deepcopy(one).x == 1",
    ],
)
def test_what_is_asked_is_asked_of_the_object(objects, source):
    objects.check(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("abs(one + 1)", "computed with"),
        ("float(one + 1)", "computed with"),
        ("(one + 1).sum", "asked the result for its sum"),
        ("one.__array_interface__", "asked .* for its __array_interface__"),
        ("np.sin(one)", "used .* in sin"),
        ("import os\nos.fspath(one)", "as if it were a value .__fspath__"),
        ("with swallowing:\n    raise ValueError", "let .* swallow an error"),
    ],
)
def test_what_would_let_the_object_decide_is_a_fault(objects, source, words):
    with pytest.raises(faults.HandleMisuse, match=words):
        objects.check(source)


def test_the_attributes_of_a_result_that_numbers_do_not_have_can_be_asked_for(objects):
    objects.check("assert (one + 1).x == 2")


def test_a_handle_knows_its_type_without_asking(objects):
    objects.check("mine = one")
    requests = objects.requests
    assert handles.kind_of(objects.names["mine"]) == "Vector" and handles.number_of(objects.names["mine"]) > 0
    assert handles.is_handle(objects.names["mine"]) and not handles.is_handle(5)
    assert objects.requests == requests


def test_the_same_object_has_one_handle(objects):
    objects.check("keep = [one, learner.one]\nassert keep[0] is keep[1]")


def test_a_kind_of_a_plain_value_is_fetched_once_until_something_may_change(notebook):
    define(notebook, "import collections\ncounts = collections.Counter('aab')")
    notebook.check("mine = counts")
    requests = notebook.requests
    notebook.check("assert mine['a'] == 2 and len(mine) == 2 and mine == {'a': 2, 'b': 1}")
    assert notebook.requests == requests + 1
