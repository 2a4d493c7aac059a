"""The job that must always work, done as a person does it: `manage.py serve`, a real browser, and then the API alone.

Nothing is arranged behind the site's back: the answers come from the course's own files, the solutions from
`manage.py notebook --reference`.
"""

import json
import re
import tomllib
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from playwright.sync_api import Browser, Page, expect

from tests.serving.running import Site

pytestmark = [pytest.mark.jail, pytest.mark.browser, pytest.mark.timeout(900)]

CONTENT = settings.BASE_DIR / "learnpaths" / "content"
PATH = "foundations"
MINUTES = 60_000  # milliseconds


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site that its first visitor finds: just started, worker warm."""
    running = Site(tmp_path_factory.mktemp("journey") / "state").start()
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.kill()


@pytest.fixture
def page(chromium: Browser, site: Site):
    context = chromium.new_context(base_url=site.origin, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def steps_of(site: Site) -> list[dict]:
    status, path = site.get(f"/api/v1/paths/{PATH}/")
    assert status == 200
    return [step for unit in path["units"] for step in unit["steps"]]


def checkpoints_of(lesson: str) -> list[dict]:
    file = CONTENT / "paths" / PATH / lesson / "checkpoints.toml"
    return tomllib.loads(file.read_text())["checkpoint"] if file.exists() else []


def reference_of(site: Site, exercise: str) -> dict:
    answer = site.manage("notebook", exercise, "--reference")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def solutions_in(notebook: dict) -> dict[str, str]:
    cells = [(cell["metadata"].get("learnpaths", {}), "".join(cell["source"])) for cell in notebook["cells"]]
    return {mark["id"]: source for mark, source in cells if mark.get("role") == "solution"}


def sign_up(page: Page, name: str) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).first.fill(f"{name.lower()}@example.org")
    page.locator("input[type=password]").first.fill("learning-by-doing-1959")
    page.get_by_role("main").get_by_role("button", name=re.compile("sign up|create|account", re.IGNORECASE)).click()
    expect(page).not_to_have_url(re.compile("signup"))


def answer(page: Page, checkpoint: dict) -> None:
    """Answer a checkpoint rightly and see that it says so."""
    box = page.locator(f"#checkpoint-{checkpoint['id']}")
    if checkpoint["kind"] == "choice":
        right = next(index for index, option in enumerate(checkpoint["option"]) if option.get("correct"))
        box.locator("input[type=radio]").nth(right).check()
    else:
        box.locator("input[name=answer]").fill(str(checkpoint["answer"]))
    box.get_by_role("button").click()
    expect(box.get_by_text("Right", exact=True)).to_be_visible()


def do_lesson(page: Page, step: dict) -> None:
    page.goto(step["url"])
    expect(page.get_by_role("heading", level=1, name=step["title"])).to_be_visible()
    for checkpoint in checkpoints_of(step["slug"]):
        answer(page, checkpoint)
    page.get_by_role("button", name=re.compile("^Mark complete")).click()
    expect(page).not_to_have_url(re.compile(re.escape(step["url"]) + "$"))


def write(page: Page, cell: str, source: str) -> None:
    """Replace what the editor of a cell has."""
    page.locator(f"#cell-{cell} .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(source)


def do_exercise(page: Page, site: Site, step: dict, axe) -> None:
    """Submit the reference and watch the result come in, without loading the page again."""
    page.goto(step["url"])
    for cell, source in solutions_in(reference_of(site, step["slug"])).items():
        write(page, cell, source)
    page.get_by_role("button", name=re.compile("^Submit")).first.click()
    expect(page).to_have_url(re.compile("/submissions/"))
    axe(page)
    expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_visible(timeout=3 * MINUTES)


def test_a_notebook_runs_in_the_page_and_passes(page, site, axe):
    sign_up(page, "Runner")
    page.goto("/exercises/digits-mlp/")
    expect(page.locator("html[data-notebook-ready]")).to_be_attached()
    answers = solutions_in(reference_of(site, "digits-mlp"))
    for cell, source in answers.items():
        write(page, cell, source)
    write(page, "split", f"{answers['split']}\nprint('first output')\nimpossible = 1 / 0")
    page.keyboard.press("Control+Enter")
    split, train = page.locator("#cell-split"), page.locator("#cell-train")
    expect(split.locator(".out-text").first).to_have_text("first output", timeout=2 * MINUTES)
    split.get_by_role("button", name=re.compile(r"^Line \d+$")).click()  # the error points to the line that raised
    expect(split.locator(".cm-line.cm-wrong")).to_have_text("impossible = 1 / 0")
    write(page, "split", answers["split"])
    page.get_by_role("button", name="Run all").click()
    expect(train.get_by_text(re.compile("Epoch 1 of|Epoch [2-9]"))).to_be_visible(timeout=2 * MINUTES)
    expect(train.locator(".curve canvas")).to_have_count(2, timeout=2 * MINUTES)  # loss and accuracy, after an epoch
    axe(page)
    expect(train.locator("[data-cell-state]")).to_have_text(re.compile("ran in"), timeout=3 * MINUTES)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("[data-check-summary]")).to_have_text(
        re.compile("7 of 7 public checks pass"), timeout=3 * MINUTES
    )
    page.reload()  # the kernel stays: what came out of it is shown again
    expect(train.locator(".curve canvas")).to_have_count(2, timeout=MINUTES)
    page.get_by_role("toolbar").get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_visible(timeout=3 * MINUTES)
    page.get_by_role("link", name="Compare with the reference").click()
    expect(page.get_by_role("heading", name="Your solution and the reference")).to_be_visible()


def certificate_of(page: Page) -> str:
    """Return the certificate's address; it is issued by a task of its own."""
    link = page.get_by_role("main").locator("a[href*='/certificates/']:not([href$='/certificates/'])").first
    for _ in range(60):
        page.goto("/certificates/")
        if link.count():
            return urlsplit(page.evaluate("link => link.href", link.element_handle())).path
        page.wait_for_timeout(500)
    raise AssertionError("No certificate was issued.")


