"""The piece of a text where a query is met, with its words marked. No Django here."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from learnpaths.search.query_words import fold, root

LENGTH, BEFORE = 200, 60  # characters, and how many of them stand before the first word that is met
_WORD = re.compile(r"[^\W_]+")


class Part(NamedTuple):
    text: str
    is_marked: bool = False


def cut(text: str, wanted: Collection[str]) -> list[Part]:
    """Return about 200 characters of the text, from shortly before the place with most words of the roots `wanted`."""
    places = [match.start() for match in _WORD.finditer(text) if root(fold(match[0])) in wanted]
    start = _start(text, _densest(places))
    end = len(text) if len(text) - start <= LENGTH * 1.2 else text.rfind(" ", start, start + LENGTH)
    piece = text[start : end if end > start else start + LENGTH]
    return [
        *([Part("… ")] if start else []),
        *mark(piece, wanted),
        *([Part(" …")] if start + len(piece) < len(text) else []),
    ]


def _densest(places: list[int]) -> int:
    """Return the place that begins the stretch with most of the others."""
    return max(places, key=lambda here: sum(here <= place < here + LENGTH - BEFORE for place in places), default=0)


def _start(text: str, place: int) -> int:
    """Return where to begin so that the place is seen: at a sentence if one begins close before it, else at a word."""
    if place <= BEFORE * 2:
        return 0
    sentence = text.rfind(". ", place - BEFORE * 2, place)
    return sentence + 2 if sentence >= 0 else text.rfind(" ", 0, place - BEFORE) + 1


def mark(text: str, wanted: Collection[str]) -> Iterator[Part]:
    """Yield the text in parts; the words of these roots are marked."""
    end = 0
    for match in _WORD.finditer(text):
        if root(fold(match[0])) in wanted:
            if text[end : match.start()]:
                yield Part(text[end : match.start()])
            yield Part(match[0], is_marked=True)
            end = match.end()
    if text[end:]:
        yield Part(text[end:])
