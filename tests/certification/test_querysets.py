"""Words for sets of certificates."""

import pytest

from certification import issuing
from certification.models import Certificate, Credential, StatusList

pytestmark = pytest.mark.django_db


def test_credentials(credential, finished, ada, alice) -> None:
    assert list(Credential.objects.listed()) == [credential]
    assert list(Credential.objects.with_step("exercise", "digits")) == [credential]
    assert not Credential.objects.with_step("lesson", "digits").exists()
    assert credential in Credential.objects.not_of(ada)
    issuing.record_award(finished, credential)
    assert credential not in Credential.objects.not_of(ada)
    assert credential in Credential.objects.not_of(alice)
    Credential.objects.update(is_listed=False)
    assert not Credential.objects.listed().exists()


def test_what_waits_for_nothing_but_a_signature(finished, credential) -> None:
    certificate = issuing.record_award(finished, credential)
    assert list(Certificate.objects.signable()) == [certificate]
    type(finished).objects.update(display_name="")
    Certificate.objects.update(holder_name="")
    assert not Certificate.objects.signable().exists()


def test_whom_nobody_told(certificate, alice) -> None:
    assert list(Certificate.objects.unannounced()) == [certificate]
    assert list(Certificate.objects.of(certificate.user)) == [certificate]
    assert not Certificate.objects.of(alice).exists()
    Certificate.objects.update(user=None)
    assert not Certificate.objects.unannounced().exists()


def test_a_list_that_expires_is_signed_anew_when_it_is_asked_for(certificate) -> None:
    first = issuing.signed_status_list(certificate.status_list_id)
    assert StatusList.objects.get().is_signed
    assert StatusList.objects.expire() == 1
    assert not StatusList.objects.get().is_signed
    assert issuing.signed_status_list(certificate.status_list_id)
    assert StatusList.objects.get().is_signed
    assert first
