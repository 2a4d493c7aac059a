"""What every template may use."""

import pytest

from learnpaths.core.context_processors import site


@pytest.mark.parametrize(("cookie", "theme"), [(None, ""), ("dark", "dark"), ("light", "light"), ('"><x>', "")])
def test_the_theme_is_one_of_two_or_none(rf, cookie, theme):
    request = rf.get("/")
    if cookie is not None:
        request.COOKIES["theme"] = cookie
    assert site(request)["theme"] == theme


def test_the_site_has_a_name_and_an_origin(rf, settings):
    settings.SITE_NAME, settings.BASE_URL = "Our site", "https://learn.example"
    known = {"site_name": "Our site", "base_url": "https://learn.example", "contact_url": "", "theme": ""}
    assert site(rf.get("/")) == known


@pytest.mark.parametrize(
    ("contact", "url"),
    [("help@example.org", "mailto:help@example.org"), ("https://example.org/@us", "https://example.org/@us"), ("", "")],
)
def test_where_the_operator_is_found(rf, settings, contact, url):
    settings.CONTACT = contact
    assert site(rf.get("/"))["contact_url"] == url
