import pytest

from learnpaths.search import ranking
from learnpaths.search.candidates import Candidate
from learnpaths.search.lexicon import Lexicon
from learnpaths.search.queries import parse
from learnpaths.search.registry import DEFINITION, HEADING, PAGE, TASK

LEXICON = Lexicon(
    {"dropout": 9, "padding": 3},
    [{"key": "term/dropout", "taught": "lesson/a#s-taught", "names": ["Dropout"]}],
)


def candidate(key, title="Other", precedence=HEADING, terms="", score=1.0):
    return Candidate(hash(key), "lesson", key, precedence, title, "/", "", terms, score)


def test_from_where_it_is_defined_to_where_it_occurs():
    best_first = [
        candidate("term/dropout", "Dropout", DEFINITION),
        candidate("lesson/a#s-taught", "Make it hard"),
        candidate("lesson/b", "Dropout", PAGE),
        candidate("lesson/c", "Why dropout helps", PAGE),
        candidate("lesson/d#s-why", "Why dropout helps"),
        candidate("exercise/e", "More dropout", TASK),
        candidate("lesson/f", terms="Dropout; Noise"),
        candidate("lesson/g", score=9.0),
        candidate("lesson/h", score=2.0),
    ]
    ranked = ranking.rank(best_first[::-1], parse("dropout", LEXICON))
    assert [each.key for each in ranked] == [each.key for each in best_first]


@pytest.mark.parametrize("text", ["drop", "dropou"])
def test_a_beginning_leads_to_where_the_whole_is_taught(text):
    candidates = [candidate("lesson/b", "Dropout", PAGE), candidate("lesson/a#s-taught"), candidate("term/dropout")]
    ranked = ranking.rank(candidates, parse(text, LEXICON))
    assert ranked[0].key == "lesson/a#s-taught"


def test_words_that_stand_everywhere_are_not_marked():
    lexicon = Lexicon({}, [{"key": "k", "taught": "t", "names": ["Bag of words"]}])
    assert ranking.marked_roots(parse("bag of words", lexicon).clauses) == {"bag", "word"}
