"""SQLite: an FTS5 table over the documents (`search_index`, made by a migration), stemmed by its Porter tokenizer, ranked by BM25."""

from django.db import connection

from learnpaths.search.candidates import COLUMNS, Candidate
from learnpaths.search.queries import Clause, Query

_WEIGHTS = "10.0, 4.0, 1.0, 0.3"  # title, terms, text, code
_FIND = f"""
    SELECT {COLUMNS}, hit.score
    FROM (
        SELECT rowid AS id, -bm25(search_index, {_WEIGHTS}) AS score FROM search_index
        WHERE search_index MATCH %s AND (%s = '' OR rowid IN (SELECT id FROM search_document WHERE kind = %s))
        ORDER BY score DESC LIMIT %s
    ) AS hit JOIN search_document AS document ON document.id = hit.id
    ORDER BY hit.score DESC, document.id
"""  # noqa: S608 - constants of ours


def index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")


def find(query: Query, *, kind: str = "", limit: int) -> list[Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [_expression(query), kind, kind, limit])
        return [Candidate(*row) for row in cursor.fetchall()]


def _expression(query: Query) -> str:
    """Return the query in FTS5's language; words have letters and digits only, so that quotes hold them."""
    return (" OR " if query.is_relaxed else " AND ").join(map(_alternatives, query.clauses))


def _alternatives(clause: Clause) -> str:
    return "(" + " OR ".join(f'"{" ".join(phrase)}"' for phrase in clause.phrases) + ")"
