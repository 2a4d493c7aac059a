"""Check a badge step by step, and say at each step what was found.

Nothing is fetched here: who the issuer's keys are and what the status list says come from two functions of the caller,
which return None for what they do not know. A step that could not be done is `skipped`, never passed over in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import canonical, signing, statuslist
from .errors import BadgeError, Malformed
from .errors import gettext_noop as _
from .keys import decode_public_key

# (issuer id, verification method) -> its key, None if the issuer is not known here. Raises BadgeError if the issuer is
# known and has no such key.
ResolveKey = Callable[[str, str], Ed25519PublicKey | None]
# address of a status list -> the signed list, None if it is not known here.
ResolveStatus = Callable[[str], dict[str, Any] | None]
CLOCK_SKEW = timedelta(minutes=5)


class State(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    INVALID = "invalid"
    UNPROVEN = "unproven"  # nothing is wrong, but who signed it, or whether it was revoked, could not be checked


MESSAGES = {
    "form": _("It is an Open Badges 3.0 credential, and all its terms have a meaning."),
    "form-failed": _("It is not an Open Badges 3.0 credential that can be checked here. %(reason)s"),
    "issuer": _("%(issuer)s publishes the key that the badge names."),
    "issuer-self": _("The issuer's name is its key (%(issuer)s): it proves that one key holder signed, not who."),
    "issuer-other": _("The badge names the issuer %(issuer)s, but the key %(key)s belongs to somebody else."),
    "issuer-failed": _("%(reason)s"),
    "issuer-unknown": _(
        "The issuer is %(issuer)s. Its keys are not known here and are not fetched, so check them with the issuer."
    ),
    "signature": _("The signature covers the whole badge and matches: not a letter was changed."),
    "signature-failed": _("%(reason)s"),
    "signature-skipped": _("Without the issuer's key the signature cannot be checked."),
    "dates": _("It is valid today: from %(start)s, without an end."),
    "dates-until": _("It is valid today: from %(start)s until %(end)s."),
    "dates-expired": _("It expired on %(end)s."),
    "dates-early": _("It is valid only from %(start)s."),
    "status": _("The issuer's signed status list says that it is not revoked."),
    "status-none": _("The issuer gave it no status list: it cannot be revoked."),
    "status-revoked": _("The issuer revoked it."),
    "status-unknown": _("Whether it was revoked stands in the issuer's list %(list)s, which is not fetched from here."),
    "status-failed": _("Whether it was revoked cannot be told. %(reason)s"),
}


@dataclass(frozen=True)
class Step:
    """One thing that was looked at: form, issuer, signature, dates or status."""

    name: str
    state: State
    code: str  # key of MESSAGES
    facts: dict[str, str] = field(default_factory=dict)
    reason: BadgeError | None = None

    def explain(self, translate: Callable[[str], str] = str) -> str:
        """Return what was found, in the language that `translate` puts a marked text into."""
        reason = translate(self.reason.message) % self.reason.facts if self.reason else ""
        return translate(MESSAGES[self.code]) % (self.facts | {"reason": reason})


@dataclass(frozen=True)
class Claims:
    """What a badge says about itself."""

    id: str
    issuer: str
    issuer_name: str
    achievement: str
    recipient: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True)
class Outcome:
    """The result of all steps; `claims` is None where the document could not even be read."""

    verdict: Verdict
    steps: tuple[Step, ...]
    claims: Claims | None = None

    def step(self, name: str) -> Step:
        """Return the step with that name. Raises KeyError if it was not reached."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)


def verify(
    badge: str | bytes | dict[str, Any],
    *,
    resolve_key: ResolveKey,
    resolve_status: ResolveStatus,
    now: datetime | None = None,
) -> Outcome:
    """Return what can be said about `badge`. Never raises for anything in it, and never opens a connection."""
    try:
        document = badge if isinstance(badge, dict) else _parse(badge)
        proof = signing.read_proof(document)
        claims = read_claims(document)
        canonical.expand({key: value for key, value in document.items() if key != "proof"})
    except BadgeError as error:
        return Outcome(Verdict.INVALID, (Step("form", State.FAILED, "form-failed", reason=error),))
    issuer, key = _check_issuer(claims, proof["verificationMethod"], resolve_key)
    steps = (
        Step("form", State.PASSED, "form"),
        issuer,
        _check_signature(document, issuer, key),
        _check_dates(claims, now or datetime.now(UTC)),
        _check_status(document, claims, resolve_key, resolve_status),
    )
    return Outcome(_verdict(steps), steps, claims)


