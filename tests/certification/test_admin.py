"""What an admin may do, and the trail it leaves."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.urls import reverse

from certification import services, verify_page
from certification.models import CertificateState

pytestmark = pytest.mark.django_db
LIST = "admin:certification_certificate_changelist"


def act(client, action: str, certificate, **values):
    data = {"action": action, "_selected_action": [str(certificate.pk)], **values}
    return client.post(reverse(LIST), data, follow=True)


def test_revoking_asks_for_a_reason_first(client, certificate, charlie) -> None:
    client.force_login(charlie)
    response = act(client, "revoke", certificate)
    assert b"Revoke these certificates?" in response.content
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.ISSUED
    response = act(client, "revoke", certificate, reason="Copied work")
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == (CertificateState.REVOKED, "Copied work")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (charlie, str(certificate.pk))
    assert "Copied work" in entry.change_message


def test_reissuing_takes_the_present_name(client, certificate, charlie) -> None:
    certificate.user.display_name = "Ada King"
    certificate.user.save()
    place = certificate.status_list_id, certificate.status_index
    issued = certificate.issued_at
    client.force_login(charlie)
    act(client, "reissue", certificate, reason="Name changed")
    certificate.refresh_from_db()
    assert certificate.holder_name == "Ada King"
    assert (certificate.status_list_id, certificate.status_index) == place
    assert certificate.issued_at == issued
    assert verify_page.check_badge(certificate.badge).outcome.verdict == "valid"
    assert "Ada King" in json.dumps(json.loads(certificate.badge), ensure_ascii=False)
    assert "Ada Lovelace" in LogEntry.objects.get().change_message


def test_a_revoked_certificate_cannot_be_revoked_or_reissued(revoked, charlie) -> None:
    for service in (services.revoke, services.reissue):
        with pytest.raises(ValidationError, match="Only an issued"):
            service(certificate=revoked, reason="Again", actor=charlie)


@pytest.mark.parametrize("service", [services.revoke, services.reissue])
def test_no_decision_without_a_reason(certificate, charlie, service) -> None:
    with pytest.raises(ValidationError):
        service(certificate=certificate, reason="  ", actor=charlie)
    assert not LogEntry.objects.exists()


def test_nothing_is_typed_added_or_deleted(client, certificate, charlie) -> None:
    client.force_login(charlie)
    url = reverse("admin:certification_certificate_change", args=[certificate.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"holder_name": "Eve", "state": "revoked"})
    certificate.refresh_from_db()
    assert certificate.holder_name == "Ada Lovelace"
    assert client.get(reverse("admin:certification_certificate_add")).status_code == 403
    assert client.post(reverse("admin:certification_certificate_delete", args=[certificate.pk])).status_code == 403


def test_others_do_not_get_in(client, certificate, ada) -> None:
    client.force_login(ada)
    assert client.get(reverse(LIST)).status_code == 302


def test_the_lists_open(client, certificate, charlie) -> None:
    client.force_login(charlie)
    for name in ("certificate", "credential", "statuslist"):
        assert client.get(reverse(f"admin:certification_{name}_changelist")).status_code == 200
    assert client.get(reverse(LIST), {"q": "ada@example.org"}).status_code == 200
