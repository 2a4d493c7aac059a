"""The pages in a real browser: the keyboard, drafts and their conflicts, the live status, accessibility."""

import json

import pytest
from playwright.sync_api import expect

from exercises import services
from exercises.grading import claims, events, heartbeats, job_runner
from exercises.kernels import sessions
from exercises.kernels.commands import RunCells
from exercises.models import Draft, Submission
from tests.exercises.conftest import ANSWERS
from tests.exercises.graders import changed, no_points, passing

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser_page, sign_in, alice, exercise):
    sign_in(browser_page, alice)
    return browser_page


def open_exercise(page):
    page.goto("/exercises/add/")
    expect(page.locator("html[data-notebook-ready]")).to_be_attached()
    return page.get_by_role("textbox", name="Your cell 1")


def write(cell, text):
    """Replace what an editor holds as a person would. `fill` has Chromium merge lines itself, with styles that the CSP refuses."""
    cell.press("ControlOrMeta+a")
    cell.press("Delete")
    cell.page.keyboard.insert_text(text)


def text(page, cell="add"):
    """The field of the form that the editor keeps up to date."""
    return page.locator(f"#source-{cell}")


def saved(page):
    expect(page.locator("[data-draft-status][data-now=saved]")).to_be_visible()


def test_a_draft_is_saved_and_survives_a_reload(page, alice):
    cell = open_exercise(page)
    write(cell, "typed = 1")
    saved(page)
    page.reload()
    expect(text(page)).to_have_value("typed = 1")
    assert Draft.objects.get(user=alice).sources["add"] == "typed = 1"


def test_leaving_saves_at_once(page, alice):
    write(open_exercise(page), "typed = 2")
    page.goto("/exercises/")
    page.evaluate("localStorage.clear()")  # so that only the server can know it
    for _ in range(50):
        if Draft.objects.filter(user=alice, sources__add="typed = 2").exists():
            break
        page.wait_for_timeout(50)
    page.goto("/exercises/add/")
    expect(text(page)).to_have_value("typed = 2")


def test_what_this_browser_keeps_is_not_shown_to_the_next_person(page, sign_in, bob):
    page.route("**/draft/", lambda route: route.abort())  # so that only the browser can know it
    cell = open_exercise(page)
    write(cell, "typed by alice")
    cell.press("Escape")
    page.keyboard.press("b")
    page.keyboard.insert_text("tried by alice")
    expect(page.locator("[data-draft-status][data-now=saved]")).to_be_hidden()
    page.context.clear_cookies()
    sign_in(page, bob)
    open_exercise(page)
    expect(page.get_by_text("by alice")).to_have_count(0)
    assert "alice" not in page.content()


def test_what_was_written_before_signing_in_is_kept(browser_page, sign_in, alice, exercise):
    write(open_exercise(browser_page), "typed by a visitor")
    sign_in(browser_page, alice)
    open_exercise(browser_page)
    expect(text(browser_page)).to_have_value("typed by a visitor")
    saved(browser_page)
    assert Draft.objects.get(user=alice).sources["add"] == "typed by a visitor"