def resolve_did_key(issuer: str, method: str) -> Ed25519PublicKey | None:
    """Resolve `did:key`, whose identifier is the key itself; None for any other issuer."""
    if not issuer.startswith("did:key:"):
        return None
    multikey = issuer.removeprefix("did:key:")
    if method != f"{issuer}#{multikey}":
        raise BadgeError(_("%(method)s is not the key of %(issuer)s."), method=method, issuer=issuer)
    return decode_public_key(multikey)


def read_claims(document: dict[str, Any]) -> Claims:
    """Return what the document says. Raises Malformed where it lacks what a badge must have."""
    types = document.get("type")
    if not isinstance(types, list) or "VerifiableCredential" not in types:
        raise Malformed(_("Its type is not VerifiableCredential."))
    if not {"OpenBadgeCredential", "AchievementCredential"} & {item for item in types if isinstance(item, str)}:
        raise Malformed(_("It is a credential, but not an Open Badge."))
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    if not isinstance(subject, dict) or not isinstance(achievement, dict):
        raise Malformed(_("It does not say what was achieved (credentialSubject.achievement)."))
    _refuse_redescription(document)
    issuer = document.get("issuer")
    return Claims(
        id=_text(document, "id"),
        issuer=issuer if isinstance(issuer, str) else _text(issuer, "id"),
        issuer_name=str(issuer.get("name", "")) if isinstance(issuer, dict) else "",
        achievement=_text(achievement, "name"),
        recipient=_recipient(subject),
        valid_from=_moment(document, "validFrom"),
        valid_until=_moment(document, "validUntil") if "validUntil" in document else None,
    )


def _parse(badge: str | bytes) -> dict[str, Any]:
    text = badge.decode("utf-8", errors="replace") if isinstance(badge, bytes) else badge
    if text.count(".") == 2 and text.lstrip().startswith("eyJ"):
        raise Malformed(_("It is a VC-JWT; only badges with an embedded proof can be checked here."))
    if text.lstrip()[:1] != "{":
        raise Malformed(_("It is not JSON. If it is a picture, take the badge's JSON file."))
    return canonical.parse(text.strip())


def _check_issuer(claims: Claims, method: str, resolve_key: ResolveKey) -> tuple[Step, Ed25519PublicKey | None]:
    facts = {"issuer": claims.issuer}
    if method.partition("#")[0] != claims.issuer:
        return Step("issuer", State.FAILED, "issuer-other", facts | {"key": method}), None
    try:
        key = resolve_key(claims.issuer, method)
    except BadgeError as error:
        return Step("issuer", State.FAILED, "issuer-failed", reason=error), None
    if key is None:
        return Step("issuer", State.SKIPPED, "issuer-unknown", facts), None
    return Step("issuer", State.PASSED, "issuer-self" if claims.issuer.startswith("did:key:") else "issuer", facts), key


def _check_signature(document: dict[str, Any], issuer: Step, key: Ed25519PublicKey | None) -> Step:
    if key is None:
        state = State.SKIPPED if issuer.state == State.SKIPPED else State.FAILED
        return Step("signature", state, "signature-skipped")
    try:
        signing.verify(document, key)
    except BadgeError as error:
        return Step("signature", State.FAILED, "signature-failed", reason=error)
    return Step("signature", State.PASSED, "signature")


def _check_dates(claims: Claims, now: datetime) -> Step:
    facts = {"start": f"{claims.valid_from:%Y-%m-%d}"}
    if claims.valid_until:
        facts["end"] = f"{claims.valid_until:%Y-%m-%d}"
        if claims.valid_until < now - CLOCK_SKEW:
            return Step("dates", State.FAILED, "dates-expired", facts)
    if claims.valid_from > now + CLOCK_SKEW:
        return Step("dates", State.FAILED, "dates-early", facts)
    return Step("dates", State.PASSED, "dates-until" if claims.valid_until else "dates", facts)


