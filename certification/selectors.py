"""Reads: what pages and the API ask of certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from certification.accomplishment import Accomplishment, survey
from certification.models import Certificate, Credential
from learnpaths.catalog import markdown
from learnpaths.catalog.models import Path
from learnpaths.progress.goals import Goal


@dataclass(frozen=True)
class Achievement:
    """What a certificate is for. `criteria_html` is safe to show as it is."""

    title: str
    description: str
    criteria_html: str
    skills: list[str]


def achievement(certificate: Certificate) -> Achievement:
    """Return what was earned, in the words of the award: they are what its badge says."""
    earned = certificate.achievement
    return Achievement(
        title=certificate.title,
        description=earned.get("description", ""),
        criteria_html=markdown.render_fragment(earned.get("criteria", "")).html,
        skills=earned.get("skills", []),
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


def to_earn(user: Any) -> list[Accomplishment]:
    """Return how far the person is to each listed credential that they do not have yet."""
    return survey(user, Credential.objects.listed().not_of(user).select_related("path"))


def way_to(user: Any, credential: Credential) -> Accomplishment | None:
    """Return how far a person is to a credential; None for visitors, and for those who have it or can no longer earn it."""
    if not user.is_authenticated or not credential.is_listed or credential.certificates.of(user).exists():
        return None
    return survey(user, [credential])[0]


def can_be_earned(credential: Credential) -> bool:
    """Return whether anything on the credential's path is measured, as the loader demands; the path may have lost it since."""
    return any(step.kind == "exercise" for step in credential.path.steps)


def goals_of_paths(path_ids: Sequence[int]) -> list[Goal]:
    """Return what can be earned on these paths, in one query."""
    credentials = Credential.objects.listed().filter(path__in=path_ids).order_by("pk")
    return [Goal(row.path_id, row.title, row.get_absolute_url(), ability(row.description)) for row in credentials]


def ability(description: str) -> str:
    """Return what a certificate says of its holder, said to who may earn it; as it is where an author began it otherwise."""
    start = "The holder can "
    if not description.startswith(start):
        return description
    return _("After it you can %(what)s") % {"what": description.removeprefix(start)}


@dataclass(frozen=True)
class Prospect:
    """A credential of a path for one person: their certificate, or their way to it."""

    credential: Credential
    certificate: Certificate | None
    way: Accomplishment | None


def prospects(user: Any, path: Path) -> list[Prospect]:
    """Return what the person has earned on the path or can earn there; nothing for visitors, whose pages are all the same."""
    if not user.is_authenticated:
        return []
    credentials = list(Credential.objects.listed().filter(path=path).select_related("path"))
    rows = Certificate.objects.of(user).filter(credential__in=credentials).select_related("credential")
    held = {row.credential_id: row for row in rows} if credentials else {}
    ways = (
        {way.credential.pk: way for way in survey(user, [item for item in credentials if item.pk not in held])}
        if len(held) < len(credentials)
        else {}
    )
    return [Prospect(item, held.get(item.pk), ways.get(item.pk)) for item in credentials]
