"""What somebody typed → clauses, each with all that it may be called. No Django here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from learnpaths.search.lexicon import Lexicon, Name, Phrase
from learnpaths.search.query_words import STOP_WORDS, split

MAX_CHARACTERS, MAX_WORDS = 100, 8


@dataclass(frozen=True)
class Clause:
    """One word, or the several of a name: `exact` are its names, `near` the words that it may be the beginning of."""

    exact: tuple[Phrase, ...]
    near: tuple[Phrase, ...] = ()
    name: Name | None = None
    near_names: tuple[Name, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(dict.fromkeys((*self.exact, *self.near)))


@dataclass(frozen=True)
class Query:
    """All clauses have to be met, or with `is_relaxed` one of them. `corrections` maps what was typed to what was searched."""

    clauses: tuple[Clause, ...] = ()
    corrections: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    is_relaxed: bool = False

    @property
    def words(self) -> list[str]:
        """The words as they are searched."""
        return [word for clause in self.clauses for word in clause.exact[0]]

    @property
    def name(self) -> Name | None:
        """The term that is all of the query."""
        return self.clauses[0].name if len(self.clauses) == 1 else None


def shorten(text: str) -> tuple[str, bool]:
    """Return what of a text is searched, and whether that is less than all of it."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text[: 20 * MAX_CHARACTERS])
    clean = " ".join(printable.split())
    short = " ".join(clean[:MAX_CHARACTERS].split()[: 2 * MAX_WORDS])
    return short, len(short) < len(clean) or len(text) > 20 * MAX_CHARACTERS


def parse(text: str, lexicon: Lexicon) -> Query:
    """Return the query of a text; words that only make a question are left out if others remain."""
    typed = split(text)
    words = [word for word in typed if word not in STOP_WORDS][:MAX_WORDS] or typed[:MAX_WORDS]
    corrections = {word: meant for word in words if (meant := _correction(word, lexicon))}
    words = [corrections.get(word, word) for word in words]
    clauses = tuple(_clauses(words, lexicon))
    unknown = tuple(clause.exact[0][0] for clause in clauses if not clause.name and _is_unknown(clause, lexicon))
    return Query(clauses, corrections, unknown)


def _is_unknown(clause: Clause, lexicon: Lexicon) -> bool:
    return not clause.near and clause.exact[0][0] not in lexicon


def _correction(word: str, lexicon: Lexicon) -> str:
    if word in lexicon or lexicon.completions(word) or lexicon.name([word]):
        return ""
    return next(iter((*lexicon.spellings(word), *lexicon.near(word, limit=1))), "")


def _clauses(words: Sequence[str], lexicon: Lexicon) -> Iterator[Clause]:
    """Take the longest name that begins at each word, or else the word."""
    start = 0
    while start < len(words):
        lengths = range(min(lexicon.longest_name, len(words) - start), 0, -1)
        ends = (start + length for length in lengths if lexicon.name(words[start : start + length]))
        end = next(ends, start + 1)
        yield _clause(tuple(words[start:end]), lexicon)
        start = end


def _clause(words: Phrase, lexicon: Lexicon) -> Clause:
    name = lexicon.name(words)
    names = name.phrases if name else ()
    near = _near(words[0], lexicon) if len(words) == 1 else []
    near_names = tuple(dict.fromkeys(other for word in near if (other := lexicon.name([word])) and other != name))
    return Clause(tuple(dict.fromkeys((words, *names))), tuple((word,) for word in near), name, near_names)


def _near(word: str, lexicon: Lexicon) -> list[str]:
    return [*lexicon.completions(word), *lexicon.spellings(word)]
