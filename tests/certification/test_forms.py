"""What visitors and holders send."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certification.forms import BadgeForm, CodeForm, HolderForm
from certification.models import Certificate
from certification.verify_page import MAX_BYTES


def badge_form(text="", content=None):
    files = {} if content is None else {"file": SimpleUploadedFile("badge.json", content)}
    return BadgeForm({"text": text}, files)


def test_a_badge_comes_as_a_file_or_as_text():
    for form, badge in ((badge_form("{}"), "{}"), (badge_form(content=b"{}"), b"{}")):
        assert form.is_valid()
        assert form.badge() == badge


@pytest.mark.parametrize(
    ("text", "content", "message"),
    [
        ("", None, "either a file or its text"),
        ("{}", b"{}", "either a file or its text"),
        ("", b"", "empty"),
        ("", b" " * (MAX_BYTES + 1), "larger than 256 KiB"),
        ("x" * (MAX_BYTES + 1), None, "at most"),
    ],
)
def test_other_things_are_refused(text, content, message):
    form = badge_form(text, content)
    assert not form.is_valid()
    assert message in str(form.errors)


@pytest.mark.parametrize(("code", "is_valid"), [("x", True), ("", False), ("x" * 501, False)])
def test_a_code_is_short(code, is_valid):
    assert CodeForm({"code": code}).is_valid() is is_valid


@pytest.mark.parametrize(("name", "is_valid"), [("Ada", True), ("  ", False), ("Ada\u200b", False)])
def test_a_holder_has_a_name(name, is_valid):
    form = HolderForm({"holder_name": name}, instance=Certificate())
    assert ("holder_name" not in form.errors) is is_valid
