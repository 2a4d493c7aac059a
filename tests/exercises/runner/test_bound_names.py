"""The names that a piece of Python binds."""

import pytest

from exercises.runner import bound_names


def test_the_names_that_code_binds():
    source = "import a.b, c as d\nx, (y, *z) = 1\ndel q\n[k for k in r]\ndef f(u):\n    global g\n    g = v = u\nclass C: w = 1\nfor i in s: pass"
    assert bound_names.assigned(source) == {"a", "d", "x", "y", "z", "f", "g", "C", "i"}
    assert bound_names.assigned("x = 1\ndel x") == {"x"}
    assert bound_names.assigned("this is no code") == set()


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("if (n := 5) > 4: pass", {"n"}),
        ("with open('x') as file: pass", {"file"}),
        ("async def f(): pass", {"f"}),
        ("x = 1\ndel x\nx = 2", {"x"}),
        ("def f():\n    def g():\n        global deep\n        deep = 1", {"f", "deep"}),
        ("x.y = 1\nz[0] = 2", set()),
        ("print(a)", set()),
    ],
)
def test_each_way_of_binding(source, bound):
    assert bound_names.assigned(source) == bound
