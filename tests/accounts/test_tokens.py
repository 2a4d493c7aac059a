"""API tokens: random, kept only as a hash."""

import pytest
from django.db import connection

from learnpaths.accounts import tokens
from learnpaths.accounts.services import rotate_token

pytestmark = pytest.mark.django_db


def dump() -> str:
    """Everything that stands in the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            rows += map(str, cursor.fetchall())
    return "\n".join(rows)


def test_a_token_is_not_in_the_database(alice) -> None:
    key = rotate_token(user=alice)
    assert len(key) >= 40
    assert key not in dump()
    assert tokens.digest(key) in dump()


@pytest.mark.parametrize("key", ["", "x", "\u00e9", "x" * 10_000])
def test_a_wrong_token_is_refused(client, alice, key) -> None:
    rotate_token(user=alice)
    headers = {"Authorization": f"Token {key}"}
    assert client.get("/api/v1/exercises/", headers=headers).status_code == 401


def test_the_hash_is_no_token(client, alice) -> None:
    headers = {"Authorization": f"Token {tokens.digest(rotate_token(user=alice))}"}
    assert client.get("/api/v1/exercises/", headers=headers).status_code == 401


def test_a_token_of_a_sleeping_account_is_refused(client, alice) -> None:
    key = rotate_token(user=alice)
    alice.is_active = False
    alice.save()
    assert client.get("/api/v1/exercises/", headers={"Authorization": f"Token {key}"}).status_code == 401
