"""Check a badge step by step, and say at each step what was found.

Nothing is fetched here: who the issuer's keys are and what the status list says come from two functions of the caller,
which return None for what they do not know. A step that could not be done is `skipped`, never passed over in silence.

The order keeps strangers' work small: sizes first, then the form, then the hash (all JSON-LD work there is; the caller
says where it is done), and status lists only for a badge whose signature matches.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import canonical, impersonation, limits, signing, statuslist
from .claimed import Claims, read_claims, read_text
from .errors import BadgeError, Malformed
from .errors import gettext_noop as _
from .keys import decode_public_key

# (issuer id, verification method) -> its key, None if the issuer is not known here. Raises BadgeError if the issuer is
# known and has no such key.
ResolveKey = Callable[[str, str], Ed25519PublicKey | None]
# address of a status list -> the signed list, None if it is not known here.
ResolveStatus = Callable[[str], dict[str, Any] | None]
# a signed document -> the 64 bytes that its proof signs, see `signing.hash_document`.
HashDocument = Callable[[dict[str, Any]], bytes]
CLOCK_SKEW = timedelta(minutes=5)
MAX_STATUS_ENTRIES = 4
LONGEST_FACT = 200  # characters of what a badge says that an explanation repeats


class CheckState(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class BadgeVerdict(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REISSUED = "reissued"  # genuine, but its issuer has signed a newer one; only the issuer's own record says so
    INVALID = "invalid"
    UNPROVEN = "unproven"  # nothing is wrong, but who signed it, or whether it was revoked, could not be checked


MESSAGES = {
    "form": _("It is an Open Badges 3.0 credential, and all its terms have a meaning."),
    "form-failed": _("It is not an Open Badges 3.0 credential that can be checked here. %(reason)s"),
    "issuer": _("%(issuer)s publishes the key that the badge names."),
    "issuer-self": _(
        "The issuer's name is its key (%(issuer)s). Anybody can make such a key, so nothing shows who that is: "
        "the name in the badge is only what the key holder calls themselves."
    ),
    "issuer-self-similar": _(
        "The issuer's name is its key (%(issuer)s). Anybody can make such a key. It calls itself “%(name)s”, "
        "which is like the name of this site (%(site)s), but it is not this site."
    ),
    "issuer-other": _("The badge names the issuer %(issuer)s, but the key %(key)s belongs to somebody else."),
    "issuer-pretends-address": _(
        "It uses an address of this site (%(text)s), but it names %(issuer)s as its issuer. Only %(site)s may issue that."
    ),
    "issuer-pretends-name": _(
        "It calls its issuer “%(text)s”. That is the name of this site (%(site)s), but its issuer is %(issuer)s: "
        "this site did not sign it."
    ),
    "issuer-failed": _("%(reason)s"),
    "issuer-unknown": _(
        "The issuer is %(issuer)s. Its keys are not known here and are not fetched, so check them with the issuer."
    ),
    "issuer-unknown-similar": _(
        "The issuer is %(issuer)s. It calls itself “%(name)s”, which is like the name of this site (%(site)s), "
        "but it is not this site. Its keys are not known here and are not fetched, so check them with the issuer."
    ),
    "signature": _("The signature covers the whole badge, and the key that the badge names made it."),
    "signature-self": _(
        "The signature matches that key. It proves only that one key holder signed all of this, "
        "not that any of it is true."
    ),
    "signature-failed": _("%(reason)s"),
    "signature-skipped": _("Without the issuer's key the signature cannot be checked."),
    "signature-moot": _("It was not looked at: the badge does not come from who it says."),
    "dates": _("It is valid today: from %(start)s, without an end."),
    "dates-until": _("It is valid today: from %(start)s until %(end)s."),
    "dates-expired": _("It expired on %(end)s."),
    "dates-early": _("It is valid only from %(start)s."),
    "status": _("The issuer's signed status list says that it is not revoked."),
    "status-none": _("The issuer gave it no status list: it cannot be revoked."),
    "status-revoked": _("The issuer revoked it."),
    "status-suspended": _("The issuer has suspended it: for now it does not count."),
    "status-moot": _("It was not looked at: nothing shows that the badge is the issuer's."),
    "status-unknown": _("Whether it was revoked stands in the issuer's list %(list)s, which is not fetched from here."),
    "status-failed": _("Whether it was revoked cannot be told. %(reason)s"),
}


@dataclass(frozen=True)
class CheckStep:
    """One thing that was looked at: form, issuer, signature, dates or status."""

    name: str
    state: CheckState
    code: str  # key of MESSAGES
    facts: dict[str, str] = field(default_factory=dict)
    reason: BadgeError | None = None

    def explain(self, translate: Callable[[str], str] = str) -> str:
        """Return what was found, in the language that `translate` puts a marked text into."""
        reason = translate(self.reason.message) % clip(self.reason.facts) if self.reason else ""
        return translate(MESSAGES[self.code]) % (clip(self.facts) | {"reason": reason})


def clip(facts: Mapping[str, object]) -> dict[str, str]:
    """Return facts that can be shown inside a sentence: short, and without characters that hide or turn text."""
    return {name: impersonation.show(str(fact), LONGEST_FACT) for name, fact in facts.items()}


@dataclass(frozen=True)
class Outcome:
    """The result of all steps; the rest is None where the document could not even be read."""

    verdict: BadgeVerdict
    steps: tuple[CheckStep, ...]
    claims: Claims | None = None
    document: dict[str, Any] | None = None
    hashed: bytes | None = None  # what the proof signs

    def step(self, name: str) -> CheckStep:
        """Return the step with that name. Raises KeyError if it was not reached."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    @property
    def is_signed(self) -> bool:
        """True if the key that the badge names made its signature, whoever's key that is."""
        return self.hashed is not None and self.step("signature").state == CheckState.PASSED


