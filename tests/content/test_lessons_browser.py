"""Our lessons in a real browser: each figure is built, nothing that axe finds, nothing wider than a phone."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from learnpaths.catalog.course_reader import read
from learnpaths.catalog.loader import load

CONTENT = settings.BASE_DIR / "learnpaths/content"
LESSONS = [
    (path.slug, step.lesson) for path in read(CONTENT / "paths").items.values() for step in path.steps if step.lesson
]
SHOTS = os.environ.get("SCREENSHOTS")  # a folder, for whoever wants to look


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_lesson(browser_page, axe, width, scheme):
    assert load([CONTENT]).problems == []
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 844})
    for path, lesson in LESSONS:
        browser_page.goto(f"/paths/{path}/{lesson.slug}/")
        for name, _ in lesson.figures:
            see(browser_page.locator(f"figure[data-figure={name}]"), f"{name}-{width}.png")
        axe(browser_page)
        assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{lesson.slug} is too wide"
        if SHOTS:
            browser_page.screenshot(path=Path(SHOTS) / f"lesson-{lesson.slug}-{width}.png", full_page=True)


def see(figure, name):
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".stage > *").first).to_be_visible()
    if SHOTS:
        figure.screenshot(path=Path(SHOTS) / name)
