"""What an engine returns: a document that matches, without its text, and how well the engine thinks it does. No Django here."""

from typing import NamedTuple

COLUMNS = "document.id, document.kind, document.key, document.precedence, document.title, document.url, document.trail, document.terms"


class Candidate(NamedTuple):
    """`score` is higher for the better and can only be compared within one answer."""

    id: int
    kind: str
    key: str
    precedence: int
    title: str
    url: str
    trail: str
    terms: str
    score: float
