"""The two public pages in a real browser: no axe violation, nothing wider than a phone, and the small scripts work."""

import json

import pytest

from certification import issuing, services

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def shown(live_site, finished, credential, signing_keys, settings):
    """Ada's certificate, signed by the site whose pages are shown."""
    settings.BASE_URL = live_site
    certificate = issuing.record_award(finished, credential)
    issuing.sign(certificate.id)
    certificate.refresh_from_db()
    return certificate


def is_narrow(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(browser_page, shown, sign_in, axe, size, scheme) -> None:
    browser_page.set_viewport_size(size)
    browser_page.emulate_media(color_scheme=scheme)
    sign_in(browser_page, shown.user)
    for url in (shown.get_absolute_url(), "/certificates/", f"/verify/?code={shown.id}", "/credentials/foundations/"):
        browser_page.goto(url)
        axe(browser_page)
        assert is_narrow(browser_page), url


def test_a_revoked_certificate_is_accessible(browser_page, shown, axe, charlie) -> None:
    services.revoke(certificate=shown, reason="Mistake", actor=charlie)
    browser_page.goto(shown.get_absolute_url())
    axe(browser_page)
    assert browser_page.get_by_text("Reason: Mistake").is_visible()


def test_a_chosen_file_is_verified(browser_page, shown, tmp_path) -> None:
    file = tmp_path / "badge.json"
    file.write_text(shown.badge)
    browser_page.goto("/verify/")
    browser_page.get_by_label("Badge file", exact=True).set_input_files(file)
    browser_page.get_by_role("button", name="Verify the badge").click()
    assert browser_page.get_by_role("heading", name="This badge is valid").is_visible()


def test_a_dropped_file_is_verified(browser_page, shown) -> None:
    browser_page.goto("/verify/")
    changed = json.dumps(json.loads(shown.badge) | {"name": "Better"})
    browser_page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "badge.json", {type: "application/json"}));
            document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data}));
        }""",
        changed,
    )
    browser_page.get_by_role("heading", name="This badge is not valid").wait_for()


def test_the_link_is_copied(browser_page, shown) -> None:
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto(shown.get_absolute_url())
    browser_page.get_by_role("button", name="Copy link").click()
    browser_page.get_by_role("button", name="Copied").wait_for()
    assert browser_page.evaluate("navigator.clipboard.readText()") == shown.public_url
