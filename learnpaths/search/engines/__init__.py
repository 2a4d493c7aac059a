"""Full text search by the database at hand: one module per engine, the same two functions in each.

`index()` makes the engine's index of all documents anew; `find()` returns the candidates for a query, best first.
"""

from typing import Protocol, cast

from django.db import connection

from learnpaths.search.candidates import Candidate
from learnpaths.search.engines import postgresql, sqlite
from learnpaths.search.queries import Query


class Engine(Protocol):
    def index(self) -> None: ...

    def find(self, query: Query, *, kind: str = "", limit: int) -> list[Candidate]: ...


_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def current() -> Engine:
    """Return the engine of the database at hand."""
    return cast(Engine, _ENGINES[connection.vendor])
