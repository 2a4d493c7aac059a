"""What our record says of a badge that one of our keys signed: it may make a verdict worse, never better."""

import json
from dataclasses import replace

import pytest
from django.conf import settings

from certification import issuer, record, services, verify_page
from certification.models import Certificate, CertificateState
from certification.openbadges.verifier import BadgeVerdict, CheckState

pytestmark = pytest.mark.django_db


@pytest.fixture
def outcome(certificate):
    return verify_page.check_badge(certificate.badge).outcome


def look_up(outcome):
    return record.look_up(outcome, did=issuer.did(), hash_document=verify_page.hash_own)


def changed(outcome, **changes):
    """Return the outcome as if the signed document said something else."""
    return replace(outcome, document=outcome.document | changes, hashed=b"another")


def test_the_present_version(outcome, certificate):
    entry = look_up(outcome)
    assert (entry.state, entry.verdict, entry.certificate) == (CheckState.PASSED, BadgeVerdict.VALID, certificate)
    assert "not a letter was changed" in str(entry.text)


def test_a_revoked_one(outcome, certificate, charlie):
    services.revoke(certificate=certificate, reason="Mistake", actor=charlie)
    entry = look_up(outcome)
    assert (entry.state, entry.verdict) == (CheckState.FAILED, BadgeVerdict.REVOKED)


def test_a_standing_that_is_not_known_is_no_good_news(outcome, certificate):
    Certificate.objects.filter(pk=certificate.pk).update(state=CertificateState.PENDING)
    entry = look_up(outcome)
    assert (entry.state, entry.verdict) == (CheckState.FAILED, BadgeVerdict.SUSPENDED)


def test_an_earlier_and_a_later_version(outcome):
    proof = outcome.document["proof"]
    earlier = changed(outcome, proof=proof | {"created": "2000-01-01T00:00:00Z"})
    assert look_up(earlier).verdict == BadgeVerdict.REISSUED
    later = changed(outcome, proof=proof | {"created": "2999-01-01T00:00:00Z"})
    assert look_up(later).verdict == BadgeVerdict.UNPROVEN


def test_the_code_of_one_with_the_holder_of_another(outcome):
    other = changed(outcome, credentialSubject={"id": "urn:uuid:00000000-0000-4000-8000-000000000000"})
    assert look_up(other).verdict == BadgeVerdict.INVALID


def test_a_certificate_that_is_not_on_record(outcome, certificate):
    certificate.delete()
    entry = look_up(outcome)
    assert (entry.verdict, entry.certificate) == (BadgeVerdict.UNPROVEN, None)


def test_a_certificate_that_still_waits(outcome, certificate):
    Certificate.objects.filter(pk=certificate.pk).update(badge="", state=CertificateState.PENDING)
    assert look_up(outcome).verdict == BadgeVerdict.UNPROVEN


def test_another_issuer_with_our_code(outcome, certificate):
    claims = replace(outcome.claims, issuer="did:web:evil.example", id=f"https://evil.example/{certificate.id}")
    assert look_up(replace(outcome, claims=claims)).verdict == BadgeVerdict.INVALID
    assert look_up(replace(outcome, claims=replace(claims, id="https://evil.example/1"))) is None


def test_what_is_not_signed_is_not_looked_up(outcome):
    assert look_up(replace(outcome, claims=None)) is None
    assert look_up(replace(outcome, hashed=None)) is None


def test_only_the_address_to_the_letter_is_the_certificates(certificate):
    assert record.find_certificate(certificate.public_url) == certificate
    for address in (
        certificate.public_url.upper(),
        certificate.public_url.rstrip("/"),
        f"{certificate.public_url}?x",
        f"https://evil.example/certificates/{certificate.id}/",
        f"{settings.BASE_URL}/certificates/",
    ):
        assert record.find_certificate(address) is None


def test_the_worst_news_win():
    assert record.worst(BadgeVerdict.VALID, BadgeVerdict.REVOKED, BadgeVerdict.EXPIRED) == BadgeVerdict.REVOKED
    assert set(record._ORDER) == set(BadgeVerdict)


def test_the_same_document_written_otherwise_is_the_same(outcome, certificate):
    shuffled = dict(reversed(json.loads(certificate.badge).items()))
    assert look_up(replace(outcome, document=shuffled, hashed=b"x")).verdict == BadgeVerdict.VALID
