"""Who signs: this site's DID, its keys and its profile."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from certification.openbadges import keys
from certification.openbadges.credential import Issuer
from certification.openbadges.errors import KeyFileError


def did() -> str:
    """Return the site's did:web. Its host is signed into every badge, so moving the site orphans them."""
    return keys.did_web(settings.BASE_URL, allow_http=settings.EMBEDDED)


def key_set() -> keys.KeySet:
    """Return the issuer's keys. The embedded mode makes them at first use; production refuses (KeyFileError)."""
    if settings.EMBEDDED and not settings.SIGNING_KEY_FILE.exists():
        try:
            return keys.create(settings.SIGNING_KEY_FILE)
        except KeyFileError:
            pass  # another process was faster
    return keys.load(settings.SIGNING_KEY_FILE)


def profile() -> Issuer:
    return Issuer(id=did(), name=settings.ISSUER_NAME, url=settings.BASE_URL + reverse("home"))


def did_document() -> dict[str, Any]:
    return key_set().did_document(did())


def jwks() -> dict[str, Any]:
    return key_set().jwks(did())
