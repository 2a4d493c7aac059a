"""The pages in a real browser: nothing that axe finds, nothing cut off at 390 px, and they do without a mouse."""

import pytest
from playwright.sync_api import expect

from tests.catalog.conftest import ROOTS

PAGES = ["/", "/paths/", "/paths/garden/", "/paths/garden/seeds/", "/search/?q=slope", "/nowhere/"]
ENTRANCE = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
OWN = ["/", "/paths/garden/", "/paths/garden/seeds/", "/accounts/profile/", "/accounts/token/", "/accounts/email/"]
OWN += ["/accounts/2fa/", "/accounts/password/change/"]


@pytest.fixture
def site(live_site, garden):
    """The live site with the garden on it."""
    return live_site


def check(page, axe, urls):
    for url in urls:
        page.goto(url)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{url} is wider than the view"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_visitor_pages(browser_page, site, axe, scheme, width):
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 844})
    check(browser_page, axe, PAGES + ENTRANCE)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_learner_pages(browser_page, site, axe, sign_in, alice, scheme, width):
    sign_in(browser_page, alice)
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 844})
    check(browser_page, axe, OWN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_checkpoint_by_keyboard(browser_page, site, axe, scheme):
    page = browser_page
    page.emulate_media(color_scheme=scheme)
    page.goto("/paths/garden/seeds/")
    page.get_by_label("To larger w").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    first = page.locator("#checkpoint-sign-of-the-slope")
    expect(first.get_by_text("That is uphill.")).to_be_visible()
    expect(first.locator(".verdict")).to_be_focused()
    axe(page)
    first.get_by_label("To smaller w").check()
    first.get_by_role("button").click()
    expect(first.get_by_text("Right: downhill")).to_be_visible()
    axe(page)
    number = page.locator("#checkpoint-one-step")
    number.get_by_role("textbox").fill("far")
    page.keyboard.press("Enter")
    expect(number.get_by_text("Type one number")).to_be_visible()
    axe(page)
    page.reload()
    expect(first.get_by_text("Right: downhill")).to_be_visible()


def test_skip_link_search_key_and_menu(browser_page, site, sign_in, alice):
    page = browser_page
    sign_in(page, alice)
    page.goto("/paths/garden/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_role("combobox", name="Search")).to_have_value("a/b")
    page.locator("summary", has_text="alice").click()
    expect(page.get_by_role("link", name="Profile and settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Profile and settings")).to_be_hidden()


def test_theme_is_switched_kept_and_seen_by_scripts(browser_page, site):
    page = browser_page
    page.emulate_media(color_scheme="light")
    page.goto("/")
    ink = "getComputedStyle(document.documentElement).getPropertyValue('--ink')"
    assert page.evaluate(ink) == "rgb(31, 28, 24)"
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate(ink) == "rgb(235, 230, 220)"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_figure_is_built_and_rebuilt_for_a_theme(browser_page, site, axe, tmp_path):
    lesson = _garden_with_figure(tmp_path)
    browser_page.goto(lesson)
    stage = browser_page.locator("figure[data-figure=descent] .stage")
    expect(stage.locator(":scope > *").first).to_be_visible()
    browser_page.get_by_role("button", name="Switch between light and dark").click()
    expect(stage.locator(":scope > *").first).to_be_visible()
    axe(browser_page)


def _garden_with_figure(folder):
    import shutil

    from learnpaths.catalog.loader import load

    shutil.copytree(ROOTS / "good", folder / "root")
    file = folder / "root/paths/garden/water/lesson.md"
    file.write_text(file.read_text() + "\n::: figure descent\nA ball rolls down a bowl.\n:::\n")
    assert load([folder / "root"]).problems == []
    return "/paths/garden/water/"


def test_lesson_without_script(chromium, site, alice):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/paths/garden/seeds/")
    page.get_by_role("textbox", name="From w").fill("0.6")
    page.locator("#checkpoint-one-step button").click()
    expect(page.get_by_text("You went uphill")).to_be_visible()
    context.close()
