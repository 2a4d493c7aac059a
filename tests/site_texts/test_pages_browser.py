"""The pages in a real browser: nothing that axe finds, nothing cut off."""

import pytest

from learnpaths.site_texts.models import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_the_pages(browser_page, axe, scheme, width):
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 844})
    for page in Page:
        browser_page.goto(f"/{page}/")
        axe(browser_page)
        assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page
