import pytest

from learnpaths.catalog import selectors
from learnpaths.catalog.models import Path

pytestmark = pytest.mark.django_db


def found(query):
    return [step.slug for step in selectors.search(query)]


def test_it_works(client, garden):
    assert found("seed slope") == ["seeds"]
    page = client.get("/search/?q=slope").text
    assert 'href="/paths/garden/seeds/"' in page
    assert 'value="slope"' in page


def test_title_comes_first(garden):
    assert found("water") == ["water"]
    assert found("seeds") == ["seeds", "water"]


@pytest.mark.parametrize("query", ["", "   ", "nothing like this", "seeds nothing"])
def test_nothing_found(client, garden, query):
    assert found(query) == []
    assert client.get("/search/", {"q": query}).status_code == 200


def test_wildcards_are_letters(garden):
    assert found("%") == []


def test_retired_paths_are_not_found(garden):
    Path.objects.update(is_listed=False)
    assert found("slope") == []


def test_query_is_escaped(client, garden):
    assert "<script>" not in client.get("/search/", {"q": "<script>"}).text.replace("<script src", "")
