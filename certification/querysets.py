"""Words for sets of certificates."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from certification.models import Certificate, Credential, StatusList  # noqa: F401 - the querysets name them in quotes


class CredentialQuerySet(models.QuerySet["Credential"]):
    def listed(self) -> "CredentialQuerySet":
        return self.filter(is_listed=True)

    def with_step(self, kind: str, slug: str) -> "CredentialQuerySet":
        """Those whose path has that step."""
        return self.filter(path__units__steps__kind=kind, path__units__steps__slug=slug).distinct()

    def not_of(self, user: Any) -> "CredentialQuerySet":
        """Those that the person has no certificate of."""
        return self.exclude(certificates__user_id=user.pk)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def of(self, user: Any) -> "CertificateQuerySet":
        return self.filter(user_id=user.pk)

    def signable(self) -> "CertificateQuerySet":
        """Those that wait for nothing but a signature."""
        named = ~Q(holder_name="") | ~Q(user__display_name="")
        return self.filter(named, state="pending")

    def unannounced(self) -> "CertificateQuerySet":
        """Issued, but the holder was not told yet."""
        return self.filter(state="issued", notified_at=None, user__isnull=False)


class StatusListQuerySet(models.QuerySet["StatusList"]):
    def expire(self) -> int:
        """Have the lists signed anew when they are next asked for; return how many there are."""
        return self.update(document="")
