"""Fixtures that need a browser: the real site in a process of its own, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.isolation import STATE_DIR

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # milliseconds: a busy machine is slow, not wrong
_skipped: list[str] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Whoever asks for a browser is marked as such and comes last; without a browser they are skipped, and loudly.

    Marked before `-m` selects. Last, because Playwright's event loop stays in this thread from its first use on, and
    asyncio.run refuses a second.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if CHROMIUM is None and item.get_closest_marker("browser"):
            _skipped.append(item.nodeid)
            item.add_marker(pytest.mark.skip(reason="no chromium on PATH"))
    yield
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _skipped:
        terminalreporter.section("NO BROWSER", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(_skipped)} tests of pages were skipped because there is no chromium on PATH. "
            "Nothing is known about them. On Debian: apt-get install chromium"
        )


@pytest.fixture(scope="session")
def site_process(django_db_setup: None) -> Iterator[str]:
    """The site under uvicorn on the session's test database; the value is its origin."""
    with socket.create_server(("127.0.0.1", 0)) as listener, (STATE_DIR / "site.log").open("wb") as log:
        origin = f"http://localhost:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-m", "learnpaths.serving.web", str(listener.fileno())],
            env=os.environ | {"DATABASE_URL": test_database_url(), "LEARNPATHS_BASE_URL": origin},
            cwd=settings.BASE_DIR,
            pass_fds=[listener.fileno()],
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(origin, process)
        yield origin
    finally:
        process.terminate()
        process.wait(10)


def test_database_url() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


test_database_url.__test__ = False  # type: ignore[attr-defined]  # the name is about databases


def wait_for(origin: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            with urlopen(f"{origin}/healthz", timeout=5):  # noqa: S310 - our own origin
                return
        except (URLError, ConnectionError, TimeoutError):  # a busy machine starts slowly
            if process.poll() is not None:
                break
            time.sleep(0.05)
    pytest.fail(f"The site did not start:\n{(STATE_DIR / 'site.log').read_text()}")


@pytest.fixture
def live_site(transactional_db: None, site_process: str) -> str:
    """The origin of a real site that shares this test's database and broker."""
    return site_process


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    # Playwright's loop runs in this thread; the site is another process, so nothing of it escapes Django's check.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser, live_site: str) -> Iterator[Page]:
    """A page of a fresh browser profile whose addresses are relative to the live site.

    An error in the browser's console (a broken script, a violation of the Content Security Policy) fails the test.
    """
    errors: list[str] = []
    context = chromium.new_context(base_url=live_site, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    errors = [error for error in errors if not error.startswith("Failed to load resource")]
    assert not errors, errors


@pytest.fixture
def sign_in(live_site: str) -> Callable[[Page, Any], None]:
    """Give a page the session of a user without going through the form."""

    def sign_in(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_site}])

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that a page has no accessibility violation that axe can find."""

    def axe(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return axe
