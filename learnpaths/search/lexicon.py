"""The words and names that the index knows: how a word goes on, what was meant by a misspelt one, what has several names. No Django here."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from learnpaths.search.query_words import root, split

Phrase = tuple[str, ...]
COMPLETIONS = 8
SHORTEST_PREFIX, SHORTEST_TYPO = 2, 4


@dataclass(frozen=True)
class Name:
    """A term of the glossary: the document that defines it, the one that teaches it, and its names as words."""

    key: str
    taught: str
    phrases: tuple[Phrase, ...]


class Lexicon:
    """Weights by word, and the glossary's names. Never changed after it was made, so threads share it."""

    def __init__(self, weights: Mapping[str, int], names: Iterable[Mapping[str, object]] = ()) -> None:
        self._weights = weights
        self._sorted = sorted(weights)
        self._by_length: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for word in self._sorted:
            self._by_length[len(word)].append((word, _letters(word)))
        self._by_roots: dict[Phrase, Name] = {}
        for each in names:
            self._add(Name(str(each["key"]), str(each["taught"]), _phrases(each["names"])))
        self.longest_name = max(map(len, self._by_roots), default=1)

    def _add(self, name: Name) -> None:
        for phrase in name.phrases:
            self._by_roots.setdefault(_roots(phrase), name)

    def __contains__(self, word: str) -> bool:
        return word in self._weights

    def name(self, words: Sequence[str]) -> Name | None:
        """Return the term that goes by these words, in whatever form."""
        return self._by_roots.get(_roots(words))

    def completions(self, prefix: str) -> list[str]:
        """Return the weightiest words that begin so."""
        if len(prefix) < SHORTEST_PREFIX:
            return []
        start, end = bisect_left(self._sorted, prefix), bisect_left(self._sorted, prefix + "\U0010ffff")
        words = (word for word in self._sorted[start:end] if word != prefix)
        return nlargest(COMPLETIONS, words, key=self._weights.__getitem__)

    def spellings(self, word: str) -> list[str]:
        """Return the other side's spelling, British or American, where it is known."""
        others = (
            word.replace("is", "iz"),
            word.replace("iz", "is"),
            word.replace("our", "or"),
            word.replace("or", "our"),
        )
        return [other for other in dict.fromkeys(others) if other != word and other in self._weights]

    def near(self, word: str, *, limit: int = 3, distance: int | None = None) -> list[str]:
        """Return known words that differ by one slip, or by two if the word is long, the likeliest first."""
        allowed = distance or (1 if len(word) < 6 else 2)
        if len(word) < SHORTEST_TYPO:
            return []
        rated = []
        for other in self._alike(word, allowed):
            steps = edits(word, other, allowed)
            if steps <= allowed:
                rated.append((steps, other[0] != word[0], -self._weights[other], other))
        return [rating[-1] for rating in sorted(rated)[:limit]]

    def _alike(self, word: str, slips: int) -> Iterator[str]:
        """Yield the words that so many slips can reach at best: each changes the length by one, and two letters of the set."""
        letters = _letters(word)
        for length in range(len(word) - slips, len(word) + slips + 1):
            for other, others in self._by_length.get(length, ()):
                if (letters ^ others).bit_count() <= 2 * slips:
                    yield other


def _phrases(names: object) -> tuple[Phrase, ...]:
    return tuple(tuple(split(str(name))) for name in names if split(str(name)))  # type: ignore[attr-defined]


def _roots(words: Iterable[str]) -> Phrase:
    return tuple(map(root, words))


def _letters(word: str) -> int:
    """Return the set of letters as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits


def edits(one: str, other: str, limit: int) -> int:
    """Return how many letters must be put in, left out, replaced or swapped with the next; above `limit` only that it is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        before, last, row = row, before, [index]
        for place, sign in enumerate(other, 1):
            steps = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != sign))
            if index > 1 and place > 1 and letter == other[place - 2] and one[index - 2] == sign:
                steps = min(steps, last[place - 2] + 1)
            row.append(steps)
        if min(row) > limit:
            return limit + 1
    return row[-1]
