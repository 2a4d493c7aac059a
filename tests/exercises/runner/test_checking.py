"""What checks compare with: shape, size, kind and finiteness belong to the answer; nothing is equal to everything."""

import numpy as np
import pytest

from exercises.runner import checking


class Agreeable(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __array__(self, *_, **__):
        return np.array([3.0, 300.0])


class Stranger:
    __eq__ = Agreeable.__eq__
    __hash__ = object.__hash__
    __array__ = Agreeable.__array__


NOT_TWO_NUMBERS = [
    [], (), {}, set(), None, True, 3, "3", [3], [[3, 300]], [3, 300, 0], [3, None], [1, "a"], ["3", "300"], [True, False],
    [np.nan, 300], [np.inf, 300], [3, 301], np.empty(0), np.empty((0, 2)), np.empty((2, 0)), np.zeros(2, complex),
    np.array([3, 300], object), np.array([3, 300], "S3"), Agreeable(3), Stranger(), [[3], [300, 1]],
]  # fmt: skip


@pytest.mark.parametrize("answer", NOT_TWO_NUMBERS, ids=lambda answer: type(answer).__name__)
@pytest.mark.parametrize("compare", [checking.close, checking.same], ids=["close", "same"])
def test_only_the_wanted_numbers_pass(compare, answer):
    with pytest.raises(AssertionError):
        compare(answer, [3.0, 300.0])


@pytest.mark.parametrize(
    "answer", [[3, 300], (3.0, 300), np.array([3, 300], "float32"), [np.float32(3), 300]], ids=repr
)
def test_numbers_are_close_whatever_holds_them(answer):
    assert checking.close(answer, [3, 300])


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        (3.0, 3.1), (3.0, [3.0]), (3.0, np.nan), (3.0, None), (3.0, True), ({"a": 1.0}, {}), ({"a": 1.0}, {"a": 1, "b": 2}),
        ({"a": [1.0, 2.0]}, {"a": []}), ([np.zeros(2), np.ones((2, 2))], [np.zeros(2)]), ([np.zeros(2), np.ones((2, 2))], []),
    ],
)  # fmt: skip
def test_parts_are_compared_one_by_one(wanted, answer):
    with pytest.raises(AssertionError):
        checking.close(answer, wanted)
    assert checking.close(wanted, wanted)


@pytest.mark.parametrize(
    ("wanted", "wrong", "right"),
    [
        ([1, 2], [[1.0, 2.0], ["1", "2"], [True, 2], [1], [], None], [(1, 2), np.array([1, 2], "int32")]),
        (["a", "b"], [["a"], ["a", "c"], "ab", [b"a", b"b"], [], None], [("a", "b"), np.array(["a", "b"])]),
        (True, [1, 1.0, "True", None, [True], Agreeable(1)], [True, np.bool_(True)]),
        (None, [0, False, [], ""], [None]),
        ([], [None, 0, [1], "", {}], [[], (), np.empty(0)]),
        ("x", ["y", None, ["x"], ""], ["x", np.str_("x")]),
        ([1, "a", None], [[1, "a", 0], [1, "a"], ["1", "a", None], [True, "a", None]], [(1, "a", None)]),
        ({"a": [1, 2]}, [{"a": [1]}, {"a": [1, 2], "b": 1}, [("a", [1, 2])], {}], [{"a": np.array([1, 2])}]),
        ([[1, 2], [3]], [[[1, 2]], [[1, 2], [4]], [1, 2, 3]], [[[1, 2], [3]]]),
        ({1, 2}, [[1, 1], [1, 2, 3], [], {1, "2"}, {1, 2.0}, 1], [{1, 2}, [2, 1], np.array([1, 2])]),
        (np.array([1.0, np.nan]), [[1.0, 2.0], [np.nan, np.nan]], [[1.0, np.nan]]),
    ],
)  # fmt: skip
def test_the_same_means_kind_shape_and_content(wanted, wrong, right):
    for answer in wrong:
        with pytest.raises(AssertionError):
            checking.same(answer, wanted)
    for answer in right:
        assert checking.same(answer, wanted)


@pytest.mark.parametrize(
    ("one", "other"), [([], []), ([1], [1, 2]), ([np.nan], [1.0]), (1, 1), ([1], ["1"]), (None, 1), ([1, 2], [1, 2])]
)
def test_what_must_differ_is_there_and_differs(one, other):
    with pytest.raises(AssertionError):
        checking.differ(one, other)
    assert checking.differ([1, 2], [1, 3]) and checking.differ(["a"], ["b"])


