"""*Sign in* and *Create account* lead back to where one was, and never to another site."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.html import escape

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OTHER_SITES = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", "https:evil.example",
    "\thttps://evil.example",
]  # fmt: skip


def links(page):
    """Return where the head's two links lead back to."""
    head = page[page.index('class="site-tools"') : page.index("</header>")]
    addresses = re.findall(r'href="(/accounts/(?:login|signup)/[^"]*)"', head)
    assert len(addresses) == 2
    return {parse_qs(urlsplit(address.replace("&amp;", "&")).query).get("next", [""])[0] for address in addresses}


@pytest.mark.parametrize(
    "url", ["/paths/", "/exercises/", "/search/?q=a+b&c=%C3%A9", "/verify/", "/nowhere/", "/nowhere/?a=1"]
)
def test_the_head_leads_back_to_the_page(client, url):
    assert {escape(each) for each in links(client.get(url).text)} <= {escape(url), escape(url.replace("é", "%C3%A9"))}


def test_the_start_page_needs_no_way_back(client):
    assert links(client.get("/").text) == {""}


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/signup/"])
def test_the_entrances_hand_the_way_back_on_and_are_none_themselves(client, url):
    assert links(client.get(url).text) == {""}
    page = client.get(url, {"next": "/paths/?a=1"}).text
    assert links(page) == {"/paths/?a=1"}
    main = page[page.index("<main") :]
    assert 'name="next" value="/paths/?a=1"' in main
    assert re.search(r'href="/accounts/(login|signup)/\?next=%2Fpaths%2F%3Fa%3D1"', main)


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/signup/"])
@pytest.mark.parametrize("target", OTHER_SITES)
def test_no_other_site_is_a_way_back(client, alice, password, url, target):
    page = client.get(url, {"next": target}).text
    assert links(page) == {""}
    answer = client.post(
        url,
        {
            "login": alice.email,
            "email": "dora@example.org",
            "password": password,
            "password1": "kettle-sings-9",
            "next": target,
        },
    )
    assert answer.url == "/"


def test_signing_in_and_signing_up_lead_back(client, alice, password):
    answer = client.post("/accounts/login/", {"login": alice.email, "password": password, "next": "/paths/#a"})
    assert answer.url == "/paths/#a"
    client.logout()
    answer = client.post(
        "/accounts/signup/", {"email": "dora@example.org", "password1": "kettle-sings-9", "next": "/paths/"}
    )
    assert answer.url == "/paths/"


def test_a_form_that_was_refused_leads_back_to_its_page(client, alice, password):
    refused = client.post("/accounts/token/new/")
    assert refused.url == "/accounts/login/?next=/accounts/token/new/"
    client.post(refused.url, {"login": alice.email, "password": password, "next": "/accounts/token/new/"})
    back = client.get("/accounts/token/new/", headers=HTML)
    assert (back.status_code, back.url) == (302, "/accounts/token/")
    assert client.get("/accounts/token/new/").status_code == 405


def test_the_mail_that_confirms_an_address_leads_back(client, mailoutbox):
    client.post("/accounts/signup/", {"email": "dora@example.org", "password1": "kettle-sings-9", "next": "/paths/"})
    link = re.search(r"http\S+/accounts/confirm-email/\S+", mailoutbox[0].body)[0]
    answer = client.get(link)
    assert "Confirm" in answer.text
    follow = client.post(link, {"next": parse_qs(urlsplit(link).query)["next"][0]}, follow=True)
    assert follow.redirect_chain[-1][0] == "/paths/"


def test_where_addresses_must_be_confirmed_the_confirmation_signs_in_and_leads_back(client, mailoutbox, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_up = {"email": "dora@example.org", "password1": "kettle-sings-9", "next": "/paths/"}
    assert client.post("/accounts/signup/", sign_up).url == "/accounts/confirm-email/"
    link = re.search(r"http\S+/accounts/confirm-email/\S+", mailoutbox[0].body)[0]
    assert client.post(link).url == "/paths/"
    assert "_auth_user_id" in client.session


def test_in_another_browser_the_confirmation_asks_to_sign_in_first(client, django_client, mailoutbox, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.post("/accounts/signup/", {"email": "dora@example.org", "password1": "kettle-sings-9", "next": "/paths/"})
    link = re.search(r"http\S+/accounts/confirm-email/\S+", mailoutbox[0].body)[0]
    answer = django_client.post(link, {"next": parse_qs(urlsplit(link).query)["next"][0]})
    assert answer.url == "/accounts/login/?next=%2Fpaths%2F"
    assert "_auth_user_id" not in django_client.session


@pytest.fixture
def django_client():
    """Another browser."""
    from django.test import Client

    return Client()


def test_no_message_says_that_one_signed_in(client, alice, password):
    page = client.post("/accounts/login/", {"login": alice.email, "password": password}, follow=True).text
    assert 'class="messages' not in page
