import pytest

from learnpaths.search.lexicon import Lexicon
from learnpaths.search.queries import MAX_CHARACTERS, MAX_WORDS, parse, shorten

LEXICON = Lexicon(
    {"gradient": 9, "rate": 5, "rates": 2, "tensor": 4},
    [{"key": "term/lr", "taught": "lesson/x#y", "names": ["Learning rate", "LR"]}],
)


def test_a_name_is_one_clause_with_all_its_names():
    (clause,) = parse("the learning rate", LEXICON).clauses
    assert clause.exact == (("learning", "rate"), ("lr",))
    assert parse("lr", LEXICON).name is clause.name
    assert parse("lr of tensor", LEXICON).name is None


def test_a_word_is_completed_and_a_misspelt_one_corrected():
    (clause,) = parse("rate", LEXICON).clauses
    assert (clause.exact, clause.near) == ((("rate",),), (("rates",),))
    query = parse("gradent", LEXICON)
    assert query.words == ["gradient"]
    assert query.corrections == {"gradent": "gradient"}


def test_words_of_questions_are_left_out_unless_there_is_nothing_else():
    assert parse("what is a tensor", LEXICON).words == ["tensor"]
    assert parse("what is", LEXICON).words == ["what", "is"]


def test_there_is_an_end():
    assert len(parse("tensor " * 100, LEXICON).clauses) == MAX_WORDS
    assert parse("", LEXICON).clauses == ()


@pytest.mark.parametrize(
    ("text", "short", "is_cut"),
    [
        ("  two \n words ", "two words", False),
        ("a\x00b\u202ec", "a b c", False),
        ("x" * 10_000, "x" * MAX_CHARACTERS, True),
        ("a " * 60, "a " * 15 + "a", True),
        ("", "", False),
    ],
)
def test_shorten(text, short, is_cut):
    assert shorten(text) == (short, is_cut)
