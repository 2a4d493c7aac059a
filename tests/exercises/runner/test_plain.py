"""Kinds of plain values: sent as a whole when a check uses them as values, still objects when it asks them something."""

import array
import collections
import enum
import sys

import numpy as np
import pytest

from exercises.runner import checking, faults, handles, plain, rpc_client

from .loop import Loop, define

BUILD = """
__name__ = "__main__"
import array, collections, enum, types
import numpy as np
Fit = collections.namedtuple("Fit", "slope intercept")
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
class Word(str):
    pass
class Rows(list):
    pass
class Liar(dict):
    def __eq__(self, other):
        return True
    __hash__ = None
class Money(float):
    def __add__(self, other):
        return Money(99)
fit = Fit(2.0, -1.0)
ordered = collections.OrderedDict([("a", 1), ("b", 2)])
ordered.move_to_end("a")
default = collections.defaultdict(int, {"a": 1, "b": 2})
counter = collections.Counter("aab")
chained = collections.ChainMap({"a": 1}, {"b": 2})
proxy = types.MappingProxyType({"a": 1, "b": 2})
own = collections.UserDict({"a": 1, "b": 2})
queue = collections.deque([3, 1, 2])
rows = Rows([1.5, 2.5])
level, word = Level.HIGH, Word("hello")
texts = np.array(["a", "bcd"], dtype=np.dtypes.StringDType())
class Grid(np.ndarray):
    pass
matrix = np.array([[1, 2], [3, 4]]).view(Grid)
numbers = array.array("d", [1.0, 2.0])
fits = [Fit(n, -n) for n in range(300)]
deep = collections.OrderedDict(x=collections.Counter("aa"), y=[Level.LOW, (Word("w"), collections.deque([1]))])
by_level = {Level.LOW: 1, Level.HIGH: 2}
"""


@pytest.fixture(scope="module")
def loop():
    made = define(Loop({}), BUILD)
    for name in checking.__all__:
        made.names[name] = handles.of_values(getattr(checking, name))
    return made


RIGHT = [
    "close(fit, [2, -1])",
    "close(fit, (2, -1)) and same(list(fit), [2.0, -1.0])",
    "assert fit == (2.0, -1.0) and fit != (1, 1) and len(fit) == 2 and fit[1] == -1.0 and -1.0 in fit",
    "assert fit.slope == 2.0 and fit._fields == ('slope', 'intercept')",
    "assert isinstance(fit, tuple)",
    "slope, intercept = fit\nassert (slope, intercept) == (2.0, -1.0)",
    "same(mapping(ordered, ['a', 'b']), {'a': 1, 'b': 2}) and same(list(ordered), ['b', 'a'])",
    "assert ordered == {'a': 1, 'b': 2} and {'a': 1, 'b': 2} == ordered and ordered['a'] == 1",
    "assert default == {'a': 1, 'b': 2} and default['new'] == 0 and default['new'] == 0 and default == {'a': 1, 'b': 2, 'new': 0}\ndel default['new']",
    "assert sorted(default.items()) == [('a', 1), ('b', 2)]",
    "assert counter == {'a': 2, 'b': 1} and counter.most_common(1) == [('a', 2)] and counter['z'] == 0",
    "for held in (chained, proxy, own):\n    same(held, {'a': 1, 'b': 2})",
    "same(queue, [3, 1, 2]) and same(sequence(queue, 3)[0], 3)",
    "assert list(reversed(queue)) == [2, 1, 3] and queue[0] == 3",
    "close(rows, [1.5, 2.5]) and close(np.asarray(rows) * 2, [3, 5]) and close(np.multiply(rows, 2), [3, 5])",
    "same(level, 2) and whole(level, 1, 2)\nassert level == 2 and level + 1 == 3 and 1 < level and level.name == 'HIGH'",
    "same(word, 'hello') and text(word, contains='ell')\nassert word == 'hello' and word + '!' == 'hello!' and word.upper() == 'HELLO'",
    "same(texts, ['a', 'bcd'])",
    "close(matrix, [[1, 2], [3, 4]]) and close(numbers, [1, 2])",
    "close(fits, [(n, -n) for n in range(300)])",
    "same(deep, {'x': {'a': 2}, 'y': [1, ('w', [1])]})",
    "same(by_level, {1: 1, 2: 2})",
    "assert {fit: 1}[(2.0, -1.0)] == 1",
    "assert bool(counter) and not (not counter)",
]


