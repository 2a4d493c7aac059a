"""Every page: accessible in both themes at both widths, light enough, from this host only, whole without script."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from exercises import services
from exercises.grading import job_runner
from exercises.models import Exercise
from learnpaths.catalog.models import Step
from tests.exercises.graders import changed, no_points
from tests.exercises.pages.test_browser import report_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]  # many pages, and a busy machine is slow
LESSON = "/paths/foundations/gradient-descent/"
LESSON_BYTES, EDITOR_BYTES = 120_000, 350_000
READ_BYTES = 120_000  # with the figures, which come when they come near
SIGN_IN = ""  # among addresses: from here on as a learner
FOR_ALL = ["/", "/paths/", "/paths/foundations/", LESSON, "/exercises/", "/exercises/line-fit/", "/search/?q=loss", "/glossary/", "/verify/", "/api/docs/", "/design/", "/nowhere/"]  # fmt: skip
FOR_VISITORS = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/confirm-email/", "/exercises/line-fit/"]  # fmt: skip


@pytest.fixture
def content(transactional_db):
    """The courses that come along."""
    call_command("load_content", verbosity=0)


@pytest.fixture
def own_pages(alice, content):
    """The pages that only a person who has worked sees: profile, history, and submissions in each state."""
    exercise = Exercise.objects.select_related("version").get(slug="line-fit")
    reference = exercise.version.parsed.reference_sources()
    passed, failed, waiting = (services.submit(user=alice, exercise=exercise, sources=reference) for _ in range(3))
    job_runner.run(passed.id, grade_notebook=lambda *_, **__: report_of(passed))
    job_runner.run(
        failed.id, grade_notebook=changed(verdict="failed", passed=False, points=0, checks=no_points(failed))
    )
    ids = f"a={passed.id}&b={failed.id}"
    return ["/exercises/line-fit/submissions/", f"/exercises/line-fit/submissions/compare/?{ids}", "/accounts/profile/", "/accounts/token/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/certificates/", "/accounts/logout/", *(f"/submissions/{each.id}/" for each in (passed, failed, waiting)), f"/submissions/{passed.id}/solution/"]  # fmt: skip


@pytest.fixture
def requests(browser_page, live_site):
    """The addresses that the page asks for."""
    found = []
    browser_page.on("request", lambda request: found.append(request.url))
    yield found
    strangers = [url for url in found if not url.startswith((live_site, "data:", "blob:", "about:"))]
    assert not strangers, strangers


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_violation_on_any_page(browser_page, axe, sign_in, alice, own_pages, requests, scheme, width):
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for url in [*FOR_VISITORS, SIGN_IN, *FOR_ALL, *own_pages]:
        if url == SIGN_IN:
            sign_in(browser_page, alice)
            continue
        browser_page.goto(url)
        for details in browser_page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        axe(browser_page)
        assert browser_page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url


def weight(page, url, *, is_read=False):
    """Return the bytes of a page on the wire, headers included, on a first visit, which reads it to its end or not."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    for figure in page.locator("figure[data-module]").all() if is_read else ():  # built when they come near
        figure.scroll_into_view_if_needed()
        expect(figure.locator(".stage > *").first).to_be_attached()
    page.evaluate("document.fonts.ready")
    return sum(sizes)


def test_the_pages_are_light(browser_page, content, requests):
    lessons = [step.get_absolute_url() for step in Step.objects.filter(kind="lesson").select_related("unit__path")]
    sizes = {url: weight(browser_page, url) for url in ("/", *lessons)}
    assert {url: size for url, size in sizes.items() if size >= LESSON_BYTES} == {}
    read = {url: weight(browser_page, url, is_read=True) for url in lessons}
    assert {url: size for url, size in read.items() if size >= READ_BYTES} == {}
    assert weight(browser_page, "/exercises/line-fit/") < EDITOR_BYTES


def test_without_script_pages_are_whole_and_a_notebook_can_be_submitted(chromium, live_site, sign_in, alice, content):
    context = chromium.new_context(base_url=live_site, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, alice)
    page.goto(LESSON)
    expect(page.get_by_role("button", name="Check my answer").first).to_be_visible()
    page.goto("/exercises/line-fit/")
    page.get_by_role("textbox", name="Your cell 1").fill("typed = 1")
    page.locator("#notebook").get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="Your submission")).to_be_visible()
    context.close()
