"""A certificate that cannot be signed says why: to its holder and to the administrators."""
# ruff: noqa: RUF001 - a Persian name

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from certification import issuing, services, tasks
from certification.models import Certificate, SigningProblem
from certification.openbadges.errors import BadgeError, KeyFileError

pytestmark = pytest.mark.django_db
SECONDS = "usually takes seconds"


@pytest.fixture
def waiting(finished, credential, signing_keys) -> Certificate:
    return issuing.record_award(finished, credential)


def page(client, certificate) -> str:
    client.force_login(certificate.user)
    return client.get(certificate.get_absolute_url()).text


def admin_list(client, charlie) -> str:
    client.force_login(charlie)
    return client.get("/admin/certification/certificate/").text


def sign(certificate, error) -> None:
    with pytest.raises(error):
        tasks.issue_certificate(str(certificate.id))
    certificate.refresh_from_db()


def test_at_first_it_takes_seconds(client, waiting) -> None:
    assert waiting.waits_for == "signature"
    assert SECONDS in page(client, waiting)


def test_without_a_key(client, waiting, settings, tmp_path, charlie) -> None:
    settings.EMBEDDED, settings.SIGNING_KEY_FILE = False, tmp_path / "missing.json"
    settings.BASE_URL = "https://learn.example"
    sign(waiting, KeyFileError)
    assert waiting.waits_for == "key"
    text = page(client, waiting)
    assert "cannot read its signing key" in text
    assert SECONDS not in text
    assert "It could not be signed yet" in client.get("/certificates/").text
    assert "The signing key cannot be read. KeyFileError" in admin_list(client, charlie)


@pytest.mark.parametrize("error", [BadgeError("bad"), ValidationError("bad"), ValueError("bad\n" * 200)])
def test_a_fault(client, waiting, monkeypatch, charlie, error) -> None:
    monkeypatch.setattr(issuing, "_sign_badge", lambda *_: (_ for _ in ()).throw(error))
    sign(waiting, type(error))
    assert (waiting.waits_for, waiting.state) == ("fault", "pending")
    assert "a fault of ours" in page(client, waiting)
    assert f"Signing failed. {type(error).__name__}" in admin_list(client, charlie)


def test_nothing_measured_is_never_signed(client, waiting, charlie) -> None:
    """A path without exercises was awarded once, and never signed."""
    Certificate.objects.update(evidence=[])
    tasks.issue_certificate(str(waiting.id))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == ("pending", SigningProblem.RECORD)
    text = page(client, waiting)
    assert "is not on record" in text
    assert SECONDS not in text
    assert "What was earned is not on record." in admin_list(client, charlie)


def test_nobody_signs(client, waiting, charlie) -> None:
    Certificate.objects.update(waiting_since=timezone.now() - timedelta(minutes=6))
    waiting.refresh_from_db()
    assert waiting.waits_for == "turn"
    text = page(client, waiting)
    assert "no worker of the site has taken it" in text
    assert SECONDS not in text
    assert "No worker has taken it" in admin_list(client, charlie)


def test_a_problem_goes_with_the_signature(client, waiting) -> None:
    issuing.note_problem(waiting.id, SigningProblem.KEY, "gone")
    assert issuing.sign(waiting.id)
    waiting.refresh_from_db()
    assert (waiting.problem, waiting.problem_detail, waiting.waits_for) == ("", "", "")
    issuing.note_problem(waiting.id, SigningProblem.KEY, "late")
    waiting.refresh_from_db()
    assert waiting.problem == ""


def test_an_award_of_an_earlier_version_of_the_site_is_completed(waiting, finished) -> None:
    Certificate.objects.update(achievement={})
    assert issuing.sign(waiting.id)
    waiting.refresh_from_db()
    assert waiting.achievement["exercises"][0]["exercise"] == "digits"


def test_a_name_that_cannot_be_signed_is_asked_for(client, finished, credential, signing_keys) -> None:
    type(finished).objects.update(display_name="Ada \u202eecalevoL")  # of before the rule
    finished.refresh_from_db()
    certificate = issuing.record_award(finished, credential)
    assert certificate.holder_name == ""
    assert not issuing.sign(certificate.id)
    Certificate.objects.update(holder_name="Ada \u202eecalevoL")
    certificate.refresh_from_db()
    assert certificate.waits_for == "name"
    assert not issuing.sign(certificate.id)
    assert "Only a name is missing that can be signed" in page(client, certificate)
    answer = client.post(f"{certificate.get_absolute_url()}name/", {"holder_name": "Ada\u200bKing"})
    assert answer.status_code == 422
    assert "U+200B" in answer.text
    with pytest.raises(ValidationError):
        services.name_holder(certificate=certificate, name="\u3164")
    services.name_holder(certificate=certificate, name="  علی\u200cرضا  ")
    assert issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert certificate.holder_name == "علی\u200cرضا"
