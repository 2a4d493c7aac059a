"""What the page /verify/ shows of a code or link of ours, or of anybody's badge file. Nothing is ever fetched.

What strangers send is canonicalised in a process of its own (`openbadges.hashing`), in a lane of its own. What we signed
is hashed once and remembered, so a code is answered fast whatever else is in work.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from certification import issuer, issuing, record, selectors
from certification.models import Certificate, StatusList
from certification.openbadges import limits, verifier
from certification.openbadges.errors import BadgeError
from certification.openbadges.errors import gettext_noop as noop
from certification.openbadges.hashing import Busy, Lane, hasher
from certification.openbadges.impersonation import Site
from certification.openbadges.verifier import BadgeVerdict, CheckState, HashDocument, Outcome
from learnpaths.core import rates
from learnpaths.core.problems import TooMany, Unavailable

MAX_BYTES = limits.MAX_BYTES
UPLOADS = Lane(places=2, per_visitor=1, waiting=24, patience=8.0, nice=10)
OWN = Lane(places=2, per_visitor=2, waiting=100, patience=10.0, nice=0)
TITLES: Mapping[str, Any] = {
    "form": gettext_lazy("The file"),
    "issuer": gettext_lazy("The issuer"),
    "signature": gettext_lazy("The signature"),
    "dates": gettext_lazy("The dates"),
    "status": gettext_lazy("Revocation"),
    "record": gettext_lazy("Our record"),
}
STATES: Mapping[CheckState, Any] = {
    CheckState.PASSED: gettext_lazy("checked"),
    CheckState.FAILED: gettext_lazy("failed"),
    CheckState.SKIPPED: gettext_lazy("not checked"),
}
VERDICTS: Mapping[BadgeVerdict, Any] = {
    BadgeVerdict.VALID: gettext_lazy("This badge is valid"),
    BadgeVerdict.REISSUED: gettext_lazy("This badge is genuine, but the certificate was reissued since"),
    BadgeVerdict.EXPIRED: gettext_lazy("This badge is genuine, but it has expired"),
    BadgeVerdict.NOT_YET_VALID: gettext_lazy("This badge is genuine, but not valid yet"),
    BadgeVerdict.SUSPENDED: gettext_lazy("This badge is suspended by its issuer"),
    BadgeVerdict.REVOKED: gettext_lazy("This badge was revoked by its issuer"),
    BadgeVerdict.INVALID: gettext_lazy("This badge is not valid"),
    BadgeVerdict.UNPROVEN: gettext_lazy("This badge could not be checked completely"),
}

_CODE = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class UnknownCode(Exception):
    """What was typed names no certificate of ours; the text says what to do."""


@dataclass(frozen=True)
class Row:
    """A step as the page shows it."""

    name: str
    title: Any
    state: CheckState
    state_label: Any
    text: str


@dataclass(frozen=True)
class Check:
    """An outcome as the page shows it, with the certificate if it is one of ours."""

    outcome: Outcome
    verdict: BadgeVerdict
    headline: Any
    rows: tuple[Row, ...]
    certificate: Certificate | None
    reason: str = ""

    @property
    def mood(self) -> str:
        """`good`, `warn` or `bad`: how the page colours the headline."""
        moods = {BadgeVerdict.VALID: "good", BadgeVerdict.INVALID: "bad", BadgeVerdict.REVOKED: "bad"}
        return moods.get(self.verdict, "warn")


def check_badge(badge: str | bytes, *, visitor: str = "") -> Check:
    """Check a badge of any issuer: ours completely, others as far as the file itself goes.

    `visitor` is whose place in the lane of uploads it takes. Raises Unavailable where it cannot be checked now.
    """
    certificate = _find_kept(badge)
    if certificate is not None:
        return _check(certificate.badge, hash_own)
    return _check(badge, lambda document: hasher.hash_document(document, lane=UPLOADS, visitor=visitor))


def check_code(code: str) -> Check:
    """Check the badge of the certificate that a code or link names. Raises UnknownCode, Unavailable."""
    certificate = selectors.find_certificate(_read_code(code))
    if certificate is None:
        raise UnknownCode(_("No certificate of this site has that code. Compare it letter by letter."))
    if certificate.is_pending:
        raise UnknownCode(_("That certificate is awarded but not signed yet, so there is nothing to verify."))
    return _check(certificate.badge, hash_own)


def check_rate(kind: str, visitor: str) -> None:
    """Raise TooMany where a visitor checked too many files or codes just now."""
    limit, seconds = settings.VERIFY_RATES[kind]
    try:
        wait = rates.count(f"verify-{kind}", visitor, limit=limit, seconds=seconds)
    except RedisError:
        return  # certificates are verified also while the broker is away; the lanes bound the work
    if wait:
        detail = _("Many badges were checked from your address just now. Try again in %(seconds)s seconds.")
        raise TooMany(detail % {"seconds": wait}, headers={"Retry-After": str(wait)})


def hash_own(document: dict[str, Any]) -> bytes:
    """Return the hash of a document that this site signed; it is remembered."""
    return _hash_own(json.dumps(document, ensure_ascii=False))


@lru_cache(4096)
def _hash_own(text: str) -> bytes:
    return hasher.hash_document(json.loads(text), lane=OWN)


def site() -> Site:
    """Return what only badges of this site may say."""
    return Site(issuer.did(), settings.ISSUER_NAME, settings.BASE_URL)


def resolve_key(issuer_id: str, method: str) -> Ed25519PublicKey | None:
    """Return the key of an issuer that is known without asking anybody: ourselves, and `did:key`."""
    if issuer_id != issuer.did():
        return verifier.resolve_did_key(issuer_id, method)
    key = issuer.key_set().find(issuer_id, method)
    if key is None:
        raise BadgeError(noop("This site has no such key (%(key)s): the badge was not signed here."), key=method)
    return key


def resolve_status(url: str) -> dict[str, Any] | None:
    """Return our own signed status list at that address; None for anybody else's."""
    if not url.startswith(settings.BASE_URL + "/"):
        return None
    try:
        match = resolve(url.removeprefix(settings.BASE_URL))
        if match.url_name != "status-list":
            return None
        document: dict[str, Any] = json.loads(issuing.signed_status_list(match.kwargs["list_id"]))
    except (Resolver404, StatusList.DoesNotExist):
        return None
    return document