@pytest.mark.parametrize("conditions", [[], np.array([], bool), [True, False], [1, 1], None, "yes", [True, None], 1.0])
def test_every_condition_is_one_and_there_are_some(conditions):
    with pytest.raises(AssertionError):
        checking.every(conditions)
    assert checking.every(np.ones(3) > 0, count=3)


@pytest.mark.parametrize(
    ("function", "arguments", "options"),
    [
        (checking.every, [[True]], {"count": 2}), (checking.some, [[False, False]], {}), (checking.some, [[]], {}),
        (checking.same_members, [[0, 1, 1], range(3)], {}), (checking.same_members, [np.empty(0), range(3)], {}),
        (checking.same_members, [[0.0, 1.0, 2.0], range(3)], {}), (checking.same_members, [["0", "1", "2"], range(3)], {}),
        (checking.number, [np.nan], {}), (checking.number, [None], {}), (checking.number, [[1]], {}), (checking.number, [True], {}),
        (checking.number, ["1"], {}), (checking.number, [2, 0, 1], {}), (checking.number, [Stranger(), 0, 1], {}),
        (checking.whole, [1.0], {}), (checking.whole, [0, 1], {}), (checking.boolean, [1], {}), (checking.text, [None], {}),
        (checking.text, [""], {}), (checking.text, [["SIMULATED"]], {"contains": "SIMULATED"}), (checking.text, ["abc"], {"least": 4}),
        (checking.member, ["x", ["a"]], {}), (checking.member, [True, [1]], {}), (checking.member, [Stranger(), ["a"]], {}),
        (checking.sequence, [[]], {}), (checking.sequence, ["abc"], {}), (checking.sequence, [[1, 2], 3], {}),
        (checking.mapping, [{}, ["a"]], {}), (checking.mapping, [{"a": 1, "b": 2}, ["a"]], {}), (checking.mapping, [[], []], {}),
        (checking.array, [np.empty((0, 3)), (None, 3)], {}), (checking.array, [np.zeros((2, 4)), (None, 3)], {}),
        (checking.array, [["a"], 1], {}), (checking.array, [[1.0], 1, "integer"], {}), (checking.array, [[1, 2], 1], {}),
        (checking.array, [["a", 1], 2, "text"], {}), (checking.same_table, [[1], None], {}),
    ],
)  # fmt: skip
def test_junk_is_refused(function, arguments, options):
    with pytest.raises(AssertionError):
        function(*arguments, **options)


def test_a_checked_value_is_returned_plain():
    assert checking.array(["a", "b"], 2, "text").tolist() == ["a", "b"]
    assert checking.array(np.empty((0, 3)), (None, 3), empty=True).shape == (0, 3)
    assert (checking.number(np.float32(0.5), 0, 1), checking.whole(np.int64(3), 1)) == (0.5, 3)
    assert (checking.text("SIMULATED films", contains="SIMULATED"), checking.member("a", "abc")) == (
        "SIMULATED films",
        "a",
    )
    assert (checking.sequence({1, 2}, 2), checking.mapping({"a": 1, "b": 2}, ["a"], more=True)) == (
        [1, 2],
        {"a": 1, "b": 2},
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "an array of shape (0,); an array of shape (2,) was expected"),
        ([3, np.nan], "1 of 2 values is NaN or infinite"),
        (None, "None (is a return missing?)"),
        ([3, 301], "[ 3. 301.]; [ 3. 300.] was expected"),
    ],
)
def test_it_says_which_differed_after_the_words_of_the_author(answer, words):
    with pytest.raises(AssertionError) as error:
        checking.close(answer, [3, 300], "The column means are 3 and 300.")
    assert str(error.value).startswith("The column means are 3 and 300. You returned") or words in str(error.value)
    assert words in str(error.value)


def test_of_many_values_the_first_wrong_one_is_named():
    answer = np.zeros((4, 5))
    answer[2, 3] = 7
    with pytest.raises(AssertionError, match=r"1 of 20 values is wrong. The first, at \[2, 3\], is 7; 0 was expected"):
        checking.close(answer, np.zeros((4, 5)))


def test_comparing_with_nothing_is_the_author_s_mistake():
    with pytest.raises(ValueError, match="at least one"):
        checking.close([], [])
