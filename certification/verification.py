"""Check what a visitor brings: a code or link of ours, or a badge file of anybody. Nothing is ever fetched."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification import issuer, issuing, selectors
from certification.models import Certificate, StatusList
from certification.openbadges import verifying
from certification.openbadges.errors import BadgeError
from certification.openbadges.errors import gettext_noop as noop
from certification.openbadges.verifying import Outcome, State, Verdict

MAX_BYTES = 2**20
TITLES: Mapping[str, Any] = {
    "form": gettext_lazy("The file"),
    "issuer": gettext_lazy("The issuer"),
    "signature": gettext_lazy("The signature"),
    "dates": gettext_lazy("The dates"),
    "status": gettext_lazy("Revocation"),
    "record": gettext_lazy("Our record"),
}
STATES: Mapping[State, Any] = {
    State.PASSED: gettext_lazy("checked"),
    State.FAILED: gettext_lazy("failed"),
    State.SKIPPED: gettext_lazy("not checked"),
}
VERDICTS: Mapping[Verdict, Any] = {
    Verdict.VALID: gettext_lazy("This badge is valid"),
    Verdict.EXPIRED: gettext_lazy("This badge is genuine, but it has expired"),
    Verdict.NOT_YET_VALID: gettext_lazy("This badge is genuine, but not valid yet"),
    Verdict.REVOKED: gettext_lazy("This badge was revoked by its issuer"),
    Verdict.INVALID: gettext_lazy("This badge is not valid"),
    Verdict.UNPROVEN: gettext_lazy("This badge could not be checked completely"),
}


class UnknownCode(Exception):
    """What was typed names no certificate of ours; the text says what to do."""


@dataclass(frozen=True)
class Row:
    """A step as the page shows it."""

    name: str
    title: Any
    state: State
    state_label: Any
    text: str


@dataclass(frozen=True)
class Check:
    """An outcome as the page shows it, with the certificate if it is one of ours."""

    outcome: Outcome
    headline: Any
    rows: tuple[Row, ...]
    certificate: Certificate | None
    reason: str = ""

    @property
    def mood(self) -> str:
        """`good`, `warn` or `bad`: how the page colours the headline."""
        moods = {Verdict.VALID: "good", Verdict.INVALID: "bad", Verdict.REVOKED: "bad"}
        return moods.get(self.outcome.verdict, "warn")


def check_badge(badge: str | bytes) -> Check:
    """Check a badge of any issuer: ours completely, others as far as the file itself goes."""
    outcome = verifying.verify(badge, resolve_key=resolve_key, resolve_status=resolve_status)
    certificate = _certificate_of(outcome)
    rows = [
        Row(step.name, TITLES[step.name], step.state, STATES[step.state], step.explain(_)) for step in outcome.steps
    ]
    if certificate is not None:
        rows.append(_record(badge, certificate))
    reason = certificate.reason if certificate and outcome.verdict == Verdict.REVOKED else ""
    return Check(outcome, VERDICTS[outcome.verdict], tuple(rows), certificate, reason)


def check_code(code: str) -> Check:
    """Check the badge of the certificate that a code or link names. Raises UnknownCode."""
    certificate = selectors.find_certificate(_read_code(code))
    if certificate is None:
        raise UnknownCode(_("No certificate of this site has that code. Compare it letter by letter."))
    if certificate.is_pending:
        raise UnknownCode(_("That certificate is awarded but not signed yet, so there is nothing to verify."))
    return check_badge(certificate.badge)


def resolve_key(issuer_id: str, method: str) -> Ed25519PublicKey | None:
    """Return the key of an issuer that is known without asking anybody: ourselves, and `did:key`."""
    if issuer_id != issuer.did():
        return verifying.resolve_did_key(issuer_id, method)
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
        if match.url_name != "status_list":
            return None
        document: dict[str, Any] = json.loads(issuing.signed_status_list(match.kwargs["list_id"]))
    except (Resolver404, StatusList.DoesNotExist):
        return None
    return document


def _read_code(code: str) -> UUID:
    code = code.strip()
    found = re.findall(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", code)
    if code.startswith(("http://", "https://")) and not code.startswith(settings.BASE_URL + "/"):
        raise UnknownCode(
            _("That link leads to another site, and nothing is fetched from here. Drop the badge's file instead.")
        )
    if len(found) != 1:
        raise UnknownCode(
            _(
                "That is no certificate code. It is the last part of the link, "
                "such as 123e4567-e89b-42d3-a456-426614174000."
            )
        )
    return UUID(found[0])


def _certificate_of(outcome: Outcome) -> Certificate | None:
    """Return the certificate that a badge signed by us is about."""
    if outcome.claims is None or outcome.verdict in (Verdict.INVALID,) or outcome.claims.issuer != issuer.did():
        return None
    try:
        return selectors.find_certificate(_read_code(outcome.claims.id))
    except UnknownCode:
        return None


def _record(badge: str | bytes, certificate: Certificate) -> Row:
    """Say whether the badge is the present one: after a reissue the earlier file still verifies."""
    text = badge.decode("utf-8", errors="replace") if isinstance(badge, bytes) else badge
    is_current = json.loads(text) == json.loads(certificate.badge)
    state = State.PASSED if is_current else State.FAILED
    message = (
        _("This is the present version of the certificate on its page.")
        if is_current
        else _("The certificate was reissued since: its page has a newer version, which may carry another name.")
    )
    return Row("record", TITLES["record"], state, STATES[state], message)
