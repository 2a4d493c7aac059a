"""A certificate as JSON."""

import pytest

from certification.api.serializers import CertificateSerializer

pytestmark = pytest.mark.django_db


def serialize(certificate):
    return CertificateSerializer(certificate, context={"base_url": "https://learn.example"}).data


def test_it_says_what_the_certificate_says(certificate):
    data = serialize(certificate)
    assert (data["status"], data["holder"], data["title"]) == ("valid", "Ada Lovelace", "TensorFlow Foundations")
    assert data["achievement"] == certificate.achievement
    assert data["badge_url"] == f"https://learn.example/certificates/{certificate.id}/badge.json"
    assert (data["reason"], data["revoked_at"], data["valid_until"]) == ("", None, None)


def test_a_revoked_one_says_why(revoked):
    data = serialize(revoked)
    assert (data["status"], data["reason"]) == ("revoked", "Awarded by mistake")


def test_nobody_writes(certificate):
    for write in (lambda it: it.create({}), lambda it: it.update(certificate, {})):
        with pytest.raises(NotImplementedError):
            write(CertificateSerializer(certificate))
