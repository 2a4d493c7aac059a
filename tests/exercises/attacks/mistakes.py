"""Checks as people write them, each with right and wrong work: what Python would answer is what the examiner must answer.

The names that a row's work defines are its own: `gather` gives them the row's number, so that all rows fit into one notebook.
"""

import ast
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A check, work that it must pass and work that it must not."""

    right: str
    wrong: str
    check: str


def gather(rows: dict[str, Row]) -> tuple[str, str, dict[str, str]]:
    """Return one notebook of right work, one of wrong work, and the checks by name."""
    right, wrong, checks = [], [], {}
    for number, (name, row) in enumerate(rows.items()):
        own = _names(row.right) | _names(row.wrong)
        rename = re.compile(rf"\b({'|'.join(own)})\b") if own else re.compile("(?!())")
        good, bad, check = (rename.sub(rf"\1_{number}", code) for code in (row.right, row.wrong, row.check))
        right.append(good)
        wrong.append(bad)
        checks[name] = check
    return "\n".join(right), "\n".join(wrong), checks


def _names(code: str) -> set[str]:
    """The names that the top level of this code defines, modules left out."""
    found = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


HOLDER = "class Holder:\n    def __init__(self, values):\n        self.values = {}\n    def sort(self):\n        self.values.sort()\n"
ACCOUNT = (
    "class Account:\n    def __init__(self):\n        self.entries = []\n    def add(self, x):\n        self.entries.append(x)\n"
    "    def count(self):\n        return len(self.entries)\n    def history(self):\n        return {}\naccount = Account()\n"
)
PLAIN = "class Thing:\n    pass\nthing = Thing()\n"
COMPLAIN = "\nelse:\n    raise AssertionError('nothing was raised')"

ARGUMENTS = {
    "a list is sorted in place": Row("def f(x): x.sort()", "def f(x): return sorted(x)", "v = [3, 1, 2]\nf(v)\nassert v == [1, 2, 3]"),
    "a list is not changed": Row("def f(x): return sorted(x)", "def f(x):\n    x.sort()\n    return x", "v = [3, 1, 2]\nassert f(v) == [1, 2, 3]\nassert v == [3, 1, 2]"),
    "a list is shortened and something returned": Row("def f(x): return x.pop()", "def f(x): return x[-1]", "v = [1, 2]\nassert f(v) == 2 and v == [1]"),
    "a dict is filled": Row("def f(d): d['k'] = 1", "def f(d): return {**d, 'k': 1}", "d = {}\nf(d)\nassert d == {'k': 1}"),
    "the order of a dict is changed": Row("def f(d): d['a'] = d.pop('a')", "def f(d): return d", "d = {'a': 1, 'b': 2}\nf(d)\nassert list(d) == ['b', 'a']"),
    "a set is filled": Row("def f(s): s.add(1)", "def f(s): return s | {1}", "s = set()\nf(s)\nassert s == {1}"),
    "bytes are changed": Row("def f(b): b[0] = 1", "def f(b): return bytes([1])", "b = bytearray(b'a')\nf(b)\nassert b == b'\\x01'"),
    "an array is filled": Row("def f(a): a[:] = 0", "def f(a): return a * 0", "a = np.ones(3)\nf(a)\nassert a.tolist() == [0, 0, 0]"),
    "an array is not changed": Row("def f(a): return a - a.mean()", "def f(a):\n    a -= a.mean()\n    return a", "a = np.array([1., 3.])\nf(a)\nassert a.tolist() == [1, 3]"),
    "an array in Fortran's order": Row("def f(a): a[0, 1] = 9", "def f(a): return a", "a = np.asfortranarray(np.zeros((2, 3)))\nf(a)\nassert a[0, 1] == 9"),
    "every other value of an array": Row("def f(a): a[0] = 9", "def f(a): return a", "whole = np.zeros(6)\nf(whole[::2])\nassert whole.tolist() == [9, 0, 0, 0, 0, 0]"),
    "an array of objects": Row("def f(a): a[0] = 'z'", "def f(a): return a", "a = np.array(['a', None, 1], object)\nf(a)\nassert a.tolist() == ['z', None, 1]"),
    "an array of no dimension": Row("def f(a): a[()] = 2", "def f(a): return a", "a = np.array(1)\nf(a)\nassert a == 2"),
    "dates in an array": Row("import numpy as np\ndef f(a): a[0] = np.datetime64('2020-01-01')", "def f(a): return a", "a = np.array(['2019-01-01'], 'M8[D]')\nf(a)\nassert str(a[0]) == '2020-01-01'"),
    "an array that cannot be written to": Row("def f(a):\n    try:\n        a[0] = 1\n    except ValueError:\n        return 'refused'", "def f(a): return 1", "a = np.zeros(3)\na.flags.writeable = False\nassert f(a) == 'refused'"),
    "a column is added": Row("def f(d): d['n'] = d['a'] * 2", "def f(d): return d.assign(n=d['a'] * 2)", "d = pd.DataFrame({'a': [1, 2]})\nf(d)\nassert list(d.n) == [2, 4]"),
    "a column is not added": Row("def f(d): return d.assign(n=1)", "def f(d):\n    d['n'] = 1\n    return d", "d = pd.DataFrame({'a': [1, 2]})\nassert list(f(d).columns) == ['a', 'n']\nassert list(d.columns) == ['a']"),
    "rows are dropped in place": Row("def f(d): d.drop(index=[0], inplace=True)", "def f(d): return d.drop(index=[0])", "d = pd.DataFrame({'a': [1, 2]})\nf(d)\nassert list(d.index) == [1]"),
    "a value of a Series": Row("def f(s): s.iloc[0] = 9", "def f(s): return s", "s = pd.Series([1, 2], name='q')\nf(s)\nassert s.iloc[0] == 9 and s.name == 'q'"),
    "lists in lists": Row("def f(g): g[0][0] = 5", "def f(g):\n    g = [row[:] for row in g]\n    g[0][0] = 5", "g = [[0], [0]]\nf(g)\nassert g == [[5], [0]]"),
    "an array in a dict in a tuple": Row("def f(t): t[0]['a'][0] = 7", "def f(t): return t", "a = np.zeros(2)\nf(({'a': a},))\nassert a[0] == 7"),
    "an argument by name": Row("def f(*, x): x.append(1)", "def f(*, x): return [*x, 1]", "v = []\nf(x=v)\nassert v == [1]"),
    "an argument of a method": Row("class A:\n    def f(self, x): x.append(1)\na = A()", "class A:\n    def f(self, x): return [*x, 1]\na = A()", "v = []\na.f(v)\nassert v == [1]"),
    "an argument kept and changed later": Row(HOLDER.format("list(values)"), HOLDER.format("values"), "v = [2, 1]\nh = Holder(v)\nh.sort()\nassert v == [2, 1]"),
    "an argument of a function that raises": Row("def f(x):\n    x.append(1)\n    raise ValueError", "def f(x): raise ValueError", "v = []\ntry:\n    f(v)\nexcept ValueError:\n    pass\nassert v == [1]"),
    "one object as two arguments": Row("def f(a, b): return a is b", "def f(a, b): return False", "v = [1]\nassert f(v, v) and not f(v, [1])"),
    "a view as a second argument": Row("def f(a, b): b[0] = 7", "def f(a, b): return b", "a = np.zeros(4)\nf(a, a[1:])\nassert a[1] == 7"),
    "a list that holds itself": Row("def f(x): return x[0] is x", "def f(x): return False", "v = []\nv.append(v)\nassert f(v)"),
    "a list of the notebook's, not changed": Row("data = [3, 1]\ndef f(x): return sorted(x)", "data = [3, 1]\ndef f(x):\n    x.sort()\n    return x", "before = list(data)\nf(data)\nassert data == before"),
    "a variable of TensorFlow": Row("import tensorflow as tf\nv = tf.Variable(1.)\ndef f(w): w.assign_add(1.)", "import tensorflow as tf\nv = tf.Variable(1.)\ndef f(w): return w + 1.", "before = float(v)\nf(v)\nassert float(v) == before + 1"),
}  # fmt: skip

IDENTITY = {
    "the result is another list": Row("def f(x): return sorted(x)", "def f(x):\n    x.sort()\n    return x", "v = [1, 2]\nassert f(v) is not v"),
    "the result is the list itself": Row("def f(x):\n    x.sort()\n    return x", "def f(x): return sorted(x)", "v = [2, 1]\nassert f(v) is v"),
    "a copy of the notebook's list": Row("data = [1, 2]\ndef f(x): return list(x)", "data = [1, 2]\ndef f(x): return x", "assert f(data) is not data and f(data) == data"),
    "a copy of a table": Row("def f(d): return d.copy()", "def f(d): return d", "d = pd.DataFrame({'a': [1]})\nassert f(d) is not d and f(d).equals(d)"),
    "a deep copy": Row("import copy\ndef f(x): return copy.deepcopy(x)", "def f(x): return list(x)", "v = [[1]]\nassert f(v)[0] is not v[0]"),
    "no view of the argument": Row("def f(a): return a[1:].copy()", "def f(a): return a[1:]", "a = np.arange(4.)\nr = f(a)\nr[0] = 9\nassert a[1] == 1"),
    "no transposed view": Row("def f(a): return a.T.copy()", "def f(a): return a.T", "a = np.arange(6.).reshape(2, 3)\nr = f(a)\nr[0, 1] = 9\nassert a[1, 0] == 3"),
    "no shared memory": Row("def f(a): return a.reshape(2, 2).copy()", "def f(a): return a.reshape(2, 2)", "a = np.arange(4.)\nassert not np.shares_memory(f(a), a)"),
    "no base": Row("def f(a): return a[:2].copy()", "def f(a): return a[:2]", "a = np.arange(4.)\nassert f(a).base is not a"),
    "rows of a grid are apart": Row("def f(): return [[0] * 2 for _ in range(2)]", "def f(): return [[0] * 2] * 2", "g = f()\ng[0][0] = 1\nassert g[1][0] == 0"),
    "no default value that stays": Row("def f(x, kept=None):\n    kept = kept or []\n    kept.append(x)\n    return kept", "def f(x, kept=[]):\n    kept.append(x)\n    return kept", "a = f(1)\nb = f(2)\nassert a == [1] and b == [2]"),
    "a history that is a copy": Row(ACCOUNT.format("list(self.entries)"), ACCOUNT.format("self.entries"), "h = account.history()\naccount.add(1)\nassert h == []"),
    "a history that others cannot change": Row(ACCOUNT.format("list(self.entries)"), ACCOUNT.format("self.entries"), "account.history().append(1)\nassert account.count() == 0"),
    "a list that grows": Row("log = []\ndef f(x): log.append(x)", "log = []\ndef f(x): pass", "seen = log\nf(1)\nassert seen == [1]"),
    "an object is the same": Row("class A: pass\na = A()\nb = a", "class A: pass\na = A()\nb = A()", "assert a is b and id(a) == id(b)"),
    "a method returns its object": Row("class A:\n    def f(self): return self\na = A()", "class A:\n    def f(self): return A()\na = A()", "assert a.f() is a"),
    "no other name of a builtin": Row("def f(x): return sorted(x)[-1]", "f = max", "assert f is not max"),
    "in place by an operator": Row("class A:\n    n = 0\n    def __iadd__(self, x):\n        self.n += x\n        return self\na = A()", "class A:\n    n = 0\n    def __add__(self, x):\n        return A()\na = A()", "b = a\nb += 3\nassert b is a and b.n == 3"),
}  # fmt: skip

REFUSALS = {
    "adding is refused": Row(PLAIN, "class Thing:\n    def __add__(self, other): return 1\nthing = Thing()", "try:\n    thing + 5\nexcept TypeError:\n    pass" + COMPLAIN),
    "adding is refused, by a context": Row(PLAIN, "class Thing:\n    def __radd__(self, other): return 1\nthing = Thing()", "import unittest\nwith unittest.TestCase().assertRaises(TypeError):\n    5 + thing"),
    "an argument is refused": Row("def f(x):\n    if x < 0: raise ValueError('negative')", "def f(x): return x", "try:\n    f(-1)\nexcept ValueError as error:\n    assert str(error) == 'negative' and error.args == ('negative',)" + COMPLAIN),
    "an argument is refused, by a call": Row("def f(x): raise TypeError", "def f(x): return x", "import unittest\nunittest.TestCase().assertRaises(TypeError, f, 1)"),
    "an error of the notebook's own": Row("class Odd(Exception): pass\ndef f(): raise Odd('no')", "class Odd(Exception): pass\ndef f(): raise ValueError('no')", "try:\n    f()\nexcept Odd:\n    pass" + COMPLAIN),
    "the attributes of an error": Row("class Odd(ValueError):\n    def __init__(self, code): self.code = code\ndef f(): raise Odd(4)", "class Odd(ValueError):\n    def __init__(self, code): self.code = 5\ndef f(): raise Odd(4)", "try:\n    f()\nexcept ValueError as error:\n    assert error.code == 4 and type(error).__name__ == 'Odd'" + COMPLAIN),
    "a missing key": Row("def f(): raise KeyError('k')", "def f(): raise KeyError('j')", "try:\n    f()\nexcept KeyError as error:\n    assert str(error) == repr('k')" + COMPLAIN),
    "an object without length": Row(PLAIN, "class Thing:\n    def __len__(self): return 3\nthing = Thing()", "try:\n    len(thing)\nexcept TypeError:\n    pass" + COMPLAIN),
    "an object that is no sequence": Row(PLAIN, "class Thing:\n    def __getitem__(self, at): return 3\nthing = Thing()", "for action in (lambda: thing[0], lambda: iter(thing), lambda: 3 in thing):\n    try:\n        action()\n    except TypeError:\n        continue\n    raise AssertionError"),
    "an attribute that cannot be deleted": Row("class A:\n    def __delattr__(self, name): raise AttributeError(name)\na = A()", "class A: pass\na = A()\na.x = 1", "try:\n    del a.x\nexcept AttributeError:\n    pass" + COMPLAIN),
    "an unhashable object": Row("class A:\n    __hash__ = None\na = A()", "class A: pass\na = A()", "try:\n    hash(a)\nexcept TypeError:\n    pass" + COMPLAIN),
    "one function calls the other": Row("def part(x): return x\ndef whole(x): return part(x)", "def part(x): return x\ndef whole(x): return x", "kept = part\ndef is_needed():\n    global part\n    del part\n    try:\n        whole(1)\n    except NameError:\n        return True\n    return False\nassert is_needed()\npart = kept\nassert whole(2) == 2"),
    "no assertion of the notebook's fails the check": Row("def f(): return 1", "def f(): assert False", "try:\n    f()\nexcept AssertionError:\n    pass"),
    "no exit of the notebook's ends the check": Row("def f(): return 1", "def f(): raise SystemExit", "try:\n    f()\nexcept SystemExit:\n    pass"),
}  # fmt: skip

QUESTIONS = {
    "a docstring": Row("def f():\n    'says what it does'", "def f(): pass", "assert f.__doc__"),
    "no docstring of ours": Row("class A: pass\na = A()", "class A:\n    'text'\na = A()", "assert a.__doc__ is None"),
    "callable": Row("class A:\n    def __call__(self): pass\na = A()", PLAIN + "a = thing", "assert callable(a)"),
    "not callable": Row(PLAIN + "a = thing", "class A:\n    def __call__(self): pass\na = A()", "assert not callable(a) and not hasattr(a, '__call__')"),
    "has a length": Row("class A:\n    def __len__(self): return 3\na = A()", PLAIN + "a = thing", "assert hasattr(a, '__len__') and len(a) == 3"),
    "has no length": Row(PLAIN + "a = thing", "class A:\n    def __len__(self): return 3\na = A()", "assert not hasattr(a, '__len__')"),
    "can be iterated": Row("class A:\n    def __iter__(self): return iter([1])\na = A()", PLAIN + "a = thing", "assert hasattr(a, '__iter__') and list(a) == [1]"),
    "cannot be iterated": Row(PLAIN + "a = thing", "class A:\n    def __iter__(self): return iter([])\na = A()", "from collections.abc import Iterable\nassert not hasattr(a, '__iter__') and not isinstance(a, Iterable)"),
    "has no operators": Row(PLAIN + "a = thing", "class A:\n    def __add__(self, other): return 1\na = A()", "assert not hasattr(a, '__add__')"),
    "the class's name": Row("class A: pass\na = A()", "class A: pass\nclass B: pass\na = B()", "assert a.__class__.__name__ == A.__name__ == type(a).__name__"),
    "the class itself": Row("class A: pass\na = A()", "class A: pass\nclass B(A): pass\na = B()", "assert type(a) is A and a.__class__ is A"),
    "an instance": Row("class A: pass\nclass B(A): pass\na = B()", "class A: pass\na = 5", "assert isinstance(a, A)"),
    "no instance": Row("class A: pass\na = 5", "class A: pass\na = A()", "assert not isinstance(a, A)"),
    "no list of any kind": Row("a = (1,)", "class Own(list): pass\na = Own()", "assert not isinstance(a, list)"),
    "a list of a kind": Row("class Own(list): pass\na = Own()", "a = (1,)", "assert isinstance(a, list | dict)"),
    "no array of any kind": Row("a = [1.0]", "import numpy as np\nclass Own(np.ndarray): pass\na = np.ones(2).view(Own)", "assert not isinstance(a, np.ndarray)"),
    "a tensor and no array": Row("import tensorflow as tf\na = tf.constant([1.])", "import numpy as np\na = np.array([1.])", "assert isinstance(a, tf.Tensor) and not isinstance(a, np.ndarray)"),
    "a variable": Row("import tensorflow as tf\na = tf.Variable([1.])", "import tensorflow as tf\na = tf.constant([1.])", "assert hasattr(a, 'assign') and isinstance(a, tf.Variable)"),
    "a subclass": Row("class A: pass\nclass B(A): pass", "class A: pass\nclass B: pass", "assert issubclass(B, A)"),
    "no subclass": Row("class B: pass", "class B(dict): pass", "assert not issubclass(B, dict)"),
    "its attributes": Row("class A:\n    def __init__(self): self.x = 1\na = A()", "class A:\n    def __init__(self): self.y = 1\na = A()", "assert vars(a) == a.__dict__ == {'x': 1} and 'x' in dir(a)"),
    "no such attribute": Row(PLAIN + "a = thing", PLAIN + "a = thing\na.secret = 1", "assert not hasattr(a, 'secret') and 'secret' not in dir(a) and getattr(a, 'secret', None) is None"),
    "its texts": Row("class A:\n    def __repr__(self): return 'good'\na = A()", PLAIN + "a = thing", "assert repr(a) == str(a) == f'{a}' == 'good' and f'{a!r:>6}' == '  good'"),
    "its hash": Row("class A:\n    def __hash__(self): return 3\na = A()", PLAIN + "a = thing", "assert hash(a) == 3"),
    "its number": Row("class A:\n    def __float__(self): return 2.5\n    def __int__(self): return 2\n    def __index__(self): return 1\na = A()", "class A:\n    def __float__(self): return 3.5\na = A()", "assert float(a) == 2.5 and int(a) == 2 and [5, 6][a] == 6"),
    "its operators": Row("class A:\n    def __init__(self, x): self.x = x\n    def __add__(self, other): return A((self.x, other))\n    def __pow__(self, other, m=None): return A((other, m))\n    def __neg__(self): return A(-self.x)\n    def __round__(self, n=None): return n\n    def __abs__(self): return 4\n    def __matmul__(self, other): return self.x * other.x\n    def __divmod__(self, other): return A(other)\na = A(1)", "class A:\n    x = 5\n    def __add__(self, other): return self\na = A()", "assert (a + 5).x == (1, 5) and pow(a, 2, 3).x == (2, 3) and (a ** 2).x == (2, None) and (-a).x == -1 and round(a, 2) == 2 and abs(a) == 4 and a @ a == 1 and divmod(a, 7).x == 7"),
    "its reflected operators": Row("class A:\n    def __init__(self, x=0): self.x = x\n    def __radd__(self, other): return A(other + 1)\na = A()", "class A:\n    x = 0\n    def __radd__(self, other): return self\na = A()", "assert (5 + a).x == 6"),
    "what it contains": Row("class A:\n    def __iter__(self): return iter([1, 2])\na = A()", "class A:\n    def __iter__(self): return iter([1])\n    def __contains__(self, x): return True\na = A()", "assert 2 in a and 3 not in a"),
    "its defaults": Row("def f(x, y=2): pass", "def f(x, y=3): pass", "assert f.__defaults__ == (2,) and f.__code__.co_argcount == 2 and f.__name__.startswith('f')"),
    "a shallow copy": Row("class A:\n    def __init__(self): self.x = [1]\na = A()", "class A:\n    def __init__(self): self.x = [1]\n    def __copy__(self): return self\na = A()", "import copy\nb = copy.copy(a)\nassert b is not a and b.x is a.x"),
    "a deep copy of an object": Row("class A:\n    def __init__(self): self.x = [1]\na = A()", "class A:\n    def __init__(self): self.x = [1]\n    def __deepcopy__(self, memo): return self\na = A()", "import copy\nb = copy.deepcopy(a)\nassert b is not a and b.x is not a.x"),
    "a generator": Row("def f():\n    yield 1\n    yield 2", "def f(): return [1, 2]", "g = f()\nassert iter(g) is g and next(g) == 1 and list(g) == [2] and next(g, 7) == 7"),
    "in reverse": Row("class A:\n    def __reversed__(self): return iter([2, 1])\na = A()", "class A:\n    def __len__(self): return 2\n    def __getitem__(self, at): return at\na = A()", "assert list(reversed(a)) == [2, 1]"),
    "a context": Row("class A:\n    def __enter__(self): return 5\n    def __exit__(self, *_): self.is_left = True\na = A()", "class A:\n    def __enter__(self): return 6\n    def __exit__(self, *_): pass\na = A()", "with a as x:\n    assert x == 5\nassert a.is_left"),
    "a context that swallows": Row("class A:\n    def __enter__(self): return 5\n    def __exit__(self, *_): pass\na = A()", "class A:\n    def __enter__(self): return 6\n    def __exit__(self, *_): return True\na = A()", "with a as x:\n    assert x == 5"),
    "different objects in a set": Row("class A: pass\na = [A(), A()]", "class A: pass\na = [A()] * 2", "assert len(set(a)) == 2"),
    "slices": Row("class A:\n    def __getitem__(self, at): return at\na = A()", "class A:\n    def __getitem__(self, at): return 1\na = A()", "assert a[1:2] == slice(1, 2) and a[..., 0] == (..., 0)"),
    "what a call prints": Row("def f(): print('hello')", "def f(): return 'hello'", "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    f()\nassert out.getvalue() == 'hello\\n'"),
    "that a call does not print": Row("def f(): return 'hello'", "def f(): print('hello')", "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    f()\nassert out.getvalue() == ''"),
    "a function of a library as an argument": Row("def f(g, x): return g(x)", "def f(g, x): return 0", "assert f(max, [1, 2]) == 2 and f(np.sum, np.ones(3)) == 3 and f(sum, range(4)) == 6"),
}  # fmt: skip

NAMES = {
    "there": Row("tmp = 1", "other = 1", "assert 'tmp' in globals() and 'tmp' in locals() and 'tmp' in vars() and 'tmp' in dir()"),
    "not in globals": Row("other = 1", "tmp = 1", "assert 'tmp' not in globals()"),
    "not in locals": Row("other = 1", "tmp = 1", "assert 'tmp' not in locals()"),
    "not in vars": Row("other = 1", "tmp = 1", "assert 'tmp' not in vars() and 'tmp' not in list(vars())"),
    "not in dir": Row("other = 1", "tmp = 1", "assert 'tmp' not in dir()"),
    "not got": Row("other = 1", "tmp = 1", "assert globals().get('tmp') is None and 'tmp' not in globals().keys() and 'tmp' not in dict(globals().items())"),
    "not in a copy": Row("other = 1", "tmp = 1", "assert 'tmp' not in {**globals()} and 'tmp' not in globals().copy()"),
    "not evaluated": Row("other = 1", "tmp = 1", "try:\n    eval('tmp')\nexcept NameError:\n    pass" + COMPLAIN),
    "not executed": Row("other = 1", "tmp = 1", "try:\n    exec('tmp')\nexcept NameError:\n    pass" + COMPLAIN),
    "not in a function": Row("other = 1", "tmp = 1", "def look():\n    return 'tmp' in globals()\nassert not look() and 'tmp' not in look.__globals__"),
    "not in the module": Row("other = 1", "tmp = 1", "import __main__\nassert not hasattr(__main__, 'tmp') and 'tmp' not in dir(__main__) and 'tmp' not in vars(__main__)"),
    "not the learner's": Row("other = 1", "tmp = 1", "assert not hasattr(learner, 'tmp') and 'tmp' not in learner and getattr(learner, 'tmp', None) is None"),
    "values": Row("tmp = 1", "tmp = 2", "assert globals()['tmp'] == vars()['tmp'] == eval('tmp') == 1 and globals().get('tmp') == 1\nexec('assert tmp == 1')"),
    "the check's own names": Row("tmp = 1", "tmp = 2", "mine = 1\nassert 'mine' in globals() and 'mine' in dir() and eval('mine + tmp') == 2"),
    "a module that nobody imported": Row("import numpy as np\nimport calendar", "import calendar as c", "assert 'calendar' in globals() and 'statistics' not in globals()"),
}  # fmt: skip

VALUES = {
    "1 and its text": Row("a = [1, '1', None, 'None', True, 'True', 1.0]", "a = ['1', '1', 'None', 'None', 'True', 'True', '1.0']", "import pandas\ncolumn = pd.Series(a, dtype=object)\nassert list(map(type, column)) == [int, str, type(None), str, bool, str, float]"),
    "1 and its text in a column": Row("import pandas as pd\nd = pd.DataFrame({'a': [1, None, True]}, dtype=object)", "import pandas as pd\nd = pd.DataFrame({'a': ['1', None, True]}, dtype=object)", "wanted = pd.DataFrame({'a': [1, None, True]}, dtype=object)\npd.testing.assert_frame_equal(d, wanted)\nassert d.equals(wanted) and type(d.a[0]) is int"),
    "None and its text in a column": Row("import pandas as pd\nd = pd.DataFrame({'a': ['x', None]})", "import pandas as pd\nd = pd.DataFrame({'a': ['x', 'None']})", "assert d.equals(pd.DataFrame({'a': ['x', None]}))"),
    "True and its text in a Series": Row("import pandas as pd\nd = pd.Series([True, 'x'])", "import pandas as pd\nd = pd.Series(['True', 'x'])", "pd.testing.assert_series_equal(d, pd.Series([True, 'x']))"),
    "the label of a column": Row("import pandas as pd\nd = pd.DataFrame({1: [1]})", "import pandas as pd\nd = pd.DataFrame({'1': [1]})", "assert list(d.columns) == [1]"),
    "the labels of rows": Row("import pandas as pd\nd = pd.DataFrame({'a': [1, 2]}, index=['p', 'q'])", "import pandas as pd\nd = pd.DataFrame({'a': [1, 2]})", "assert list(d.index) == ['p', 'q'] and d.loc['q', 'a'] == 2"),
    "the name of a Series": Row("import pandas as pd\nd = pd.Series([1], name='n')", "import pandas as pd\nd = pd.Series([1])", "assert d.name == 'n' and d.index.equals(pd.RangeIndex(1))"),
    "the type of a column": Row("import pandas as pd\nd = pd.DataFrame({'a': pd.array([1, None], dtype='Int64')})", "import pandas as pd\nd = pd.DataFrame({'a': [1.0, None]})", "assert str(d.a.dtype) == 'Int64' and d.a[1] is pd.NA"),
    "categories": Row("import pandas as pd\nd = pd.Series(pd.Categorical(['a'], ['a', 'b'], ordered=True))", "import pandas as pd\nd = pd.Series(['a'])", "assert list(d.cat.categories) == ['a', 'b'] and d.cat.ordered"),
    "an array of objects": Row("import numpy as np\na = np.array([1, '1', None], object)", "import numpy as np\na = np.array(['1', '1', 'None'], object)", "assert a.tolist() == [1, '1', None] and a.dtype == object"),
    "a lone surrogate": Row("a = 'a\\ud800'", "a = 'a?'", "assert a == 'a\\ud800'"),
    "the sign of zero": Row("a = -0.0", "a = 0.0", "assert math.copysign(1, a) == -1"),
    "a large whole number": Row("a = 2**60 + 1", "a = 2.0**60", "assert a == 2**60 + 1 and type(a) is int"),
    "tuples in lists": Row("a = [(1, [2])]", "a = [[1, [2]]]", "assert type(a[0]) is tuple and a == [(1, [2])]"),
    "keys of several kinds": Row("a = {1: 'a', '1': 'b', None: 'c', (1, 2): 'd'}", "a = {'1': 'b', 'None': 'c', (1, 2): 'd'}", "assert list(a) == [1, '1', None, (1, 2)]"),
    "a short float": Row("import tensorflow as tf\na = tf.constant([1.5], tf.bfloat16)", "import tensorflow as tf\na = tf.constant([1.5])", "assert str(a.numpy().dtype) == 'bfloat16'"),
    "texts in a tensor": Row("import tensorflow as tf\na = tf.constant(['a\\0'])", "import tensorflow as tf\na = tf.constant(['a'])", "assert a.numpy().tolist() == [b'a\\0']"),
    "what is too large to be copied": Row("a = list(range(300_000))", "a = list(range(299_999))", "assert len(a) == 300_000 and a[-1] == 299_999"),
}  # fmt: skip
