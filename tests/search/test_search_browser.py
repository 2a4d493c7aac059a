"""The search box in a real browser: a combobox by the keyboard, and a plain form without script."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page(browser_page, live_site, garden):
    browser_page.goto("/paths/")
    return browser_page


@pytest.fixture
def box(page):
    """The box with its suggestions for "slo" open."""
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    page.keyboard.type("slo")
    expect(page.get_by_role("option").first).to_be_visible()
    return box


def test_arrows_walk_enter_opens(page, box):
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/paths/garden/seeds/#s-down-the-slope")


def test_enter_without_a_choice_searches_and_arrows_walk_the_results(page, box):
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=slo")
    links = page.locator("[data-results] h3 a")
    links.first.focus()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.first).to_be_focused()


def test_escape_closes_and_a_click_opens(page, box):
    page.keyboard.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("slo")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.click()
    expect(page).to_have_url("/paths/garden/seeds/#s-down-the-slope")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_no_violation_and_nothing_cut_off(page, box, axe, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    page.keyboard.press("ArrowDown")
    axe(page)
    edges = page.locator("#search-suggestions").bounding_box()
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= width
    for url in ("/search/?q=slope", "/search/?q=qqqqqq", "/search/?q=seeds&kind=lesson", "/glossary/"):
        page.goto(url)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url


def test_without_script_the_box_is_a_form(chromium, live_site, garden):
    context = chromium.new_context(base_url=live_site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/paths/")
    page.get_by_role("searchbox", name="Search").fill("slope")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Down the slope")).to_be_visible()
    page.goto("/glossary/")
    page.get_by_label("Show only terms with").fill("steep")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bowl")).to_have_count(0)
    context.close()