def badge_of(site: Site, certificate: str) -> dict:
    for _ in range(60):
        status, badge = site.get(f"{certificate}badge.json")
        if status == 200:
            return badge
    raise AssertionError("The badge was never signed.")


def verify(site: Site, badge: dict) -> None:
    """Check it with a verifier that is not ours, which fetches the site's public documents (over HTTP: no TLS here)."""

    def fetch(url: str) -> bytes:
        address = urlsplit(url)._replace(scheme="http", netloc=urlsplit(site.origin).netloc).geturl()
        with urlopen(address, timeout=10) as response:  # noqa: S310 - our own origin
            return response.read()

    issuer = badge["issuer"]["id"]
    # The library reads our status list but checks the signatures of JWT lists only, so that is the second step.
    OB3LdpVerifier.for_issuer_did(issuer).verify(badge, check_status=True, download=fetch, verify_status_list=False)
    status_list = json.loads(fetch(badge["credentialStatus"]["statusListCredential"]))
    key = resolve_verification_method(status_list["proof"]["verificationMethod"], fetch)
    assert status_list["issuer"] == issuer
    verify_data_integrity_proof(status_list, key)


def test_a_visitor_becomes_a_certified_learner(page, site, axe):
    steps = steps_of(site)
    assert [step["kind"] for step in steps].count("exercise") >= 3
    sign_up(page, "Ada")
    page.goto("/paths/")
    page.get_by_role("link", name=site.get(f"/api/v1/paths/{PATH}/")[1]["title"]).first.click()
    expect(page).to_have_url(re.compile(f"/paths/{PATH}/$"))
    axe(page)
    for step in steps:
        if step["kind"] == "lesson":
            do_lesson(page, step)
        else:
            do_exercise(page, site, step, axe)
        axe(page)
    page.goto(f"/paths/{PATH}/")
    expect(page.get_by_text("You completed every step of this path.")).to_be_visible()

    certificate = certificate_of(page)
    page.goto(certificate)
    if (name := page.get_by_label("Name on the certificate")).count():
        name.fill("Ada Lovelace")
        page.get_by_role("button", name="Sign it with this name").click()
    badge = badge_of(site, certificate)
    page.goto(certificate)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")
    axe(page)
    verify(site, badge)
    forged = badge | {"validFrom": "1959-01-01T00:00:00Z"}
    with pytest.raises(Exception, match=r"(?i)signature|proof"):
        verify(site, forged)


class Program:
    """A learner's script: a token and JSON, nothing else."""

    def __init__(self, site: Site, token: str) -> None:
        self.site, self.token = site, token

    def ask(self, path: str, body: object = None) -> dict:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(self.site.origin + path, data, headers), timeout=60) as response:  # noqa: S310
            return json.load(response)

    def follow(self, path: str) -> list[tuple[str, dict]]:
        """Read server-sent events until the submission has finished."""
        headers = {"Authorization": f"Token {self.token}", "Accept": "text/event-stream"}
        events, kind = [], ""
        with urlopen(Request(self.site.origin + path, headers=headers), timeout=180) as response:  # noqa: S310
            for line in response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    events.append((kind, json.loads(value)))
                    if kind == "finished":
                        break
        return events


def test_a_program_does_the_same_over_the_api(page, site):
    sign_up(page, "Grace")
    page.goto("/accounts/token/")
    page.get_by_role("button", name="Make a token").click()
    program = Program(site, page.get_by_label("API token").input_value())
    exercise = next(step["slug"] for step in steps_of(site) if step["kind"] == "exercise")

    notebook = program.ask(f"/api/v1/exercises/{exercise}/notebook/")
    first = program.ask(f"/api/v1/exercises/{exercise}/submissions/", notebook)
    program.follow(urlsplit(first["events"]).path)
    untouched = program.ask(urlsplit(first["url"]).path)
    assert not untouched["passed"]

    second = program.ask(f"/api/v1/exercises/{exercise}/submissions/", reference_of(site, exercise))
    assert second["state"] in ("queued", "running")
    kinds = [kind for kind, _ in program.follow(urlsplit(second["events"]).path)]
    assert kinds[0] == "queued"
    assert {"started", "cell", "check"} <= set(kinds)
    assert kinds[-1] == "finished"
    report = program.ask(urlsplit(second["url"]).path)
    assert (report["verdict"], report["passed"], report["points"]) == ("passed", True, report["max_points"])
    assert {check["outcome"] for check in report["checks"]} == {"passed"}
