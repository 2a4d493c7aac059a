"""Help, about, privacy and terms: the texts that come along, and those that an administrator writes instead."""

import re

import pytest
from django.conf import settings as site

from learnpaths.core import visitors
from learnpaths.site_texts import texts
from learnpaths.site_texts.models import MOST_CHARACTERS, Page, SiteText

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_charlie(client, charlie):
    client.force_login(charlie)
    return client


@pytest.fixture
def form(as_charlie):
    """Where the text of the privacy page is written."""
    as_charlie.get("/admin/site_texts/sitetext/")
    return f"/admin/site_texts/sitetext/{SiteText.objects.get(page=Page.PRIVACY).pk}/change/"


@pytest.mark.parametrize("page", Page)
def test_a_page_has_the_text_that_comes_along(client, page):
    answer = client.get(f"/{page}/")
    assert answer.status_code == 200
    assert f"<h1>{page.label}</h1>" in answer.text
    assert '<div class="prose"><' in answer.text
    assert not re.search(r"\$(site|operator|contact)", answer.text)


@pytest.mark.parametrize("page", Page)
def test_every_page_leads_to_it_from_its_foot(client, page):
    foot = client.get("/paths/").text.partition("<footer")[2]
    assert f'href="/{page}/"' in foot


@pytest.mark.parametrize("page", Page)
def test_a_default_has_no_problem_and_only_links_that_lead_somewhere(client, alice, page):
    body = texts.default_text(page)
    assert texts.problems_in(body) == []
    client.force_login(alice)
    for address in re.findall(r"\]\((/[^)]*)\)", body):
        assert client.get(address).status_code == 200, address


def test_the_privacy_page_names_every_cookie_that_a_browser_can_get(client):
    page = client.get("/privacy/").text
    for name in (site.SESSION_COOKIE_NAME, site.CSRF_COOKIE_NAME, "messages", "theme", "timezone", "checkpoints"):
        assert f"<code>{name}</code>" in page


@pytest.mark.parametrize(
    ("contact", "address"),
    [("help@example.org", "mailto:help@example.org"), ("https://example.org/ask", "https://example.org/ask")],
)
def test_the_contact_is_named_where_there_is_one(client, settings, contact, address):
    assert "Contact" not in client.get("/help/").text
    settings.CONTACT = contact
    visitors.forget()
    page = client.get("/help/").text
    assert page.count(f'href="{address}"') == 2  # in the text and in the foot


def test_the_operator_is_named(client, settings):
    settings.ISSUER_NAME = "Example Academy"
    for page in ("about", "privacy", "terms"):
        assert "<strong>Example Academy</strong>" in client.get(f"/{page}/").text


def test_an_administrator_writes_a_text_and_takes_it_back(as_charlie, client, form):
    before = client.get("/privacy/").text
    assert "What is kept with your account" in as_charlie.get(form).text
    as_charlie.post(form, {"body": "## Ours\r\nWe keep *nothing*."})
    page = client.get("/privacy/").text
    assert "<em>nothing</em>" in page
    assert "What is kept with your account" not in page
    assert "your own" in as_charlie.get("/admin/site_texts/sitetext/").text
    as_charlie.post(form, {"body": "whatever", "_default": "1"})
    assert SiteText.objects.get(page=Page.PRIVACY).is_default
    assert client.get("/privacy/").text.partition("<article")[2] == before.partition("<article")[2]


@pytest.mark.parametrize("body", ["", "  \r\n ", "default"])
def test_nothing_and_the_default_itself_stay_the_default(as_charlie, form, body):
    as_charlie.post(
        form, {"body": texts.default_text(Page.PRIVACY).replace("\n", "\r\n") if body == "default" else body}
    )
    assert SiteText.objects.get(page=Page.PRIVACY).body == ""


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("fine\n\n<script>alert(1)</script>", "Line 3: HTML is not allowed"),
        ("<b>bold</b>", "Line 1: HTML is not allowed"),
        ("# Title", "Headings are ## to ####"),
        ("[x](javascript:alert(1))", "A link may start with"),
        ("![x](https://example.org/x.png)", "Pictures are not supported"),
        ("::: figure descent\nA ball.\n:::", "A lesson can have this"),
        ("::: checkpoint one\n:::", "A lesson can have this"),
        ("x" * (MOST_CHARACTERS + 1), "at most 50000 characters"),
    ],
)
def test_what_has_no_place_is_refused_and_stays_in_the_form(as_charlie, form, body, problem):
    answer = as_charlie.post(form, {"body": body})
    assert answer.status_code == 200
    assert problem in answer.text.replace("&#x27;", "'")
    assert SiteText.objects.get(page=Page.PRIVACY).is_default


def test_what_is_in_the_table_is_harmless_whatever_it_is(client):
    SiteText.objects.create(
        page=Page.ABOUT, body="<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)>"
    )
    page = client.get("/about/").text.partition("<main")[2]
    assert "<script>" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_a_preview_keeps_nothing(as_charlie, form):
    answer = as_charlie.post(form, {"body": "We keep *nothing*.", "_preview": "1"})
    assert "A preview" in answer.text
    assert "<em>nothing</em>" in answer.text
    assert SiteText.objects.get(page=Page.PRIVACY).is_default
    assert "HTML is not allowed" in as_charlie.post(form, {"body": "<b>", "_preview": "1"}).text


def test_only_who_may_change_texts_sees_them(client, alice, form):
    client.force_login(alice)
    alice.is_staff = True
    alice.save()
    for data in ({"body": "mine"}, {"body": "mine", "_preview": "1"}, {"body": "mine", "_default": "1"}):
        assert client.post(form, data).status_code == 403
    assert SiteText.objects.get(page=Page.PRIVACY).is_default


def test_a_page_costs_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/terms/")


def test_pages_are_only_read(client):
    assert client.post("/help/").status_code == 405