@pytest.mark.parametrize("check", RIGHT, ids=range(len(RIGHT)))
def test_a_kind_of_a_plain_value_is_taken_for_that_value(loop, check):
    loop.check(check)


WRONG = [
    "close(fit, [2, 1])", "assert fit == [2.0, -1.0]", "same(ordered, {'a': 1})", "same(level, 2.5)", "same(word, 'Hello')",
    "close(fits, [(n, n) for n in range(300)])", "assert counter == {'a': 1}", "same(queue, [1, 2, 3])",
]  # fmt: skip


@pytest.mark.parametrize("check", WRONG)
def test_and_judged_like_it(loop, check):
    with pytest.raises(AssertionError):
        loop.check(check)


def test_a_class_with_a_say_of_its_own_stays_an_object():
    loop = define(Loop({}), BUILD + "liar, money = Liar(a=1), Money(2)")
    for check in ("assert liar == {'a': 2}", "assert {'a': 2} == liar", "assert money + 1 == 3", "assert money == 2.0"):
        with pytest.raises(faults.HandleMisuse):
            loop.check(check)
    assert not plain.is_kind(loop.notebook["liar"]) and not plain.is_kind(np.ma.masked_array([1.0]))


def test_many_things_cost_few_questions(loop):
    loop.notebook["vocabulary"] = collections.defaultdict(int, {f"word {n}": n for n in range(5_000)})
    for check in (
        "for word_ in vocabulary: assert vocabulary[word_] == int(word_[5:])",
        "assert sum(n_ for _, n_ in vocabulary.items()) == 5000 * 4999 // 2",
        "close(fits, [(n_, -n_) for n_ in range(300)])",
        "assert all(n_ == int(word_[5:]) for word_, n_ in mapping(vocabulary, [], more=True).items())",
    ):
        loop.requests = 0
        loop.check(check)
        assert loop.requests <= 6


def test_what_the_notebook_changes_in_between_is_seen(loop):
    define(loop, "def add(to):\n    to['c'] = 3\nshelf = collections.OrderedDict(a=1)")
    loop.check("kept = shelf\nassert kept == {'a': 1}\nadd(kept)\nassert kept == {'a': 1, 'c': 3} and len(kept) == 2")


def test_questions_are_counted_and_capped(monkeypatch):
    monkeypatch.setattr(rpc_client, "MAX_QUESTIONS", 100)
    loop = define(Loop({}), "def one():\n    return 1")
    loop.check("for _ in range(40): one()")
    loop.check("for _ in range(40): one()")  # another check begins anew
    with pytest.raises(faults.TooManyQuestions):
        loop.check("for _ in range(60):\n    try:\n        one()\n    except BaseException:\n        pass")


def test_a_notebook_that_answers_nonsense_is_a_fault():
    for answer in ((), ((True,),), (1,), ((True, 1), (True, 2))):
        loop = define(Loop({}), BUILD)
        loop.server._operations["plain"] = lambda *_, answer=answer: answer
        with pytest.raises(faults.WireError):
            loop.check("assert fit == 3")


class Colour(enum.Enum):
    RED = 1


def test_what_is_no_kind_of_a_plain_value():
    assert not any(map(plain.is_kind, (Colour.RED, object(), len, iter([1]), sys)))
    assert plain.value_of(Colour.RED) == (False, None)
    cycle = collections.deque()
    cycle.append(cycle)
    assert plain.value_of(cycle) == (False, None)
    assert plain.value_of(collections.deque(range(300_000))) == (False, None)
    assert plain.value_of(array.array("i", [1]))[0]
