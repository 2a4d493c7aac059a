import pytest

from learnpaths.search.lexicon import Lexicon, edits

WORDS = {"gradient": 40, "gradients": 3, "grade": 9, "tensorflow": 50, "embedding": 20, "regularisation": 5, "loss": 30}
NAMES = [{"key": "term/mse", "taught": "lesson/a#s-b", "names": ["Mean squared error", "MSE"]}]


@pytest.fixture
def lexicon():
    return Lexicon(WORDS, NAMES)


def test_completions_begin_with_the_weightiest(lexicon):
    assert lexicon.completions("grad") == ["gradient", "grade", "gradients"]
    assert lexicon.completions("gradient") == ["gradients"]
    assert lexicon.completions("g") == []
    assert lexicon.completions("x\U0010ffff") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gradent", "gradient"), ("tensorflw", "tensorflow"), ("embeding", "embedding"), ("graident", "gradient"), ("los", None), ("zzzzzz", None)],
)  # fmt: skip
def test_near(lexicon, typed, meant):
    assert lexicon.near(typed)[:1] == ([meant] if meant else [])


def test_both_spellings_are_known(lexicon):
    assert lexicon.spellings("regularization") == ["regularisation"]
    assert lexicon.spellings("regularisation") == []


def test_a_name_goes_by_any_of_its_names_in_any_form(lexicon):
    assert lexicon.name(["mse"]) is lexicon.name(["mean", "squared", "errors"])
    assert lexicon.name(["mean"]) is None
    assert lexicon.longest_name == 3


def test_an_empty_lexicon_knows_nothing():
    empty = Lexicon({})
    assert (empty.completions("a"), empty.near("abcd"), empty.name(["a"])) == ([], [], None)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abxd", 2), ("abc", "xyz", 3)],
)
def test_edits(one, other, steps):
    assert edits(one, other, 3) == steps
    assert edits(one, other, 0) in (0, steps) or edits(one, other, 0) == 1
