"""Mail to holders."""

from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.models import Certificate


def announce(certificate_id: UUID) -> bool:
    """Tell the holder once that the certificate is issued; return False where there is nobody left to tell.

    If the mail cannot be sent, the error is raised and the next call tries again.
    """
    now = timezone.now()
    rows = Certificate.objects.unannounced().filter(id=certificate_id)
    certificate = rows.select_related("user", "credential").first()
    if certificate is None or certificate.user is None:
        return False
    if not rows.update(notified_at=now):
        return False  # another worker is sending it
    try:
        certificate.user.email_user(
            _("Your certificate: %(title)s") % {"title": " ".join(certificate.title.split())},
            render_to_string("certification/issued.txt", {"certificate": certificate, "site_name": settings.SITE_NAME}),
        )
    except Exception:
        Certificate.objects.filter(id=certificate_id, notified_at=now).update(notified_at=None)
        raise
    return True
