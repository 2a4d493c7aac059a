"""Which of the candidates comes first: where a thing is taught, then where it is named, then where it occurs. No Django here."""

from collections.abc import Collection, Iterable, Sequence

from learnpaths.search.candidates import Candidate
from learnpaths.search.lexicon import Phrase
from learnpaths.search.queries import Clause, Query
from learnpaths.search.query_words import STOP_WORDS, root, roots

DEFINED, TAUGHT, TITLE, IN_TITLE, TAUGHT_NEAR, NEAR_TITLE, IN_TERMS, IN_TEXT = range(8)


def rank(candidates: Collection[Candidate], query: Query) -> list[Candidate]:
    """Return the candidates, the best first; between equals decide what they are, and then the engine's score."""
    tiers = {each.id: tier(each, query) for each in candidates}

    def place(candidate: Candidate) -> tuple[int, int, int, float]:
        level = tiers[candidate.id]
        likeliness = _near_keys(query).index(candidate.key) // 2 if level == TAUGHT_NEAR else 0
        return level, likeliness, candidate.precedence if level < IN_TEXT else 0, -candidate.score

    return sorted(candidates, key=place)


def tier(candidate: Candidate, query: Query) -> int:
    """Return how directly a document answers, from DEFINED to IN_TEXT."""
    if query.name and candidate.key == query.name.key:
        return DEFINED
    if any(clause.name and candidate.key == clause.name.taught for clause in query.clauses):
        return TAUGHT
    title = roots(candidate.title)
    if " ".join(title) == " ".join(root(word) for word in query.words):
        return TITLE
    if all(_has(title, clause.exact) for clause in query.clauses):
        return IN_TITLE
    if candidate.key in _near_keys(query):
        return TAUGHT_NEAR
    if all(_has(title, clause.phrases) for clause in query.clauses):
        return NEAR_TITLE
    terms = roots(candidate.terms)
    return IN_TERMS if all(_has(terms, clause.phrases) for clause in query.clauses) else IN_TEXT


def _near_keys(query: Query) -> list[str]:
    """Return the documents that teach and define what a beginning may become, the likeliest first."""
    names = (name for clause in query.clauses for name in clause.near_names)
    return [key for name in names for key in (name.taught, name.key)]


def _has(words: Sequence[str], phrases: Collection[Phrase]) -> bool:
    text = f" {' '.join(words)} "
    return any(f" {' '.join(map(root, phrase))} " in text for phrase in phrases)


def marked_roots(clauses: Iterable[Clause]) -> frozenset[str]:
    """Return the roots of all words that a query stands for, without those that stand everywhere."""
    words = (word for clause in clauses for phrase in clause.phrases for word in phrase)
    return frozenset(root(word) for word in words if word not in STOP_WORDS)
