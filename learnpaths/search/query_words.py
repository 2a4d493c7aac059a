"""Text → words, the same for both engines, for queries, titles and the vocabulary. No Django here."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:(?<=\w{4})(?:ied|ed)|(?<=\w{3})(?:ings?|ies|es|s|e|y))$")
# What questions are made of and no document is found by.
_LEFT_OUT = (
    "a about an and any are as at be been but by can could did do does for from had has have how i if in into is it its me my "
    "no of on or our should so such than that the their them then there these they this those to use used was we were what when "
    "where which who whose why will with would you your"
)
STOP_WORDS = frozenset(_LEFT_OUT.split())


def split(text: str) -> list[str]:
    """Return the words in small letters without accents; signs of every kind, NUL and emoji among them, only part them."""
    return _WORD.findall(fold(text))


def fold(text: str) -> str:
    """Return the text in small letters, without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


@lru_cache(20_000)
def root(word: str) -> str:
    """Return what forms of a word have in common, roughly: padding, pads and padded are all `pad`."""
    stem = _ENDING.sub("", word)
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem != word else stem


def roots(text: str) -> list[str]:
    return [root(word) for word in split(text)]
