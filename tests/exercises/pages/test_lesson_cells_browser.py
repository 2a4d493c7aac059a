"""The cells of a lesson in a real browser, on the real kernel: run, edit, break, stop, reset, and what is said meanwhile."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from exercises.grading import heartbeats
from exercises.kernels import lessons, sessions
from exercises.kernels.commands import RunCells
from learnpaths.catalog.markdown import render_page
from learnpaths.catalog.models import Lesson
from tests.catalog.conftest import garden
from tests.exercises.kernels.host.test_kernel_host import start_host, zygote_addresses

__all__ = ["garden", "start_host", "zygote_addresses"]
pytestmark = [pytest.mark.browser, pytest.mark.jail]
SHOTS = os.environ.get("SCREENSHOTS")  # a folder, for whoever wants to look
TEXT = """Seeds are counted before they are sown. The basket holds twenty, and nobody has counted it twice.

```python
import time
seeds = 20
```

```python run
# One for the crow
kept = seeds - 1
print(f"{kept} seeds are left")
```

```
19 seeds are left
```

Half of what is left is sown.

```python run
kept / 2
```
"""


@pytest.fixture
def lesson(garden):
    row = Lesson.objects.select_related("step").get(step__slug="water")
    row.body_html, row.blocks = render_page(TEXT).html, []
    row.save()
    return "/paths/garden/water/"


@pytest.fixture
def worker(start_host, monkeypatch):
    """A host that the site knows of, as `manage.py worker` announces it."""
    monkeypatch.setattr(heartbeats, "LIFE_SECONDS", 600)
    start_host()
    heartbeats.announce(heartbeats.INTERACTIVE, "ready", 2)
    yield
    heartbeats.retire(heartbeats.INTERACTIVE)


@pytest.fixture
def page(browser_page, sign_in, alice, lesson):
    sign_in(browser_page, alice)
    return browser_page


def cell(page, number):
    return page.locator(f"[data-lesson-cell='{number}']")


def button(page, name, number=1):
    return page.get_by_role("button", name=f"{name} cell {number}")


def state(page, number=1):
    return cell(page, number).locator("[data-cell-state]")


def out(page, number=1):
    return page.get_by_role("group", name=f"Output of cell {number}")


def show(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"cell-{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_learner_runs_edits_breaks_and_resets(page, lesson, axe, worker, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(lesson)
    axe(page)
    show(page, f"before-{width}")
    button(page, "Run", 2).click()  # what comes above it runs first, and shows what it puts out
    expect(out(page, 2)).to_have_text("9.5")
    expect(out(page, 1)).to_have_text("19 seeds are left")
    expect(state(page, 2)).to_contain_text("ran in")
    expect(page.locator("[data-spoken]")).to_contain_text("9.5")
    button(page, "Edit").click()
    code = page.get_by_role("textbox", name="Code of cell 1")
    expect(code).to_be_focused()
    assert code.evaluate("area => [area.selectionStart, area.scrollLeft]") == [0, 0]
    code.fill("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nkept = seeds // 0")
    code.press("Shift+Enter")
    expect(state(page)).to_have_text("stopped by an error")
    expect(out(page).get_by_text("ZeroDivisionError").first).to_be_visible()
    expect(out(page).get_by_role("img")).to_be_visible()
    expect(page.locator("[data-spoken]")).to_contain_text("ZeroDivisionError")
    axe(page)
    show(page, f"error-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Line 4").click()
    assert code.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == "kept = seeds // 0"
    button(page, "Run", 2).click()
    expect(state(page, 2)).to_have_text("Not run: code above it stopped with an error.")
    button(page, "Reset").click()
    expect(code).to_be_hidden()
    expect(button(page, "Edit")).to_be_focused()
    page.locator("#cell-2 pre.code").focus()
    page.keyboard.press("Shift+Enter")
    expect(out(page, 2)).to_have_text("9.5")
    expect(out(page, 1)).to_have_text("19 seeds are left")
    show(page, f"after-{width}")


def test_it_can_be_stopped_and_goes_on_after_its_kernel_ended(page, lesson, alice, worker):
    page.goto(lesson)
    button(page, "Edit").click()
    code = page.get_by_role("textbox", name="Code of cell 1")
    code.fill("kept = 3\nprint('asleep')\ntime.sleep(60)")
    button(page, "Run").click()
    expect(button(page, "Stop")).to_be_focused()
    expect(out(page)).to_have_text("asleep")
    button(page, "Stop").click()
    expect(state(page)).to_have_text("stopped")
    code.fill("import os\nos._exit(1)")
    button(page, "Run").click()
    expect(state(page)).to_contain_text("a new kernel starts at once")
    button(page, "Reset").click()
    button(page, "Run").click()
    expect(out(page)).to_have_text("19 seeds are left")  # with what comes above it
    key = sessions.key_of(alice.pk, lessons.session_name("water"))
    assert sessions.state(key).state in ("idle", "busy")


def test_a_reload_shows_what_was_edited_and_put_out(page, lesson, worker):
    page.goto(lesson)
    button(page, "Edit").click()
    page.get_by_role("textbox", name="Code of cell 1").fill("kept = 7\nprint('seven')")
    button(page, "Run", 2).click()
    expect(out(page, 2)).to_have_text("3.5")
    page.reload()
    expect(out(page, 2)).to_have_text("3.5")
    expect(out(page, 1)).to_have_text("seven")
    expect(page.get_by_role("textbox", name="Code of cell 1")).to_have_value("kept = 7\nprint('seven')")
    expect(page.locator("[data-spoken]")).to_have_text("")
    button(page, "Reset").click()
    page.reload()
    expect(out(page, 1)).to_have_text("seven")
    expect(page.get_by_role("textbox", name="Code of cell 1")).to_be_hidden()


def test_without_a_worker_it_says_so(page, lesson):
    page.goto(lesson)
    button(page, "Run").click()
    expect(state(page)).to_contain_text("No machine that runs cells is up")
    expect(button(page, "Run")).to_be_focused()


def test_it_waits_in_line_and_stops_waiting(page, lesson):
    other = sessions.Opening(user=999, exercise="add", version=1, runtime="tf-2.21", seed=1)
    sessions.send(other, RunCells(run="r", kind="cells", cells=(), version=1))
    page.goto(lesson)
    heartbeats.announce(heartbeats.INTERACTIVE, "ready", 1)  # for fifteen seconds
    button(page, "Run").click()
    expect(state(page)).to_have_text("Waiting for a place: 1 before you.")
    button(page, "Stop").click()
    expect(state(page)).to_have_text("Stopped.")
    expect(button(page, "Run")).to_be_visible()


def test_signed_out_meanwhile(page, lesson):
    page.goto(lesson)
    page.context.clear_cookies()
    button(page, "Run").click()
    expect(state(page)).to_contain_text("You are signed out")


def test_a_visitor_reads_it(browser_page, lesson, axe):
    browser_page.goto(lesson)
    expect(browser_page.get_by_role("link", name="Sign in to run this")).to_have_count(2)
    expect(browser_page.get_by_role("button", name="Run")).to_have_count(0)
    axe(browser_page)
