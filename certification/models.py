"""Rows: what can be earned, who earned it, and the lists that say what was revoked."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.querysets import CertificateQuerySet, CredentialQuerySet, StatusListQuerySet
from learnpaths.accounts import names

SIGNED_WITHIN = timedelta(minutes=5)  # a certificate that waits longer is not simply being signed


class CertificateState(models.TextChoices):
    PENDING = "pending", _("waiting for its signature")
    ISSUED = "issued", _("issued")
    REVOKED = "revoked", _("revoked")


class SigningProblem(models.TextChoices):
    """Why a pending certificate could not be signed when it was last tried."""

    RECORD = "record", _("what was earned is not on record")
    KEY = "key", _("the signing key cannot be read")
    FAULT = "fault", _("a fault of ours")


class Credential(models.Model):
    """What can be earned, from content/credentials/*.toml. A retired one stays, unlisted, with its certificates."""

    slug = models.SlugField(_("id"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"))
    note = models.TextField(_("note"), blank=True, default="", db_default="", help_text=_("Markdown, by the author."))
    criteria = models.TextField(
        _("criteria"), help_text=_("Markdown, made from the rule and the exercises when the content was loaded.")
    )
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
    """131,072 places for badges, and the list as it was last signed.

    Which bits are set is not kept here: they are the places of the revoked certificates, read when the list is signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.TextField(_("signed list"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[StatusListQuerySet] = StatusListQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def public_url(self) -> str:
        return settings.BASE_URL + reverse("status-list", args=[self.id])

    @property
    def is_signed(self) -> bool:
        """False before the first signature, and once the list says something that is no longer so (`expire`)."""
        return self.document != ""


class Certificate(models.Model):
    """One award of a credential to a person: pending → issued → revoked.

    `badge` is the signed file, kept and served byte for byte. `achievement` is what the credential said and `evidence` what was
    measured, both as they were at the award: whatever changes later, it is these that are signed, and signed again.
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
    state = models.CharField(_("state"), max_length=8, choices=CertificateState, default=CertificateState.PENDING)
    achievement = models.JSONField(
        _("what was earned"), default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    evidence = models.JSONField(_("evidence"), default=list)
    status_list = models.ForeignKey(
        StatusList, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("status list")
    )
    status_index = models.PositiveIntegerField(_("place in the status list"), null=True, blank=True)
    badge = models.TextField(_("signed badge"), blank=True)
    problem = models.CharField(
        _("problem"), max_length=8, choices=SigningProblem, blank=True, default="", db_default=""
    )
    problem_detail = models.CharField(
        _("details of the problem"), max_length=300, blank=True, default="", db_default=""
    )
    awarded_at = models.DateTimeField(_("awarded"), default=timezone.now)
    waiting_since = models.DateTimeField(
        _("waits for its signature since"), null=True, blank=True, help_text=_("When it had a name.")
    )
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

    def clean(self) -> None:
        super().clean()
        try:
            self.holder_name = names.clean(self.holder_name)
        except ValidationError as error:
            raise ValidationError({"holder_name": error}) from None

    @property
    def title(self) -> str:
        """What it is called on the certificate, whatever the credential is called today."""
        return str(self.achievement.get("title") or self.credential.title)

    @property
    def waits_for(self) -> str:
        """What a pending one waits for: `name`, `record`, `key`, `fault`, `turn` (nobody has signed it for minutes) or `signature`."""
        if not self.is_pending:
            return ""
        if not names.kept(self.holder_name):
            return "name"
        is_late = (self.waiting_since or self.awarded_at) < timezone.now() - SIGNED_WITHIN
        return self.problem or ("turn" if is_late else "signature")

    @property
    def public_url(self) -> str:
        """The badge's id: its public page."""
        return settings.BASE_URL + self.get_absolute_url()

    @property
    def is_pending(self) -> bool:
        return self.state == CertificateState.PENDING

    @property
    def is_revoked(self) -> bool:
        return self.state == CertificateState.REVOKED

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.now()

    @property
    def standing(self) -> str:
        """`pending`, `revoked`, `expired` or `valid`: the one word that a reader wants."""
        if self.state != CertificateState.ISSUED:
            return self.state
        return "expired" if self.is_expired else "valid"

    def expiry(self, issued: datetime) -> datetime | None:
        """Return when a certificate issued at that time expires, or None for never."""
        months = self.achievement["valid_months"]
        if not months:
            return None
        years, month = divmod(issued.month - 1 + months, 12)
        day = min(issued.day, 28)  # every month has it
        return issued.replace(year=issued.year + years, month=month + 1, day=day)
