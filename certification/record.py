"""What this site's own record says of a badge that one of its keys signed."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification import selectors
from certification.models import Certificate
from certification.openbadges.verifier import BadgeVerdict, CheckState, Outcome

# Worst first: the record may make a verdict worse, never better.
_ORDER = (
    BadgeVerdict.INVALID,
    BadgeVerdict.REVOKED,
    BadgeVerdict.SUSPENDED,
    BadgeVerdict.EXPIRED,
    BadgeVerdict.NOT_YET_VALID,
    BadgeVerdict.UNPROVEN,
    BadgeVerdict.REISSUED,
    BadgeVerdict.VALID,
)
_STANDINGS = {"valid": BadgeVerdict.VALID, "expired": BadgeVerdict.EXPIRED, "revoked": BadgeVerdict.REVOKED}
_WORDS = {
    "present": _("This is the present version of the certificate on its page: not a letter was changed."),
    "revoked": _("This is what the page of the certificate shows, and the certificate was revoked."),
    "halted": _("This is what the page of the certificate shows, but the certificate does not count at present."),
    "reissued": _(
        "This site signed it, and the certificate was reissued since: its page has a newer version, which may carry "
        "another name or other words."
    ),
    "newer": _(
        "This site signed it, but its record has an earlier version of the certificate. Perhaps the record was "
        "restored from a copy; ask the people who run this site."
    ),
    "other": _(
        "It has the code of one certificate of this site and the holder of another. Ask the people who run this site."
    ),
    "taken": _("It has the code of a certificate of this site, but this site is not its issuer."),
    "pending": _(
        "This site signed it, but its record says that the certificate still waits for its signature. Perhaps the record "
        "was restored from a copy; ask the people who run this site."
    ),
    "unknown": _(
        "A key of this site signed it, but no certificate with that code is on record here: it was deleted, or the record "
        "was restored from an older copy. Whether it still counts cannot be told; ask the people who run this site."
    ),
}


@dataclass(frozen=True)
class Entry:
    """What the record says, and the verdict with it taken into account."""

    state: CheckState
    text: Any
    verdict: BadgeVerdict
    certificate: Certificate | None = None


def look_up(outcome: Outcome, *, did: str, hash_document: Callable[[dict[str, Any]], bytes]) -> Entry | None:
    """Compare a badge that we signed with our record; None for one that is changed, or not ours in any way."""
    if outcome.claims is None:
        return None
    if outcome.claims.issuer != did:
        return (
            Entry(CheckState.FAILED, _WORDS["taken"], BadgeVerdict.INVALID)
            if _has_our_code(outcome.claims.id)
            else None
        )
    if not outcome.is_signed:
        return None
    certificate = find_certificate(outcome.claims.id)
    if certificate is None:
        return Entry(CheckState.FAILED, _WORDS["unknown"], worst(outcome.verdict, BadgeVerdict.UNPROVEN))
    if not certificate.badge:
        return Entry(CheckState.FAILED, _WORDS["pending"], worst(outcome.verdict, BadgeVerdict.UNPROVEN), certificate)
    word, verdict = compare(outcome, certificate, hash_document)
    standing = _STANDINGS.get(
        certificate.standing, BadgeVerdict.SUSPENDED
    )  # a standing that is not known is never good news
    if word == "present" and standing not in (BadgeVerdict.VALID, BadgeVerdict.EXPIRED):
        word = "revoked" if standing == BadgeVerdict.REVOKED else "halted"
    state = CheckState.PASSED if word == "present" else CheckState.FAILED
    return Entry(state, _WORDS[word], worst(outcome.verdict, verdict, standing), certificate)


def find_certificate(badge_id: str) -> Certificate | None:
    """Return the certificate whose public page a badge has as its id, to the letter."""
    prefix = settings.BASE_URL + reverse("certificates")
    match = re.fullmatch(re.escape(prefix) + r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/", badge_id)
    return selectors.find_certificate(UUID(match[1])) if match else None


def _has_our_code(badge_id: str) -> bool:
    """True if the id of another issuer's badge has the code of one of our certificates, in whatever form."""
    codes = re.findall(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", badge_id)
    return any(selectors.find_certificate(UUID(code)) is not None for code in codes[:10])


def compare(
    outcome: Outcome, certificate: Certificate, hash_document: Callable[[dict[str, Any]], bytes]
) -> tuple[str, BadgeVerdict]:
    """Return which version of its certificate a badge is, and what that makes of it."""
    kept = json.loads(certificate.badge)
    document = outcome.document or {}
    if _as_text(document) == _as_text(kept) or outcome.hashed == hash_document(kept):
        return "present", BadgeVerdict.VALID
    if _holder(document) != _holder(kept):
        return "other", BadgeVerdict.INVALID
    signed, kept_signed = _signed_at(document), _signed_at(kept)
    if signed is None or kept_signed is None or signed > kept_signed:
        return "newer", BadgeVerdict.UNPROVEN
    return "reissued", BadgeVerdict.REISSUED


def worst(*verdicts: BadgeVerdict) -> BadgeVerdict:
    return min(verdicts, key=_ORDER.index)


def _as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, sort_keys=True)


def _holder(document: dict[str, Any]) -> Any:
    """Return the subject's id, which is made of the certificate's and stays the same when it is signed anew."""
    subject = document.get("credentialSubject")
    return subject.get("id") if isinstance(subject, dict) else None


def _signed_at(document: dict[str, Any]) -> datetime | None:
    proof = document.get("proof")
    proof = proof[0] if isinstance(proof, list) and proof else proof
    created = proof.get("created") if isinstance(proof, dict) else None
    try:
        return datetime.fromisoformat(str(created))
    except ValueError:
        return None