def _check_status(
    document: dict[str, Any], claims: Claims, resolve_key: ResolveKey, resolve_status: ResolveStatus
) -> Step:
    if "credentialStatus" not in document:
        return Step("status", State.PASSED, "status-none")
    entries = document["credentialStatus"]
    try:
        for entry in entries if isinstance(entries, list) else [entries]:
            url, index = _read_entry(entry)
            status_list = resolve_status(url)
            if status_list is None:
                return Step("status", State.SKIPPED, "status-unknown", {"list": url})
            if statuslist.is_set(_trusted_bits(status_list, url, claims.issuer, resolve_key), index):
                return Step("status", State.FAILED, "status-revoked")
    except BadgeError as error:
        return Step("status", State.FAILED, "status-failed", reason=error)
    return Step("status", State.PASSED, "status")


def _read_entry(entry: Any) -> tuple[str, int]:
    """Return the list's address and the place in it."""
    if _text(entry, "type") != "BitstringStatusListEntry" or entry.get("statusSize", 1) not in (1, "1"):
        raise Malformed(_("Only one-bit entries of a Bitstring Status List can be read."))
    if _text(entry, "statusPurpose") not in ("revocation", "suspension"):
        raise Malformed(_("The purpose “%(purpose)s” of its status is not known here."), purpose=entry["statusPurpose"])
    index = _text(entry, "statusListIndex")
    if not (index.isascii() and index.isdigit()) or len(index) > 9:
        raise Malformed(_("Its place in the status list is not a number."))
    return _text(entry, "statusListCredential"), int(index)


def _trusted_bits(status_list: dict[str, Any], url: str, issuer: str, resolve_key: ResolveKey) -> bytes:
    """Return the bits of a status list that this very issuer signed. Raises BadgeError."""
    list_issuer = status_list.get("issuer")
    if isinstance(list_issuer, dict):
        list_issuer = list_issuer.get("id")
    if status_list.get("id") != url or list_issuer != issuer:
        raise Malformed(_("The status list is another one or comes from another issuer."))
    method = signing.read_proof(status_list)["verificationMethod"]
    key = resolve_key(issuer, method) if method.partition("#")[0] == issuer else None
    if key is None:
        raise Malformed(_("The status list is signed with an unknown key."))
    signing.verify(status_list, key)
    return statuslist.decode(_text(status_list.get("credentialSubject"), "encodedList"))


def _verdict(steps: tuple[Step, ...]) -> Verdict:
    """Return the worst news first: a forged badge is not called expired."""
    by_name = {step.name: step for step in steps}
    if State.FAILED in (by_name["issuer"].state, by_name["signature"].state):
        return Verdict.INVALID
    special = {
        "status-revoked": Verdict.REVOKED,
        "dates-expired": Verdict.EXPIRED,
        "dates-early": Verdict.NOT_YET_VALID,
    }
    codes = {step.code for step in steps}
    for code, verdict in special.items():
        if code in codes:
            return verdict
    if any(step.state != State.PASSED for step in steps):
        return Verdict.UNPROVEN
    return Verdict.VALID


def _refuse_redescription(document: dict[str, Any]) -> None:
    """Refuse an inner object with the badge's own id: a validUntil could be moved there, still signed but unread."""
    stack: list[Any] = [value for key, value in document.items() if key != "proof"]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if item.get("id") == document.get("id") and len(item) > 1:
                raise Malformed(_("It describes itself twice."))
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _recipient(subject: dict[str, Any]) -> str:
    """Return the recipient's name where the badge has it in clear, else the subject's id."""
    identifiers = subject.get("identifier")
    for item in identifiers if isinstance(identifiers, list) else [identifiers]:
        if isinstance(item, dict) and item.get("identityType") == "name" and item.get("hashed") is False:
            return str(item.get("identityHash", ""))
    return str(subject.get("id", ""))


def _text(node: Any, name: str) -> str:
    value = node.get(name) if isinstance(node, dict) else None
    if not isinstance(value, str) or not value:
        raise Malformed(_("Its “%(name)s” is missing or is not a text."), name=name)
    return value


def _moment(document: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(document, name))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Malformed(_("Its “%(name)s” is not a date and time with a time zone."), name=name)
    return moment
