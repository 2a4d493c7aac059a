"""Findings on the page of a submission: a picture and a table that say the same, whatever stands in them."""

import os
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from exercises import services
from exercises.assignment.report import Finding
from exercises.models import State
from exercises.pages.finding_charts import views
from exercises.runner import findings

SHOTS = os.environ.get("SCREENSHOTS")  # a folder, for whoever wants to look
EVIL = '"><script>alert(1)</script>'
MADE = {
    "confusion": findings.confusion([0, 0, 1, 1], [0, 1, 0, 0], labels=["cat", EVIL]),
    "residuals": findings.residuals([1.0, 2.0, 3.0], [1.5, 2.0, 2.0], unit=EVIL),
    "slices": findings.slices([1, 0, 1, 1], ["a", "a", EVIL, EVIL]),
    "examples": findings.examples([EVIL, "fine"], ["spam", "ham"], [EVIL, "ham"]),
}


@pytest.mark.parametrize("kind", MADE)
def test_a_finding_is_drawn_and_its_text_escaped(kind):
    [view] = views([Finding(MADE[kind])])
    assert "<script" not in str(view.picture)
    assert not re.search(r"\sstyle=", str(view.picture))
    assert view.rows or view.examples


def test_the_summary_says_the_main_thing():
    assert "taken for cat, 2 of 2" in views([Finding(MADE["confusion"])])[0].summary
    assert views([Finding(MADE["slices"])])[0].summary.startswith("Worst: a with 0.5")
    assert "too low" in views([Finding(MADE["residuals"])])[0].summary


def test_a_picture_keeps_its_pixels():
    image = np.zeros((4, 6), "uint8")
    image[1, 2:5] = 255
    [example] = views([Finding(findings.examples(image[None], [1], [1]))])[0].examples
    assert '<path fill="#ffffff" d="M2 1h3v1h-3z"></path>' in example.picture
    colours = np.zeros((1, 2, 2, 3))
    colours[..., 0] = 1.0
    [example] = views([Finding(findings.examples(colours, [1], [1]))])[0].examples
    assert 'fill="#ff0000"' in example.picture


@pytest.mark.parametrize(
    "finding",
    [
        {},
        {"kind": "none", "message": "ValueError: no"},
        {"kind": "confusion"},
        {"kind": "confusion", "title": "", "labels": ["a"], "matrix": [["x"]]},
        {"kind": "slices", "title": "", "metric": "m", "better": "higher", "overall": 1, "left_out": 0, "rows": []},
        {"kind": "residuals", "title": "", "unit": "", "edges": [], "counts": [], "mean": 0, "mean_absolute": 0, "worst": 0},
        {"kind": "examples", "title": "", "rows": [{"truth": "a", "predicted": "b", "right": True, "picture": "!!", "height": 1,
                                                     "width": 1, "channels": 1}]},
    ],
)  # fmt: skip
def test_what_is_not_a_finding_is_left_out(finding):
    assert views([Finding(finding)]) == []


def test_they_stand_on_the_page_of_the_submission(as_alice, submission):
    check = {
        "id": "adds",
        "title": "Adds",
        "hidden": True,
        "outcome": "failed",
        "points": 0,
        "max_points": 1,
        "message": "",
    }
    report = {"verdict": "failed", "points": 0, "max_points": 4, "passed": False, "checks": [{**check, "findings": list(MADE.values())}], "cells": [], "phases": {}, "limits": {}, "runtime": {},
              "seed": 1, "version": "sha256:0"}  # fmt: skip
    type(submission).objects.filter(id=submission.id).update(state=State.FINISHED, verdict="failed", report=report)
    page = as_alice.get(f"/submissions/{submission.id}/").content.decode()
    assert page.count('<figure class="finding">') == 4
    assert "What was taken for what" in page and "The same as a table" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_in_the_browser(browser_page, live_site, sign_in, axe, alice, exercise, answers, width, scheme):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 10, 400)
    said = np.where(rng.random(400) < 0.9, truth, rng.integers(0, 10, 400))
    found = [
        findings.confusion(truth, said),
        findings.residuals(rng.normal(0, 1, 300), rng.normal(0.2, 1, 300), unit="mm"),
        findings.slices(truth == said, [f"clinic {n % 5}" for n in range(400)]),
        findings.examples(rng.random((8, 8, 8)), truth[:8], said[:8]),
        findings.examples(["Win a prize now", "Lunch at noon?"], ["spam", "ham"], ["ham", "ham"]),
        findings.examples(rng.random((2, 24)).cumsum(axis=1), [1.0, 2.0], [1.5, 2.0]),
    ]
    check = {
        "id": "adds",
        "title": "Adds",
        "hidden": True,
        "outcome": "failed",
        "points": 0,
        "max_points": 1,
        "message": "",
    }
    report = {"verdict": "failed", "points": 0, "max_points": 4, "passed": False, "checks": [{**check, "findings": found}], "cells": [], "phases": {}, "limits": {}, "runtime": {}, "seed": 1,
              "version": "sha256:0"}  # fmt: skip
    submission = services.submit(user=alice, exercise=exercise, sources=answers)
    type(submission).objects.filter(id=submission.id).update(state=State.FINISHED, verdict="failed", report=report)
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.set_viewport_size({"width": width, "height": 844})
    sign_in(browser_page, alice)
    browser_page.goto(f"/submissions/{submission.id}/")
    browser_page.get_by_text("The same as a table").first.click()
    expect(browser_page.get_by_role("columnheader", name="truth")).to_be_visible()
    axe(browser_page)
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if SHOTS:
        browser_page.screenshot(path=f"{SHOTS}/findings-{width}.png", full_page=True)
