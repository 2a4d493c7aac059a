"""Who signs: this site's DID, its keys and its profile."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from certification.models import Certificate
from certification.openbadges import keys
from certification.openbadges.credential import Issuer
from certification.openbadges.errors import KeyFileError


def did() -> str:
    """Return the site's did:web. Its host is signed into every badge, so moving the site orphans them."""
    return keys.did_web(settings.BASE_URL, allow_http=settings.EMBEDDED)


def key_set() -> keys.KeySet:
    """Return the issuer's keys. The embedded mode makes them at first use; production refuses (KeyFileError).

    Where badges have been signed, a missing file is never replaced: a restore forgot it.
    """
    if settings.EMBEDDED and not settings.SIGNING_KEY_FILE.exists() and not has_signed():
        try:
            return keys.create(settings.SIGNING_KEY_FILE)
        except KeyFileError:
            pass  # another process was faster
    return keys.load(settings.SIGNING_KEY_FILE)


def has_signed() -> bool:
    """True if this site has signed badges, which a new key would make worthless."""
    return Certificate.objects.exclude(badge="").exists()


def profile() -> Issuer:
    return Issuer(id=did(), name=settings.ISSUER_NAME, url=settings.BASE_URL + reverse("home"))


def did_document() -> dict[str, Any]:
    return key_set().did_document(did())


def jwks() -> dict[str, Any]:
    return key_set().jwks(did())