def _check(badge: str | bytes, hash_document: HashDocument) -> Check:
    try:
        outcome = verifier.verify(
            badge,
            resolve_key=resolve_key,
            resolve_status=resolve_status,
            hash_document=hash_document,
            hash_status=hash_own,
            site=site(),
        )
        entry = record.look_up(outcome, did=issuer.did(), hash_document=hash_own)
    except Busy:
        raise Unavailable(
            _("So many badges are being checked that this one had no turn. Try again in a few seconds."),
            headers={"Retry-After": "5"},
        ) from None
    rows = [
        Row(step.name, TITLES[step.name], step.state, STATES[step.state], step.explain(_)) for step in outcome.steps
    ]
    if entry is None:
        return Check(outcome, outcome.verdict, _headline(outcome), tuple(rows), None)
    rows.append(Row("record", TITLES["record"], entry.state, STATES[entry.state], str(entry.text)))
    reason = entry.certificate.reason if entry.certificate and entry.verdict == BadgeVerdict.REVOKED else ""
    return Check(outcome, entry.verdict, VERDICTS[entry.verdict], tuple(rows), entry.certificate, reason)


def _headline(outcome: Outcome) -> Any:
    if outcome.verdict == BadgeVerdict.UNPROVEN and outcome.step("issuer").code.startswith("issuer-self"):
        return gettext_lazy("Who issued this badge is not proven")
    return VERDICTS[outcome.verdict]


def _find_kept(badge: str | bytes) -> Certificate | None:
    """Return the certificate whose present badge this is, byte for byte: what we signed needs no stranger's lane."""
    text = badge.decode("utf-8", errors="replace") if isinstance(badge, bytes) else badge
    code = _CODE.search(text[:2000]) if len(text) <= MAX_BYTES else None
    certificate = selectors.find_certificate(UUID(code[0])) if code else None
    return certificate if certificate and certificate.badge and certificate.badge.strip() == text.strip() else None


def _read_code(code: str) -> UUID:
    code = code.strip()
    codes = _CODE.findall(code)
    if code.startswith(("http://", "https://")) and not code.startswith(settings.BASE_URL + "/"):
        raise UnknownCode(
            _("That link leads to another site, and nothing is fetched from here. Drop the badge's file instead.")
        )
    if len(codes) != 1:
        raise UnknownCode(
            _(
                "That is no certificate code. It is the last part of the link, "
                "such as 123e4567-e89b-42d3-a456-426614174000."
            )
        )
    return UUID(codes[0])
