"""The engine: who has earned what, one award for each, and its signature. Every function may be called again safely.

It enqueues nothing; services and tasks do.
"""

import json
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from certification import evidence, issuer
from certification.accomplishment import Accomplishment, survey
from certification.models import Certificate, CertificateState, Credential, SigningProblem, StatusList
from certification.openbadges import signing, statuslist
from certification.openbadges.credential import Achievement, OpenBadge, Recipient
from exercises.models import Submission
from learnpaths.accounts import names
from learnpaths.accounts.models import User
from learnpaths.catalog.models import Checkpoint, Step
from learnpaths.progress.models import CheckpointAnswer, StepProgress

log = structlog.get_logger(__name__)


class NotEarned(Exception):
    """Somebody was to be awarded what they have not earned (yet)."""


def is_earned(user: User, credential: Credential) -> bool:
    """True if the person has done all that the credential's sentences say, and it is on record."""
    return survey(user, [credential])[0].is_earned


def record_award(user: User, credential: Credential) -> Certificate:
    """Return the one certificate of that person for that credential, making it pending if there is none. Raises NotEarned.

    What was earned, the words for it and the evidence come from one reading, and stay as they were at this moment.
    """
    known = Certificate.objects.filter(user=user, credential=credential).first()
    if known is not None:
        return known
    accomplishment = survey(user, [credential])[0]
    if not accomplishment.is_earned:
        _log_unproved(accomplishment, user)
        raise NotEarned(f"{credential.slug} is not earned")
    name = names.kept(user.display_name)
    certificate, _ = Certificate.objects.get_or_create(
        user=user,
        credential=credential,
        defaults={
            "holder_name": name,
            "achievement": accomplishment.snapshot(),
            "evidence": accomplishment.record(),
            "waiting_since": timezone.now() if name else None,
        },
    )
    return certificate


def unawarded(credential: Credential) -> Iterator[User]:
    """Yield who earned the credential but has no certificate: a message was lost, or the credential is newer."""
    for user in _candidates(credential):
        accomplishment = survey(user, [credential])[0]
        if accomplishment.is_earned:
            yield user
        else:
            _log_unproved(accomplishment, user)


def _candidates(credential: Credential) -> Iterator[User]:
    """Yield who may have earned the credential, as far as counting can tell; nobody where the path has no exercise."""
    steps = Step.objects.filter(unit__path=credential.path_id)
    lessons = set(steps.filter(kind="lesson").values_list("slug", flat=True))
    exercises = set(steps.filter(kind="exercise").values_list("slug", flat=True))
    if not exercises:
        return
    questions = Checkpoint.objects.filter(lesson__step__unit__path=credential.path_id).count()
    passed = Submission.objects.filter(exercise__slug__in=exercises, state="finished", passed=True).values("user")
    people = User.objects.filter(is_active=True).exclude(certificates__credential=credential)
    people = people.filter(pk__in=_with_count(passed, "exercise", len(exercises)))
    if lessons:
        read = StepProgress.objects.filter(kind="lesson", slug__in=lessons, completed_at__isnull=False).values("user")
        people = people.filter(pk__in=_with_count(read, "slug", len(lessons)))
    if questions:
        answered = CheckpointAnswer.objects.filter(lesson__in=lessons).values("user")
        people = people.filter(pk__in=_with_count(answered, "id", questions))
    yield from people


def _with_count(rows: Any, what: str, least: int) -> Any:
    """Return the users who have at least so many different values in these rows."""
    return rows.annotate(number=Count(what, distinct=True)).filter(number__gte=least).values("user")


def _log_unproved(accomplishment: Accomplishment, user: User) -> None:
    for work in accomplishment.exercises:
        if work.is_unproved and work.submission is not None:
            log.error(
                "passed_without_proof",
                exercise=work.step.slug,
                submission=str(work.submission.pk),
                user=user.pk,
                lacks=work.lacks,
            )


def sign(certificate_id: UUID) -> bool:
    """Sign a pending certificate and issue it; return False where there is nothing to sign (yet).

    A certificate waits until its holder has a name that can be signed. Raises KeyFileError without the issuer's key.
    """
    with transaction.atomic():
        certificate = _locked(certificate_id)
        if not certificate.is_pending:
            return False
        account_name = certificate.user.display_name if certificate.user else ""
        certificate.holder_name = names.kept(certificate.holder_name) or names.kept(account_name)
        if not certificate.holder_name:
            return False
        if not _has_record(certificate):
            note_problem(certificate.pk, SigningProblem.RECORD, "It has no record of what was earned, or no evidence.")
            return False
        now = timezone.now()
        certificate.issued_at, certificate.valid_until = now, certificate.expiry(now)
        certificate.status_list, certificate.status_index = _free_place()
        certificate.state = CertificateState.ISSUED
        certificate.problem, certificate.problem_detail = "", ""
        _sign_badge(certificate, now)
    return True


def note_problem(certificate_id: UUID, problem: SigningProblem, detail: str) -> None:
    """Keep why a pending certificate could not be signed: its page says it, the admin site with all details."""
    rows = Certificate.objects.filter(pk=certificate_id, state=CertificateState.PENDING)
    rows.update(problem=problem, problem_detail=" ".join(detail.split())[:300])


def sign_again(certificate_id: UUID, *, holder_name: str) -> Certificate:
    """Replace the badge of an issued certificate: the same id, place in the status list, words and evidence, a newer `validFrom`."""
    with transaction.atomic():
        certificate = _locked(certificate_id)
        certificate.holder_name = holder_name
        _sign_badge(certificate, timezone.now())
    return certificate


def signed_status_list(list_id: UUID) -> str:
    """Return the signed list, signing it where it is not signed as it is now. Raises StatusList.DoesNotExist."""
    status_list = StatusList.objects.get(id=list_id)
    if status_list.is_signed:
        return status_list.document
    with transaction.atomic():
        status_list = StatusList.objects.select_for_update().get(id=list_id)
        revoked = status_list.certificates.filter(state=CertificateState.REVOKED).values_list("status_index", flat=True)
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
    url, earned, status_list = certificate.credential.public_url, certificate.achievement, certificate.status_list
    if status_list is None or certificate.status_index is None:
        raise ValueError(f"certificate {certificate.id} has no place in a status list")
    return OpenBadge(
        id=certificate.public_url,
        issuer=issuer.profile(),
        recipient=_recipient(certificate),
        achievement=Achievement(
            id=url,
            name=earned["title"],
            description=earned["description"],
            criteria=earned["criteria"],
            kind=earned["achievement_type"],
            skills=tuple(earned["skills"]),
        ),
        awarded=certificate.awarded_at,
        valid_from=now,
        valid_until=certificate.valid_until,
        status_list=status_list.public_url,
        status_index=certificate.status_index,
        measurements=evidence.measurements(certificate.evidence, url),
        evidence=evidence.badge_evidence(certificate.evidence, certificate.public_url),
    )


def _has_record(certificate: Certificate) -> bool:
    """Return whether it is on record what was earned; a site of an earlier version that awarded it kept less, which is made up for."""
    if not certificate.achievement and certificate.user is not None:
        accomplishment = survey(certificate.user, [certificate.credential])[0]
        if accomplishment.is_earned:
            certificate.achievement, certificate.evidence = accomplishment.snapshot(), accomplishment.record()
    return bool(certificate.achievement and certificate.evidence)


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
