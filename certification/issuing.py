"""The engine: who has earned what, one award for each, and its signature. Every function may be called again safely.

It enqueues nothing; services and tasks do.
"""

import json
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from certification import evidence, issuer
from certification.models import Certificate, Credential, State, StatusList
from certification.openbadges import signing, statuslist
from certification.openbadges.credential import Achievement, OpenBadge, Recipient
from exercises.selectors import best_submission
from learnpaths.accounts.models import User
from learnpaths.catalog.models import Path, Step
from learnpaths.progress.models import StepProgress
from learnpaths.progress.selectors import path_progress


def is_earned(user: User, credential: Credential) -> bool:
    """True if every step of the credential's path is completed and every exercise of it passed."""
    path = Path.objects.with_steps().get(pk=credential.path_id)
    if not path_progress(user, path).is_complete:
        return False
    best = (best_submission(user, step.slug) for step in _exercises(path))
    return all(submission is not None and submission.passed for submission in best)


def award(user: User, credential: Credential) -> Certificate:
    """Return the one certificate of that person for that credential, making it pending if there is none."""
    certificate, _ = Certificate.objects.get_or_create(
        user=user,
        credential=credential,
        defaults={"holder_name": user.display_name, "evidence": lambda: collect_evidence(user, credential)},
    )
    return certificate


def collect_evidence(user: User, credential: Credential) -> list[dict[str, Any]]:
    """Return an entry for each graded exercise of the path, from the best submission."""
    path = Path.objects.with_steps().get(pk=credential.path_id)
    found = ((step, best_submission(user, step.slug)) for step in _exercises(path))
    return [
        evidence.entry(submission, step.title) | {"exercise": step.slug}
        for step, submission in found
        if submission is not None
    ]


def unawarded(credential: Credential) -> Iterator[User]:
    """Yield who earned the credential but has no certificate: a message was lost, or the credential is newer."""
    path = Path.objects.with_steps().get(pk=credential.path_id)
    keys = {step.key for step in path.steps}
    if not keys:
        return
    any_step = reduce(or_, (Q(kind=kind, slug=slug) for kind, slug in keys))
    done = StepProgress.objects.filter(any_step, completed_at__isnull=False)
    ids = done.values("user").annotate(steps=Count("id")).filter(steps=len(keys)).values_list("user", flat=True)
    for user in User.objects.filter(pk__in=ids, is_active=True).exclude(certificates__credential=credential):
        if is_earned(user, credential):
            yield user


def sign(certificate_id: UUID) -> bool:
    """Sign a pending certificate and issue it; return False where there is nothing to sign (yet).

    A certificate waits until its holder has a name. Raises KeyFileError without the issuer's key.
    """
    with transaction.atomic():
        certificate = _locked(certificate_id)
        if not certificate.is_pending:
            return False
        certificate.holder_name = certificate.holder_name or (certificate.user.display_name if certificate.user else "")
        if not certificate.holder_name:
            return False
        now = timezone.now()
        certificate.issued_at, certificate.valid_until = now, certificate.expiry(now)
        certificate.status_list, certificate.status_index = _free_place()
        certificate.state = State.ISSUED
        _sign_badge(certificate, now)
    return True


def sign_again(certificate_id: UUID, *, holder_name: str) -> Certificate:
    """Replace the badge of an issued certificate: the same id and place in the status list, a newer `validFrom`."""
    with transaction.atomic():
        certificate = _locked(certificate_id)
        certificate.holder_name = holder_name
        _sign_badge(certificate, timezone.now())
    return certificate


def signed_status_list(list_id: UUID) -> str:
    """Return the signed list, signing it where it is stale. Raises StatusList.DoesNotExist."""
    status_list = StatusList.objects.get(id=list_id)
    if status_list.document:
        return status_list.document
    with transaction.atomic():
        status_list = StatusList.objects.select_for_update().get(id=list_id)
        revoked = status_list.certificates.filter(state=State.REVOKED).values_list("status_index", flat=True)
        document = statuslist.credential(
            status_list.public_url,
            issuer=issuer.did(),
            revoked=[index for index in revoked if index is not None],
            valid_from=timezone.now(),
        )
        status_list.document = _sign(document, timezone.now())
        status_list.save(update_fields=["document"])
    return status_list.document


def open_badge(certificate: Certificate, now: datetime) -> OpenBadge:
    """Return the badge of a certificate as data."""
    credential, status_list = certificate.credential, certificate.status_list
    if status_list is None or certificate.status_index is None:
        raise ValueError(f"certificate {certificate.id} has no place in a status list")
    return OpenBadge(
        id=certificate.public_url,
        issuer=issuer.profile(),
        recipient=_recipient(certificate),
        achievement=Achievement(
            id=credential.public_url,
            name=credential.title,
            description=credential.description,
            criteria=credential.criteria,
            kind=credential.achievement_type,
            skills=tuple(credential.skills),
        ),
        awarded=certificate.awarded_at,
        valid_from=now,
        valid_until=certificate.valid_until,
        status_list=status_list.public_url,
        status_index=certificate.status_index,
        measurements=evidence.measurements(certificate.evidence, credential.public_url),
        evidence=evidence.badge_evidence(certificate.evidence, certificate.public_url),
    )


def _exercises(path: Path) -> list[Step]:
    return [step for step in path.steps if step.kind == "exercise"]


def _locked(certificate_id: UUID) -> Certificate:
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("user", "credential", "status_list")
    return rows.get(id=certificate_id)


def _recipient(certificate: Certificate) -> Recipient:
    # The subject's id is not the account's: badges of one person cannot be joined by it.
    return Recipient(
        id=f"urn:uuid:{uuid.uuid5(certificate.id, 'holder')}",
        name=certificate.holder_name,
        email=certificate.user.email if certificate.user else "",
        salt=secrets.token_hex(16),
    )


def _sign_badge(certificate: Certificate, now: datetime) -> None:
    certificate.badge = _sign(open_badge(certificate, now).to_json(), now)
    certificate.signed_at = now
    certificate.full_clean()
    certificate.save()


def _sign(document: dict[str, Any], now: datetime) -> str:
    did, key = issuer.did(), issuer.key_set().current
    if key.secret is None:
        raise ValueError("the current key has no secret")
    signed = signing.sign(document, secret=key.secret, verification_method=key.id(did), created=now)
    return json.dumps(signed, ensure_ascii=False, indent=2)


def _free_place() -> tuple[StatusList, int]:
    """Return a random free place, in a new list when the latest is half full."""
    latest = StatusList.objects.select_for_update().order_by("-created_at").first()
    if latest is not None:
        used = latest.certificates.values_list("status_index", flat=True)
        index = statuslist.free_index({place for place in used if place is not None})
        if index is not None:
            return latest, index
    index = statuslist.free_index(())
    if index is None:
        raise ValueError("a new status list has no free place")
    return StatusList.objects.create(), index
