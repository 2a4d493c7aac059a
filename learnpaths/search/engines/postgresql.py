"""PostgreSQL: a weighted `tsvector` beside each document (`search_document.vector`, made by a migration), stemmed as English."""

from django.db import connection

from learnpaths.search.candidates import COLUMNS, Candidate
from learnpaths.search.models import Document
from learnpaths.search.queries import Clause, Query
from learnpaths.search.query_words import split

_WEIGHTS = "'{0.03, 0.1, 0.4, 1.0}'"  # D code, C text, B terms, A title
_VECTOR = " || ".join(f"setweight(to_tsvector('english', %s), '{label}')" for label in "ABCD")
_INDEX = f"UPDATE search_document SET vector = {_VECTOR} WHERE id = %s"  # noqa: S608 - constants of ours
MAX_CHARACTERS = 300_000  # of a column; a vector holds a megabyte


def index() -> None:
    rows = Document.objects.values_list("title", "terms", "text", "code", "id")
    with connection.cursor() as cursor:
        cursor.executemany(_INDEX, [(*map(_plain, columns), id_) for *columns, id_ in rows.iterator()])


def _plain(text: str) -> str:
    """Return the words alone: PostgreSQL's parser would take `tf.data` for the name of a host."""
    return " ".join(split(text[:MAX_CHARACTERS]))


def find(query: Query, *, kind: str = "", limit: int) -> list[Candidate]:
    expression, words = _expression(query)
    with connection.cursor() as cursor:
        cursor.execute(_find(expression), [*words, kind, kind, limit])
        return [Candidate(*row) for row in cursor.fetchall()]


def _find(expression: str) -> str:
    return f"""
        SELECT {COLUMNS}, ts_rank({_WEIGHTS}, document.vector, query, 1) AS score
        FROM search_document AS document, (SELECT {expression} AS query) AS asked
        WHERE document.vector @@ query AND (%s = '' OR document.kind = %s)
        ORDER BY score DESC, document.id LIMIT %s
    """  # noqa: S608 - constants of ours; all words are parameters


def _expression(query: Query) -> tuple[str, list[str]]:
    """Return the query as SQL with its parameters."""
    joint = " || " if query.is_relaxed else " && "
    words = [" ".join(phrase) for clause in query.clauses for phrase in clause.phrases]
    return joint.join(map(_alternatives, query.clauses)), words


def _alternatives(clause: Clause) -> str:
    return "(" + " || ".join(["phraseto_tsquery('english', %s)"] * len(clause.phrases)) + ")"
