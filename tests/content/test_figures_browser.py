"""Figures compute in the page what their lessons say in words: set by keyboard, and read. Of Sequences all, and the very first one."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from learnpaths.catalog.loader import load

CONTENT = settings.BASE_DIR / "learnpaths/content"
SHOTS = os.environ.get("SCREENSHOTS")  # a folder, for whoever wants to look


@pytest.fixture
def figure(browser_page, transactional_db):
    """Open a lesson and return its figure, built."""
    assert load([CONTENT]).problems == []

    def open_figure(lesson, path="sequences"):
        browser_page.goto(f"/paths/{path}/{lesson}/")
        found = browser_page.locator("figure[data-figure]")
        found.scroll_into_view_if_needed()
        expect(found.locator(".fig")).to_be_visible()
        return found

    return open_figure


@pytest.mark.parametrize(
    ("lesson", "chosen", "said"),
    [
        ("windows-and-baselines", [], ["No leak", "look-up: 1.16 of the error"]),
        ("windows-and-baselines", ["shuffled"], ["Alarm: one leak", "look-up: 0.96 of the error"]),
        ("windows-and-baselines", ["linear", "Fit the scaler on all"], ["Alarm: one leak", "linear: 0.87 of the error", "Without the leak it is 0.89"]),
        ("forecast", ["persistence"], ["linear 0.63, dense 0.61, persistence 1.25"]),
        ("networks-with-memory", [], ["they see 9 steps", "12 % of the event is left"]),
        ("networks-with-memory", ["Dilation doubles with each layer"], ["the event is seen, by 5 paths", "31"]),
        ("how-sure", [], ["94 % of all days, 99 % of working days, 81 % of weekends; width 303; negative log-likelihood 5.99"]),
        ("how-sure", ["one for each day"], ["90 % of all days, 90 % of working days, 89 % of weekends; width 236; negative log-likelihood 5.64"]),
    ],
)  # fmt: skip
def test_it_computes_what_the_lesson_says(figure, lesson, chosen, said):
    found = figure(lesson)
    for name in chosen:
        found.get_by_label(name, exact=True).press("Space")
    for words in said:
        expect(found).to_contain_text(words)
    if SHOTS:
        found.screenshot(path=Path(SHOTS) / f"{lesson}-{'-'.join(chosen) or 'first'}.png")


def test_the_origin_of_a_forecast_moves_by_key_and_by_hand(figure, browser_page):
    found = figure("forecast")
    origin = found.get_by_role("slider", name="Forecast from")
    origin.press("End")
    expect(found).to_contain_text("From 2010, quarter 4")
    box = found.locator(".fr-strip").bounding_box()
    browser_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    browser_page.mouse.down()
    browser_page.mouse.move(box["x"] + 5, box["y"] + 40)
    browser_page.mouse.up()
    expect(found).to_contain_text("From 1950, quarter 1")


@pytest.mark.parametrize(
    ("picture", "key", "said"),
    [
        ("Picture 2: bag", "End", ["After 10 epochs the model says bag, with 99 %. That is right", "names 83.9 % correctly", "88.4 %"]),
        ("Picture 2: bag", "ArrowRight", ["After 1 epoch the model says shirt, with 70 %", "the label says bag", "79.8 %", "79.3 %"]),
        ("Picture 8: T-shirt", "End", ["the model says dress, with 62 %", "the label says T-shirt"]),
        ("Picture 1: ankle boot", "Home", ["Before training", "names 13.1 % correctly", "12.3 %"]),
    ],
)  # fmt: skip
def test_a_first_model_learns_as_the_lesson_says(figure, picture, key, said):
    found = figure("first-model", path="foundations")
    found.get_by_label(picture, exact=True).press("Space")
    found.get_by_role("slider", name="Epochs of training").press(key)
    for words in said:
        expect(found).to_contain_text(words)
