"""Our prose is spelt as in the dictionary of pyspellchecker, or as in our own lists, `learnpaths/content/words/*.txt`.

A list for each path, so that two authors do not write into one file. A name in code style, a source or a link is no prose.
"""

import re

import pytest
from spellchecker import SpellChecker

from tests.content import lessons

WORD = re.compile(r"[A-Za-z]+(?:['\u2019][a-z]+)*")
LISTS = sorted((lessons.CONTENT / "words").glob("*.txt"))
SHORTEST = 3


@pytest.fixture(scope="module")
def known():
    """Tell whether a word is known."""
    dictionary = SpellChecker(language="en", distance=1)
    ours = {word for file in LISTS for word in file.read_text().split()}

    def is_known(word):
        word = word.lower().replace("\u2019", "'").removesuffix("'s")
        return len(word) < SHORTEST or word in ours or word in dictionary

    return is_known


def unknown(text, known):
    """Return the words that are neither known nor look like a name in capitals (`GPU`, `tf.data`, `XProf`)."""
    for word in WORD.findall(re.sub(r"\b\w*[\d_.]\w+", " ", text)):
        if not (re.search(r"[a-z][A-Z]|[A-Z]{2}", word) or known(word)):
            yield word


def test_every_word_is_known(known):
    found = [f"{file}:{line}: {word}" for file, line, text in lessons.prose() for word in unknown(text, known)]
    assert not found, "mend the word, or add it to a list in learnpaths/content/words/:\n" + "\n".join(found)


@pytest.mark.parametrize("file", LISTS, ids=[file.stem for file in LISTS])
def test_a_list_is_sorted_in_small_letters(file):
    words = file.read_text().splitlines()
    assert words == sorted({word.lower() for word in words}), f"{file}:1: sorted, each word once, in small letters"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A pipeline that leeks", []),
        ("A pipline that leaks", ["pipline"]),
        ("GPUs and XProf run tf.data", []),
        ("The model\u2019s loss", []),
    ],
)
def test_the_check_itself(known, text, expected):
    assert list(unknown(text, known)) == expected
