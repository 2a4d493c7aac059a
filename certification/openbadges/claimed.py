"""What a badge says about itself, read from its JSON and not yet believed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import impersonation
from .errors import Malformed
from .errors import gettext_noop as _


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
        id=read_text(document, "id"),
        issuer=issuer if isinstance(issuer, str) else read_text(issuer, "id"),
        issuer_name=impersonation.show(str(issuer.get("name", ""))) if isinstance(issuer, dict) else "",
        achievement=impersonation.show(read_text(achievement, "name")),
        recipient=impersonation.show(_recipient(subject)),
        valid_from=_moment(document, "validFrom"),
        valid_until=_moment(document, "validUntil") if "validUntil" in document else None,
    )


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


def read_text(node: Any, name: str) -> str:
    value = node.get(name) if isinstance(node, dict) else None
    if not isinstance(value, str) or not value:
        raise Malformed(_("Its “%(name)s” is missing or is not a text."), name=name)
    return value


def _moment(document: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(read_text(document, name))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Malformed(_("Its “%(name)s” is not a date and time with a time zone."), name=name)
    return moment
