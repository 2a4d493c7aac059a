"""The page of the search."""

import pytest

pytestmark = pytest.mark.django_db


def test_it_works(client, garden):
    page = client.get("/search/", {"q": "  slope "}).text
    assert 'href="/paths/garden/seeds/"' in page
    assert 'value="slope"' in page


def test_a_long_query_is_cut(client, garden):
    assert f'value="{"x" * 100}"' in client.get("/search/", {"q": "x" * 5000}).text


def test_it_only_reads(client, garden):
    assert client.post("/search/", {"q": "slope"}).status_code == 405
