"""Messages: sign one certificate and tell its holder; look after those whose message was lost."""

import time
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from django.db import OperationalError as DatabaseError
from kombu.exceptions import OperationalError

from certification import issuing, notices
from certification.models import Certificate, Credential, SigningProblem
from certification.openbadges.errors import KeyFileError
from learnpaths.core.workers import worker_name

log = structlog.get_logger(__name__)
SIGN_PENDING_EVERY = timedelta(minutes=2)
BATCH = 500


def send(certificate_id: UUID) -> bool:
    """Send one certificate to be issued; return False where the broker is away (`sign_pending` sends it later)."""
    try:
        issue_certificate.apply_async(args=(str(certificate_id),), retry=False)
    except OperationalError as error:
        log.warning("certificate_not_sent", certificate=str(certificate_id), error=str(error))
        return False
    return True


# Mail (smtplib errors are OSErrors), the key file and the database may be back in a moment.
@shared_task(
    name="certification.issue_certificate",
    acks_late=True,
    autoretry_for=(OSError, KeyFileError, DatabaseError),
    retry_backoff=True,
    retry_backoff_max=600,
    max_retries=8,
)
def issue_certificate(certificate_id: str) -> None:
    """Sign a certificate and tell its holder. A message that comes twice does nothing; why it failed is kept for its page."""
    began = time.monotonic()
    try:
        is_signed = issuing.sign(UUID(certificate_id))
    except DatabaseError:
        raise
    except Exception as error:
        problem = SigningProblem.KEY if isinstance(error, KeyFileError) else SigningProblem.FAULT
        issuing.note_problem(UUID(certificate_id), problem, f"{type(error).__name__}: {error}")
        raise
    if is_signed:
        _log_issue(UUID(certificate_id), time.monotonic() - began)
    notices.announce(UUID(certificate_id))


def _log_issue(certificate_id: UUID, seconds: float) -> None:
    certificate = Certificate.objects.select_related("credential").get(id=certificate_id)
    log.info(
        "certificate_issued",
        certificate=str(certificate_id),
        user=certificate.user_id,
        credential=certificate.credential.slug,
        seconds=round(seconds, 2),
        worker=worker_name(),
    )


@shared_task(name="certification.sign_pending")
def sign_pending() -> None:
    """Award what was earned without an award, and send again what waits for a signature or a mail."""
    for credential in Credential.objects.listed():
        for user in issuing.unawarded(credential):
            with suppress(issuing.NotEarned):  # a load of content came between
                issuing.record_award(user, credential)
    waiting = Certificate.objects.signable().order_by() | Certificate.objects.unannounced().order_by()
    for certificate_id in waiting.distinct().values_list("id", flat=True)[:BATCH]:
        send(certificate_id)
