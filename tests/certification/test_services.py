"""What people and other apps do to certificates."""

import json

import pytest
from django.core.exceptions import ValidationError

from certification import issuing, services, tasks
from certification.models import Certificate, CertificateState
from certification.openbadges import statuslist

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Run what would be sent, at once and in this process."""
    ids: list[str] = []

    def apply_async(args, **options):
        assert options == {"retry": False}
        ids.append(args[0])
        tasks.issue_certificate(*args)

    monkeypatch.setattr(tasks.issue_certificate, "apply_async", apply_async)
    return ids


def test_revocation_sets_the_bit(certificate, charlie) -> None:
    def bit() -> bool:
        document = json.loads(issuing.signed_status_list(certificate.status_list_id))
        bits = statuslist.decode(document["credentialSubject"]["encodedList"])
        assert sum(byte.bit_count() for byte in bits) <= 1
        return statuslist.is_set(bits, certificate.status_index)

    assert not bit()
    services.revoke(certificate=certificate, reason="Mistake", actor=charlie)
    assert bit()


def test_a_retired_credential_is_not_awarded(finished, credential) -> None:
    credential.is_listed = False
    credential.save()
    assert services.award_for_step(user=finished, kind="lesson", slug="loss") == []
    tasks.sign_pending()
    assert not Certificate.objects.exists()


def test_a_step_of_another_path_awards_nothing(finished, credential) -> None:
    assert services.award_for_step(user=finished, kind="lesson", slug="elsewhere") == []


def test_naming_the_holder(finished, credential, signing_keys, sent, django_capture_on_commit_callbacks) -> None:
    finished.display_name = ""
    finished.save()
    certificate = issuing.record_award(finished, credential)
    with django_capture_on_commit_callbacks(execute=True):
        services.name_holder(certificate=certificate, name="  Ada   King ")
    certificate.refresh_from_db()
    assert (certificate.holder_name, certificate.state) == ("Ada King", CertificateState.ISSUED)
    with pytest.raises(ValidationError, match="signed already"):
        services.name_holder(certificate=certificate, name="Somebody Else")


def test_a_name_must_say_something(finished, credential) -> None:
    certificate = issuing.record_award(finished, credential)
    with pytest.raises(ValidationError):
        services.name_holder(certificate=certificate, name="   ")


def test_a_reissue_takes_the_rule_too(certificate, charlie) -> None:
    type(charlie).objects.filter(pk=certificate.user_id).update(display_name="Ada \u202eecalevoL")
    before = certificate.badge
    with pytest.raises(ValidationError, match=r"U\+202E"):
        services.reissue(certificate=certificate, reason="New name", actor=charlie)
    certificate.refresh_from_db()
    assert (certificate.badge, certificate.holder_name) == (before, "Ada Lovelace")