def verify(
    badge: str | bytes | dict[str, Any],
    *,
    resolve_key: ResolveKey,
    resolve_status: ResolveStatus,
    hash_document: HashDocument = signing.hash_document,
    hash_status: HashDocument = signing.hash_document,
    site: impersonation.Site | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Return what can be said about `badge`. Never raises for anything in it, and never opens a connection.

    `site` is who looks at it: a badge of another issuer that says what only `site` may say is invalid.
    """
    try:
        document = badge if isinstance(badge, dict) else read(badge)
        limits.check(document)
        proof = signing.read_proof(document)
        claims = read_claims(document)
        canonical.check_form({key: value for key, value in document.items() if key != "proof"})
        failed_issuer = _find_impersonation(document, claims, site)
        hashed = hash_document(document)
    except BadgeError as error:
        return Outcome(BadgeVerdict.INVALID, (CheckStep("form", CheckState.FAILED, "form-failed", reason=error),))
    if failed_issuer:
        issuer, key = failed_issuer, None
    else:
        issuer, key = _check_issuer(document, claims, proof["verificationMethod"], resolve_key, site)
    signature = _check_signature(hashed, proof, issuer, key)
    status = _Status(resolve_key, resolve_status, hash_status)
    steps = (
        CheckStep("form", CheckState.PASSED, "form"),
        issuer,
        signature,
        _check_dates(claims, now or datetime.now(UTC)),
        status.check(document, claims, signature),
    )
    return Outcome(_verdict(steps), steps, claims, document, hashed)


def resolve_did_key(issuer: str, method: str) -> Ed25519PublicKey | None:
    """Resolve `did:key`, whose identifier is the key itself; None for any other issuer."""
    if not issuer.startswith("did:key:"):
        return None
    multikey = issuer.removeprefix("did:key:")
    if method != f"{issuer}#{multikey}":
        raise BadgeError(_("%(method)s is not the key of %(issuer)s."), method=method, issuer=issuer)
    return decode_public_key(multikey)


def read(badge: str | bytes) -> dict[str, Any]:
    """Return the document in a badge file. Raises Malformed."""
    text = badge.decode("utf-8", errors="replace") if isinstance(badge, bytes) else badge
    if text.count(".") == 2 and text.lstrip().startswith("eyJ"):
        raise Malformed(_("It is a VC-JWT; only badges with an embedded proof can be checked here."))
    if text.lstrip()[:1] != "{":
        raise Malformed(_("It is not JSON. If it is a picture, take the badge's JSON file."))
    return canonical.parse(text.strip())


def _find_impersonation(document: dict[str, Any], claims: Claims, site: impersonation.Site | None) -> CheckStep | None:
    """Return the failed step of a badge of another issuer that says what only this site may say."""
    if site is None or claims.issuer == site.did:
        return None
    match = impersonation.find_impersonation(document, site)
    if match is None:
        return None
    facts = {"issuer": claims.issuer, "text": match.text, "site": site.did}
    return CheckStep("issuer", CheckState.FAILED, f"issuer-pretends-{match.kind}", facts)


def _check_issuer(
    document: dict[str, Any], claims: Claims, method: str, resolve_key: ResolveKey, site: impersonation.Site | None
) -> tuple[CheckStep, Ed25519PublicKey | None]:
    facts = {"issuer": claims.issuer, "name": claims.issuer_name, "site": site.did if site else ""}
    if method.partition("#")[0] != claims.issuer:
        return CheckStep("issuer", CheckState.FAILED, "issuer-other", facts | {"key": method}), None
    try:
        key = resolve_key(claims.issuer, method)
    except BadgeError as error:
        return CheckStep("issuer", CheckState.FAILED, "issuer-failed", reason=error), None
    is_similar = site is not None and claims.issuer != site.did and impersonation.has_similar_name(document, site)
    if key is None:
        return CheckStep("issuer", CheckState.SKIPPED, "issuer-unknown" + "-similar" * is_similar, facts), None
    if claims.issuer.startswith("did:key:"):
        return CheckStep("issuer", CheckState.SKIPPED, "issuer-self" + "-similar" * is_similar, facts), key
    return CheckStep("issuer", CheckState.PASSED, "issuer", facts), key


def _check_signature(
    hashed: bytes, proof: dict[str, Any], issuer: CheckStep, key: Ed25519PublicKey | None
) -> CheckStep:
    if key is None:
        is_open = issuer.state == CheckState.SKIPPED
        return CheckStep("signature", CheckState.SKIPPED, "signature-skipped" if is_open else "signature-moot")
    try:
        signing.verify_hash(hashed, proof, key)
    except BadgeError as error:
        return CheckStep("signature", CheckState.FAILED, "signature-failed", reason=error)
    return CheckStep(
        "signature", CheckState.PASSED, "signature" if issuer.state == CheckState.PASSED else "signature-self"
    )


def _check_dates(claims: Claims, now: datetime) -> CheckStep:
    facts = {"start": f"{claims.valid_from:%Y-%m-%d}"}
    if claims.valid_until:
        facts["end"] = f"{claims.valid_until:%Y-%m-%d}"
        if claims.valid_until < now - CLOCK_SKEW:
            return CheckStep("dates", CheckState.FAILED, "dates-expired", facts)
    if claims.valid_from > now + CLOCK_SKEW:
        return CheckStep("dates", CheckState.FAILED, "dates-early", facts)
    return CheckStep("dates", CheckState.PASSED, "dates-until" if claims.valid_until else "dates", facts)


@dataclass(frozen=True)
class _Status:
    """Looks a badge up in its issuer's status lists."""

    resolve_key: ResolveKey
    resolve_status: ResolveStatus
    hash_status: HashDocument

    def check(self, document: dict[str, Any], claims: Claims, signature: CheckStep) -> CheckStep:
        if "credentialStatus" not in document:
            return CheckStep("status", CheckState.PASSED, "status-none")
        if signature.state == CheckState.FAILED or signature.code == "signature-moot":
            return CheckStep("status", CheckState.SKIPPED, "status-moot")
        entries = document["credentialStatus"]
        entries = entries if isinstance(entries, list) else [entries]
        try:
            if not 1 <= len(entries) <= MAX_STATUS_ENTRIES:
                raise Malformed(_("It must have at most %(limit)s places in status lists."), limit=MAX_STATUS_ENTRIES)
            steps = [self._look_up(entry, claims, signature) for entry in entries]
        except BadgeError as error:
            return CheckStep("status", CheckState.FAILED, "status-failed", reason=error)
        order = ("status-revoked", "status-suspended", "status-unknown", "status")
        return min(steps, key=lambda step: order.index(step.code))

    def _look_up(self, entry: Any, claims: Claims, signature: CheckStep) -> CheckStep:
        url, index = _read_entry(entry)
        status_list = self.resolve_status(url) if signature.state == CheckState.PASSED else None
        if status_list is None:
            return CheckStep("status", CheckState.SKIPPED, "status-unknown", {"list": url})
        if not statuslist.is_set(self._trusted_bits(status_list, url, claims.issuer), index):
            return CheckStep("status", CheckState.PASSED, "status")
        is_final = entry["statusPurpose"] == "revocation"
        return CheckStep("status", CheckState.FAILED, "status-revoked" if is_final else "status-suspended")

    def _trusted_bits(self, status_list: dict[str, Any], url: str, issuer: str) -> bytes:
        """Return the bits of a status list that this very issuer signed. Raises BadgeError."""
        list_issuer = status_list.get("issuer")
        if isinstance(list_issuer, dict):
            list_issuer = list_issuer.get("id")
        if status_list.get("id") != url or list_issuer != issuer:
            raise Malformed(_("The status list is another one or comes from another issuer."))
        proof = signing.read_proof(status_list)
        method = proof["verificationMethod"]
        key = self.resolve_key(issuer, method) if method.partition("#")[0] == issuer else None
        if key is None:
            raise Malformed(_("The status list is signed with an unknown key."))
        signing.verify_hash(self.hash_status(status_list), proof, key)
        return statuslist.decode(read_text(status_list.get("credentialSubject"), "encodedList"))


def _read_entry(entry: Any) -> tuple[str, int]:
    """Return the list's address and the place in it."""
    if read_text(entry, "type") != "BitstringStatusListEntry" or entry.get("statusSize", 1) not in (1, "1"):
        raise Malformed(_("Only one-bit entries of a Bitstring Status List can be read."))
    if read_text(entry, "statusPurpose") not in ("revocation", "suspension"):
        raise Malformed(_("The purpose “%(purpose)s” of its status is not known here."), purpose=entry["statusPurpose"])
    index = read_text(entry, "statusListIndex")
    if not (index.isascii() and index.isdigit()) or len(index) > 9:
        raise Malformed(_("Its place in the status list is not a number."))
    return read_text(entry, "statusListCredential"), int(index)


def _verdict(steps: tuple[CheckStep, ...]) -> BadgeVerdict:
    """Return the worst news first: a forged badge is not called expired."""
    by_name = {step.name: step for step in steps}
    if CheckState.FAILED in (by_name["issuer"].state, by_name["signature"].state):
        return BadgeVerdict.INVALID
    special = {
        "status-revoked": BadgeVerdict.REVOKED,
        "status-suspended": BadgeVerdict.SUSPENDED,
        "dates-expired": BadgeVerdict.EXPIRED,
        "dates-early": BadgeVerdict.NOT_YET_VALID,
    }
    codes = {step.code for step in steps}
    for code, verdict in special.items():
        if code in codes:
            return verdict
    if any(step.state != CheckState.PASSED for step in steps):
        return BadgeVerdict.UNPROVEN
    return BadgeVerdict.VALID
