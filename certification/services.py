"""What people and other apps do to certificates. Each decision of an admin leaves an entry in the audit log."""

from contextlib import suppress

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certification import issuing, tasks
from certification.models import Certificate, CertificateState, Credential, StatusList
from learnpaths.accounts import names
from learnpaths.accounts.models import User


def award_for_step(*, user: User, kind: str, slug: str) -> list[Certificate]:
    """Award each credential that is earned now that something was done at that step; what was awarded before stays as it is."""
    awarded = []
    for credential in Credential.objects.listed().with_step(kind, slug).not_of(user):
        with suppress(issuing.NotEarned):
            awarded.append(award(user=user, credential=credential))
    return awarded


@transaction.atomic
def award(*, user: User, credential: Credential) -> Certificate:
    """Return the person's certificate, awarding it now if there is none, and have it signed. Raises NotEarned."""
    certificate = issuing.record_award(user, credential)
    if certificate.is_pending:
        transaction.on_commit(lambda: tasks.send(certificate.id))
    return certificate


@transaction.atomic
def name_holder(*, certificate: Certificate, name: str) -> None:
    """Set the name on a certificate that waits for one, and have it signed. Raises ValidationError."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if not certificate.is_pending:
        raise ValidationError(
            _("The certificate is signed already. An administrator can reissue it with another name.")
        )
    certificate.holder_name = name
    certificate.clean()
    if not certificate.holder_name:
        raise ValidationError({"holder_name": _("Write the name that the certificate is to carry.")})
    certificate.waiting_since = timezone.now()
    certificate.save(update_fields=["holder_name", "waiting_since"])
    transaction.on_commit(lambda: tasks.send(certificate.id))


def set_indexed(*, certificate: Certificate, is_indexed: bool) -> None:
    """Let search engines list the page, or not: the holder's choice."""
    certificate.is_indexed = is_indexed
    certificate.save(update_fields=["is_indexed"])


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, actor: User) -> None:
    """Revoke an issued certificate for good: its page says why, and the next signature of its status list counts it in."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.state != CertificateState.ISSUED:
        raise ValidationError(_("Only an issued certificate can be revoked."))
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say why: the reason is shown on the certificate's page.")})
    certificate.state, certificate.revoked_at, certificate.reason = CertificateState.REVOKED, timezone.now(), reason
    certificate.full_clean()
    certificate.save(update_fields=["state", "revoked_at", "reason"])
    StatusList.objects.filter(certificates=certificate).expire()
    _log(actor, certificate, f"Revoked: {reason}")


@transaction.atomic
def reissue(*, certificate: Certificate, reason: str, actor: User) -> None:
    """Sign an issued certificate anew with the name that its holder's account has now; all else is as it was at the award."""
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("user").get(pk=certificate.pk)
    if certificate.state != CertificateState.ISSUED:
        raise ValidationError(_("Only an issued certificate can be reissued."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, for the audit log.")})
    old = certificate.holder_name
    new = names.clean((certificate.user.display_name if certificate.user else "") or old)
    issuing.sign_again(certificate.pk, holder_name=new)
    _log(actor, certificate, f"Reissued: {' '.join(reason.split())} (name: {old!r} → {new!r})")


def expire_status_lists() -> int:
    """Have every status list signed anew when it is next asked for, and return how many there are."""
    return StatusList.objects.expire()


def _log(actor: User, certificate: Certificate, message: str) -> None:
    rows = Certificate.objects.filter(pk=certificate.pk)
    LogEntry.objects.log_actions(actor.pk, rows, CHANGE, message, single_object=True)