def test_the_keyboard_in_a_cell(page):
    cell = open_exercise(page)
    write(cell, "")
    cell.press_sequentially("def f():\nreturn 1")
    expect(text(page)).to_have_value("def f():\n    return 1")
    cell.press("Tab")
    expect(text(page)).to_have_value("def f():\n    return 1    ")
    cell.press("Shift+Tab")
    expect(text(page)).to_have_value("def f():\nreturn 1    ")
    cell.press("Escape")
    expect(page.locator("#cell-add")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Hint 1 of 2")).to_be_focused()


def test_a_cell_goes_back_to_its_starter_and_undo_brings_it_back(page):
    cell = open_exercise(page)
    starter = text(page).input_value()
    write(cell, "mine")
    page.get_by_role("button", name="Reset to starter add").click()
    expect(text(page)).to_have_value(starter)
    cell.press("Control+z")
    expect(text(page)).to_have_value("mine")


def test_the_bar_counts_who_is_before_in_the_line(page, alice):
    for user in (998, 999):
        other = sessions.Opening(user=user, exercise="add", version=1, runtime="tf-2.21", seed=1)
        sessions.send(other, RunCells(run="r", kind="cells", cells=(), version=1))
    open_exercise(page)
    heartbeats.announce(heartbeats.INTERACTIVE, "ready", 1)  # for fifteen seconds
    page.get_by_role("button", name="Run all").click()
    expect(page.locator("[data-kernel-text]")).to_have_text("Waiting for a place: 2 before you.")
    for user in (998, 999):
        sessions.withdraw(sessions.key_of(user, "add"))
    expect(page.locator("[data-kernel-text]")).to_have_text("Waiting for a place: you are next.")


def test_hints_come_one_after_another_and_are_recorded(page):
    open_exercise(page)
    expect(page.get_by_text("Hint 2 of 2")).to_be_hidden()
    with page.expect_response(lambda response: response.url.endswith("/hints/")) as response:
        page.get_by_text("Hint 1 of 2").click()
    assert response.value.status == 204
    expect(page.get_by_text("Hint 2 of 2")).to_be_visible()


@pytest.mark.parametrize(("choice", "expected"), [("Take the other", "other"), ("Keep what is in this page", "mine")])
def test_two_tabs_are_asked_which_to_keep(page, alice, exercise, choice, expected):
    cell = open_exercise(page)
    services.save_draft(user=alice, exercise=exercise, sources={"add": "other", "twice": "twice = 4"}, base=0)
    write(cell, "mine")
    dialog = page.get_by_role("region", name="Another tab or device saved a newer draft")
    expect(dialog.get_by_text("other", exact=True)).to_be_visible()
    expect(dialog.get_by_text("mine", exact=True)).to_be_visible()
    assert Draft.objects.get(user=alice).sources["add"] == "other"
    dialog.get_by_role("button", name=choice).click()
    saved(page)
    expect(text(page)).to_have_value(expected)
    assert Draft.objects.get(user=alice).sources["add"] == expected


def scratch_cell(page):
    return page.get_by_role("textbox", name="Scratch cell 1")


def test_scratch_cells_follow_their_learner_to_another_browser(page, alice):
    open_exercise(page).press("Escape")
    page.keyboard.press("b")
    write(scratch_cell(page), "only.a(trial)")
    saved(page)
    assert [cell["after"] for cell in Draft.objects.get(user=alice).scratch] == ["add"]
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(scratch_cell(page)).to_have_text("only.a(trial)")
    scratch_cell(page).press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(scratch_cell(page)).to_be_hidden()
    saved(page)
    page.keyboard.press("z")
    expect(scratch_cell(page)).to_have_text("only.a(trial)")


def test_a_scratch_cell_of_another_tab_is_not_overwritten(page, alice, exercise):
    cell = open_exercise(page)
    own = [{"id": "scratch-b1", "source": "theirs", "after": "add"}]
    sources = {"add": text(page).input_value(), "twice": text(page, "twice").input_value()}
    services.save_draft(user=alice, exercise=exercise, sources=sources, scratch=own, base=0)
    write(cell, "mine")
    dialog = page.get_by_role("region", name="Another tab or device saved a newer draft")
    expect(dialog.get_by_text("theirs", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Take the other").click()
    expect(scratch_cell(page)).to_have_text("theirs")
    expect(text(page)).to_have_value(sources["add"])


def test_what_a_visitor_writes_is_there_after_signing_in(browser_page, sign_in, alice, exercise):
    browser_page.goto("/exercises/add/")
    write(browser_page.get_by_role("textbox", name="Your cell 1"), "before signing in")
    sign_in(browser_page, alice)
    browser_page.goto("/exercises/add/")
    expect(text(browser_page)).to_have_value("before signing in")
    saved(browser_page)
    assert Draft.objects.get(user=alice).sources["add"] == "before signing in"


def test_without_a_connection_nothing_is_lost(page):
    cell = open_exercise(page)
    page.context.set_offline(True)
    write(cell, "offline work")
    expect(page.locator("[data-draft-status][data-now=offline]")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(text(page)).to_have_value("offline work")


def test_a_page_that_was_made_during_a_save_shows_what_was_saved(page):
    stale = page.request.get("/exercises/add/").text()
    write(open_exercise(page), "saved meanwhile")
    saved(page)
    page.route("**/exercises/add/", lambda route: route.fulfill(body=stale, content_type="text/html"))
    page.reload()
    expect(text(page)).to_have_value("saved meanwhile")
    page.unroute("**/exercises/add/")
    write(page.get_by_role("textbox", name="Your cell 1"), "and goes on")
    saved(page)
    page.reload()
    expect(text(page)).to_have_value("and goes on")


def test_the_status_follows_the_run_without_a_reload(page, alice, exercise):
    submission = services.submit(user=alice, exercise=exercise, sources=ANSWERS)
    page.goto(f"/submissions/{submission.id}/")
    expect(page.get_by_role("heading", name="Waiting: yours is next")).to_be_visible()
    expect(page.locator("[data-poll]")).to_have_count(0)  # the stream is open
    claims.claim(submission.id)
    events.publish(submission.id, "started", {})
    events.publish(submission.id, "cell", {"id": "imports", "status": "ok", "seconds": 0.25})
    expect(page.get_by_text("0.25 s")).to_be_visible()
    page.reload()
    expect(page.get_by_text("0.25 s")).to_be_visible()
    claimed = Submission.objects.get(id=submission.id)
    claims.finish(claimed, report_of(claimed))
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()


def report_of(submission):
    return passing(
        submission.version.parsed, {}, seed=submission.seed, on_event=lambda *_: None, is_cancelled=lambda: False
    )


def test_without_a_stream_the_status_polls(page, alice, exercise):
    page.route("**/events/**", lambda route: route.abort())
    submission = services.submit(user=alice, exercise=exercise, sources=ANSWERS)
    page.goto(f"/submissions/{submission.id}/")
    job_runner.run(submission.id, grade_notebook=passing)
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()


def test_submitting_and_cancelling_by_keyboard(page):
    open_exercise(page)
    page.get_by_role("toolbar", name="Notebook").get_by_role("button", name="Submit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your submission")).to_be_visible()
    cancel = page.get_by_role("button", name="Cancel")
    cancel.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_accessibility_violation_and_no_sideways_scrolling(page, axe, alice, exercise, scheme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    waiting = services.submit(user=alice, exercise=exercise, sources=ANSWERS)
    finished = services.submit(user=alice, exercise=exercise, sources=ANSWERS)
    failed = changed(verdict="failed", passed=False, points=0, checks=no_points(finished))
    job_runner.run(finished.id, grade_notebook=failed)
    urls = ["/exercises/", "/exercises/add/", "/exercises/add/submissions/", "/api/docs/"]
    for url in [*urls, f"/submissions/{waiting.id}/", f"/submissions/{finished.id}/"]:
        page.goto(url)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url


def test_the_conflict_is_accessible(page, axe, alice, exercise):
    cell = open_exercise(page)
    services.save_draft(user=alice, exercise=exercise, sources={"add": "other", "twice": ""}, base=0)
    write(cell, "mine")
    expect(page.get_by_role("region", name="Another tab or device")).to_be_visible()
    axe(page)


def test_without_room_for_a_stream_the_page_asks_how_things_stand_until_there_is(page, alice):
    refusal = {"title": "Too many requests", "status": 429, "detail": "Close other tabs of this site."}
    page.route(
        "**/kernel/events/**",
        lambda route: route.fulfill(
            status=429,
            content_type="application/problem+json",
            headers={"Retry-After": "1"},
            body=json.dumps(refusal),
        ),
    )
    open_exercise(page)
    heartbeats.announce(heartbeats.INTERACTIVE, "ready", 1)  # for fifteen seconds
    page.get_by_role("button", name="Run all").click()
    note = page.locator("[data-kernel-message]")
    expect(note).to_have_text("Close other tabs of this site.")
    expect(page.locator("[data-kernel-text]")).to_have_text("Waiting for a place: you are next.")
    page.unroute("**/kernel/events/**")
    expect(note).to_be_hidden()
    expect(page.locator("[data-kernel-text]")).to_have_text("Waiting for a place: you are next.")
