"""Reads: what pages and the API ask of certificates."""

from typing import Any
from uuid import UUID

from certification.models import Certificate, Credential


def find_certificate(certificate_id: UUID) -> Certificate | None:
    """Return a certificate with its credential. Everyone who knows the id may see it."""
    return (
        Certificate.objects.select_related("credential__path", "user", "status_list").filter(id=certificate_id).first()
    )


def find_credential(slug: str) -> Credential | None:
    """Return a credential, also one that is no longer offered: certificates name it for ever."""
    return Credential.objects.select_related("path").filter(slug=slug).first()


def certificates_of(user: Any) -> list[Certificate]:
    return list(Certificate.objects.of(user).select_related("credential"))


def credentials_to_earn(user: Any) -> list[Credential]:
    """Return the listed credentials that the person does not have yet."""
    return list(Credential.objects.listed().exclude(certificates__user_id=user.pk).select_related("path"))
