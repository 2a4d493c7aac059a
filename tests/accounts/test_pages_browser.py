"""The way in and back in a real browser, at a phone's width, without a mouse, without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.catalog.conftest import garden  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
LESSON = "/paths/garden/seeds/"
PASSWORD = "kettle-sings-9"


@pytest.fixture
def page(browser_page, garden):  # noqa: F811
    return browser_page


@pytest.mark.parametrize("width", [390, 320])
def test_create_account_leads_back_to_the_lesson_and_pushes_nothing_down(page, axe, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(LESSON)
    top = page.locator("h1").bounding_box()["y"]
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_in_viewport()
    page.get_by_role("banner").get_by_role("link", name="Create account").click()
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.locator("main input[type=email]").fill("dora@example.org")
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_url(re.compile(f"{LESSON}$"))
    message = page.locator(".messages .note-box")
    expect(message).to_have_count(1)
    expect(message.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    axe(page)
    assert page.locator("h1").bounding_box()["y"] < top + 20  # the head of the page has another height
    message.get_by_role("button", name="Close").press("Enter")
    expect(message).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_without_script_messages_stand_above_the_page(chromium, live_site, garden):  # noqa: F811
    context = chromium.new_context(base_url=live_site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/accounts/signup/?next={LESSON}")
    page.locator("main input[type=email]").fill("dora@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    message = page.locator(".messages .note-box")
    expect(message).to_be_visible()
    expect(message.get_by_role("button")).to_be_hidden()
    assert message.bounding_box()["y"] < page.locator("h1").bounding_box()["y"]
    context.close()


def test_a_password_can_be_seen_while_it_is_typed(page, axe):
    page.goto("/accounts/signup/")
    field = page.get_by_role("textbox", name="Password")
    field.fill(PASSWORD)
    expect(field).to_have_attribute("type", "password")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show Password")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("type", "text")
    axe(page)
    page.get_by_role("button", name="Hide Password").click()
    expect(field).to_have_attribute("type", "password")
