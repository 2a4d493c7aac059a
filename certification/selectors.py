"""Reads: what pages and the API ask of certificates."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from certification.models import Certificate, Credential
from learnpaths.catalog import markdown


@dataclass(frozen=True)
class Achievement:
    """What a certificate is for. `criteria_html` is safe to show as it is."""

    title: str
    description: str
    criteria_html: str
    skills: list[str]


def achievement(certificate: Certificate) -> Achievement:
    """Return what was signed, so that a page never says more than its badge; before the signature, what will be."""
    credential = certificate.credential
    if not certificate.badge:
        return Achievement(credential.title, credential.description, credential.criteria_html, credential.skills)
    signed = json.loads(certificate.badge)["credentialSubject"]["achievement"]
    return Achievement(
        title=signed["name"],
        description=signed["description"],
        criteria_html=markdown.render_fragment(signed["criteria"]["narrative"]).html,
        skills=signed.get("tag", []),
    )


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
