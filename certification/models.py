"""Rows: what can be earned, who earned it, and the lists that say what was revoked."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.querysets import CertificateQuerySet, CredentialQuerySet


class State(models.TextChoices):
    PENDING = "pending", _("waiting for its signature")
    ISSUED = "issued", _("issued")
    REVOKED = "revoked", _("revoked")


class Credential(models.Model):
    """What can be earned, from content/credentials/*.toml. A retired one stays, unlisted, with its certificates."""

    slug = models.SlugField(_("id"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"))
    criteria = models.TextField(_("criteria"), help_text=_("Markdown, as it is signed into badges."))
    criteria_html = models.TextField(_("criteria as HTML"), editable=False)
    achievement_type = models.CharField(_("kind of achievement"), max_length=60)
    skills = models.JSONField(_("skills"), default=list)
    path = models.ForeignKey(
        "catalog.Path", models.PROTECT, related_name="credentials", verbose_name=_("path to complete")
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months of validity"), null=True, blank=True, help_text=_("Empty: it does not expire.")
    )
    is_listed = models.BooleanField(_("listed"), default=True, help_text=_("Unset when its file is gone."))

    objects: ClassVar[CredentialQuerySet] = CredentialQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("credential", args=[self.slug])

    @property
    def public_url(self) -> str:
        """The achievement's id in badges."""
        return settings.BASE_URL + self.get_absolute_url()


class StatusList(models.Model):
    """131,072 places for badges. `document` is the signed list; it is empty when the list has to be signed anew.

    Which bits are set is not kept here: they are the places of the revoked certificates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.TextField(_("signed list"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def public_url(self) -> str:
        return settings.BASE_URL + reverse("status_list", args=[self.id])


class Certificate(models.Model):
    """One award of a credential to a person: pending → issued → revoked.

    `badge` is the signed file, kept and served byte for byte. `evidence` is what was measured, as it was at the award.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="certificates",
        verbose_name=_("holder's account"),
    )
    credential = models.ForeignKey(
        Credential, models.PROTECT, related_name="certificates", verbose_name=_("credential")
    )
    holder_name = models.CharField(_("holder's name"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    evidence = models.JSONField(_("evidence"), default=list)
    status_list = models.ForeignKey(
        StatusList, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("status list")
    )
    status_index = models.PositiveIntegerField(_("place in the status list"), null=True, blank=True)
    badge = models.TextField(_("signed badge"), blank=True)
    awarded_at = models.DateTimeField(_("awarded"), default=timezone.now)
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True, help_text=_("Later than issued if reissued."))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    reason = models.CharField(_("reason of the revocation"), max_length=300, blank=True)
    notified_at = models.DateTimeField(_("holder told"), null=True, blank=True)
    is_indexed = models.BooleanField(
        _("open to search engines"), default=False, help_text=_("Only the holder decides this.")
    )

    objects: ClassVar[CertificateQuerySet] = CertificateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-awarded_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "credential"], name="one_award_per_learner_and_credential"),
            models.UniqueConstraint(fields=["status_list", "status_index"], name="one_badge_per_place"),
            models.CheckConstraint(
                condition=models.Q(state="pending") | ~models.Q(badge=""), name="issued_certificate_has_a_badge"
            ),
            models.CheckConstraint(
                condition=models.Q(state="revoked", revoked_at__isnull=False) & ~models.Q(reason="")
                | ~models.Q(state="revoked") & models.Q(revoked_at__isnull=True, reason=""),
                name="revoked_certificate_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        return reverse("certificate", args=[self.id])

    @property
    def public_url(self) -> str:
        """The badge's id: its public page."""
        return settings.BASE_URL + self.get_absolute_url()

    @property
    def is_pending(self) -> bool:
        return self.state == State.PENDING

    @property
    def is_revoked(self) -> bool:
        return self.state == State.REVOKED

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.now()

    @property
    def standing(self) -> str:
        """`pending`, `revoked`, `expired` or `valid`: the one word that a reader wants."""
        if self.state != State.ISSUED:
            return self.state
        return "expired" if self.is_expired else "valid"

    def expiry(self, issued: datetime) -> datetime | None:
        """Return when a certificate issued at that time expires, or None for never."""
        months = self.credential.valid_months
        if not months:
            return None
        years, month = divmod(issued.month - 1 + months, 12)
        day = min(issued.day, 28)  # every month has it
        return issued.replace(year=issued.year + years, month=month + 1, day=day)
