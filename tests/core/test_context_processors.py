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
    assert site(rf.get("/")) == {"site_name": "Our site", "base_url": "https://learn.example", "theme": ""}
