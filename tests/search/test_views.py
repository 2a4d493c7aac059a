import json

import pytest

from learnpaths.search import engines, selectors
from learnpaths.search.models import Document

pytestmark = pytest.mark.django_db
BAD = ["", " ", "%", "%%", "_", "'", '"', '"a', "a*", "*", "NEAR(a b)", "a AND", "OR", "a:b", "-a", "(", ")", "\\", "a\x00b", "\x00", "<script>alert(1)</script>", "שלום עולם", "\u202egpj", "🙂🤖", "& | ! <->", "a:*", "é" * 300, "x" * 10_000, "a b " * 3000, "\ud7ff\uffff"]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_whatever_is_typed_is_answered(client, garden, text):
    for url in ("/search/", "/search/suggestions/", "/glossary/"):
        assert client.get(url, {"q": text}).status_code == 200
    assert client.get("/search/", {"q": text, "kind": "lesson", "page": "2"}).status_code == 200


@pytest.mark.parametrize(("kind", "page"), [("nonsense", "1"), ("lesson", "0"), ("lesson", "-1"), ("lesson", "9" * 50), ("lesson", "٣"), ("", "x")])  # fmt: skip
def test_kinds_and_pages_that_are_none(client, garden, kind, page):
    assert client.get("/search/", {"q": "slope", "kind": kind, "page": page}).status_code == 200


def test_results_are_marked_and_escaped(client, garden):
    page = client.get("/search/", {"q": "slope"}).text
    assert 'href="/paths/garden/seeds/#s-down-the-slope"' in page
    assert "<mark>slope</mark>" in page
    assert 'value="slope"' in page
    assert "<script>alert" not in client.get("/search/", {"q": "<script>alert(1)</script> slope"}).text


def test_a_long_search_says_that_it_was_cut(client, garden):
    page = client.get("/search/", {"q": "slope " + "x" * 10_000}).text
    assert "at most 100" in page
    assert "x" * 101 not in page.partition("<main")[2]
    assert "at most 100" not in client.get("/search/", {"q": "slope"}).text


def test_nothing_found_says_what_to_do(client, garden):
    page = client.get("/search/", {"q": "mornimg qqqqqq"}).text
    assert "No page has all of these words" in page
    page = client.get("/search/", {"q": "qqqqqq"}).text
    assert "Nothing was found" in page
    assert 'href="/glossary/"' in page
    assert "press / to get there" in client.get("/search/").text


def test_pages_of_a_kind_are_linked(client, garden, monkeypatch):
    monkeypatch.setattr(selectors, "IN_GROUP", 1)
    monkeypatch.setattr(selectors, "ON_PAGE", 1)
    page = client.get("/search/", {"q": "seeds"}).text
    assert "/search/?q=seeds&amp;kind=lesson" in page
    first = client.get("/search/?q=seeds&kind=lesson").text
    assert "/search/?q=seeds&amp;kind=lesson&amp;page=2" in first
    assert "page=0" not in first


def test_suggestions_are_small_cached_and_nobodys_own(client, garden, alice):
    client.force_login(alice)
    answer = client.get("/search/suggestions/", {"q": "slo"})
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.headers["Vary"]
    assert json.loads(answer.content)["items"][0] == {
        "title": "Down the slope",
        "url": "/paths/garden/seeds/#s-down-the-slope",
        "note": "Lessons · A small garden › Seeds and their slope",  # noqa: RUF001
    }
    assert client.get("/search/suggestions/", {"q": "qqqqqq"}).json() == {"status": "No suggestions", "items": []}


def test_suggestions_stay_below_five_kilobytes(client, garden):
    long = [
        Document(kind="lesson", key=str(n), title=f"seeds {n} " + "é" * 900, url=f"/{n}/", trail="é" * 900)
        for n in range(20)
    ]
    Document.objects.bulk_create(long)
    engines.current().index()
    assert len(client.get("/search/suggestions/", {"q": "seeds"}).content) < 5000


def test_the_glossary(client, garden):
    page = client.get("/glossary/").text
    assert '<div id="slope">' in page
    assert 'href="#letter-1"' in page
    assert 'href="/paths/garden/seeds/#s-down-the-slope"' in page
    filtered = client.get("/glossary/?q=steep").text
    assert '<div id="slope">' in filtered
    assert '<div id="bowl">' not in filtered
    assert "No term has this text" in client.get("/glossary/?q=qqqqqq").text


@pytest.mark.parametrize(
    ("url", "visitor"), [("/search/?q=slope", 5), ("/search/suggestions/?q=slope", 2), ("/glossary/", 1)]
)
def test_queries_are_few(client, garden, url, visitor, django_assert_num_queries):
    client.get(url)
    with django_assert_num_queries(visitor):
        client.get(url)
