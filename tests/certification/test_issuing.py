"""Who earns what, what the certificate says, and that nothing is done twice."""

import hashlib
import json

import pytest
from django.db import transaction

from certification import issuer, issuing, verify_page
from certification.models import Certificate, CertificateState, StatusList
from certification.openbadges import statuslist
from certification.openbadges.errors import KeyFileError
from exercises.models import Exercise, Submission
from learnpaths.progress.models import StepProgress
from learnpaths.progress.services import record_step
from tests.certification.conftest import SOURCES, submit

pytestmark = pytest.mark.django_db


def test_it_is_earned_by_every_step_and_every_exercise(finished, credential) -> None:
    assert issuing.is_earned(finished, credential)


def test_a_missing_lesson_is_not_enough(finished, credential) -> None:
    StepProgress.objects.filter(kind="lesson").delete()
    assert not issuing.is_earned(finished, credential)


def test_a_completed_step_without_a_passed_submission_is_not_enough(finished, credential) -> None:
    """Progress alone does not prove that an exercise was passed: the examiner's record does."""
    Submission.objects.filter(exercise__slug="lines").update(passed=False, verdict="failed")
    assert not issuing.is_earned(finished, credential)


def test_nobody_earns_an_empty_path(ada, credential) -> None:
    credential.path.units.all().delete()
    assert not issuing.is_earned(ada, credential)


def test_awarding_twice_gives_one_certificate(finished, credential) -> None:
    assert issuing.record_award(finished, credential) == issuing.record_award(finished, credential)
    assert Certificate.objects.count() == 1


def test_the_award_keeps_what_was_measured(finished, credential) -> None:
    certificate = issuing.record_award(finished, credential)
    submit(finished, "digits", points=10, passed=True)  # later work changes nothing
    entry = Certificate.objects.get(pk=certificate.pk).evidence[0]
    assert (entry["exercise"], entry["title"], entry["points"], entry["max_points"]) == ("digits", "Digits", 9, 10)
    assert entry["metrics"][0] == {"name": "held-out accuracy", "value": 0.957, "threshold": 0.93, "better": "higher"}
    assert (entry["version"], entry["seed"]) == (Exercise.objects.get(slug="digits").version.digest, 7)
    assert entry["runtime"]["tensorflow"] == "2.21.0"
    canonical = json.dumps(SOURCES, separators=(",", ":")).encode()
    assert entry["sources_sha256"] == hashlib.sha256(canonical).hexdigest()


def test_the_best_submission_is_the_evidence(finished, credential) -> None:
    submit(finished, "digits", points=10, passed=True, seed=8)
    submit(finished, "digits", points=3, passed=False, seed=9)
    assert issuing.record_award(finished, credential).evidence[0]["seed"] == 8


def test_a_signed_certificate_verifies_completely(certificate) -> None:
    check = verify_page.check_badge(certificate.badge)
    assert check.outcome.verdict == "valid"
    assert [row.state for row in check.rows] == ["passed"] * 6


def test_the_badge_carries_the_evidence(certificate) -> None:
    badge = json.loads(certificate.badge)
    first = badge["evidence"][0]
    assert first["id"] == f"{certificate.public_url}#digits"
    for text in (
        "Points: 9 of 10 (80 % needed, 75 % of the hidden ones)",
        "held-out accuracy: 0.957 (at least 0.93 needed)",
        "Seed: 7",
        "sha256:",
    ):
        assert text in first["narrative"]
    values = {
        result["resultDescription"].rpartition("#")[2]: result["value"]
        for result in badge["credentialSubject"]["result"]
    }
    assert values["digits-points"] == "9"
    assert values["digits-held-out-accuracy"] == "0.957"
    assert badge["id"] == certificate.public_url
    assert badge["issuer"]["id"] == issuer.did()


def test_signing_twice_changes_nothing(certificate) -> None:
    before = certificate.badge
    assert not issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert certificate.badge == before


def test_without_a_name_it_waits(finished, credential, signing_keys) -> None:
    finished.display_name = ""
    finished.save()
    certificate = issuing.record_award(finished, credential)
    assert not issuing.sign(certificate.id)
    assert certificate not in Certificate.objects.signable()
    finished.display_name = "Ada L."
    finished.save()
    assert certificate in Certificate.objects.signable()
    assert issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.holder_name) == (CertificateState.ISSUED, "Ada L.")


def test_without_a_key_nothing_is_lost(finished, credential, settings, tmp_path) -> None:
    settings.EMBEDDED, settings.BASE_URL = False, "https://learn.example"
    settings.SIGNING_KEY_FILE = tmp_path / "missing.json"
    certificate = issuing.record_award(finished, credential)
    with pytest.raises(KeyFileError):
        issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert certificate.is_pending


def test_places_are_random_and_lists_are_renewed(certificate, credential, monkeypatch) -> None:
    assert 0 <= certificate.status_index < statuslist.SIZE
    monkeypatch.setattr(statuslist, "free_index", lambda used, size=0: None if used else 5)
    with transaction.atomic():
        status_list, index = issuing._free_place()
    assert (status_list.pk != certificate.status_list_id, index) == (True, 5)


def test_expiry_is_counted_in_months(finished, credential, signing_keys) -> None:
    credential.valid_months = 36
    credential.save()
    certificate = issuing.record_award(finished, credential)
    issuing.sign(certificate.id)
    certificate.refresh_from_db()
    assert certificate.valid_until.year == certificate.issued_at.year + 3
    assert json.loads(certificate.badge)["validUntil"].startswith(str(certificate.valid_until.year))


def test_a_revoked_certificate_is_not_awarded_again(revoked, finished, credential) -> None:
    assert issuing.record_award(finished, credential).is_revoked
    assert not issuing.sign(revoked.id)


def test_the_list_is_signed_once(certificate) -> None:
    first = issuing.signed_status_list(certificate.status_list_id)
    assert StatusList.objects.get(pk=certificate.status_list_id).document == first
    assert issuing.signed_status_list(certificate.status_list_id) == first


def test_what_was_earned_without_an_award_is_found(finished, credential, alice) -> None:
    record_step(user=alice, kind="lesson", slug="loss", completed=True)
    assert list(issuing.unawarded(credential)) == [finished]
    issuing.record_award(finished, credential)
    assert list(issuing.unawarded(credential)) == []
