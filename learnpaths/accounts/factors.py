"""Secrets of second factors, encrypted with a key made of SECRET_KEY; those made of its fallbacks still read."""

import base64
import secrets
from typing import Any

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

log = structlog.get_logger(__name__)

SECRET_FIELDS = ("secret", "seed")  # of an authenticator's data; "migrated_codes" is a list of such texts
_MARK = "gAAAAA"  # with which every Fernet token begins; neither base32 secrets nor hexadecimal seeds do


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; where no key reads it, a random one, which no code of anybody fits."""
        try:
            return decrypt(encrypted_text)
        except InvalidToken:
            log.error("second_factor_unreadable", advice="put the former key into LEARNPATHS_SECRET_KEY_FALLBACKS")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return the secret; one that an earlier version of the site wrote in clear is returned as it is.

    Raises InvalidToken where no key reads it.
    """
    return _fernet().decrypt(text.encode()).decode() if text.startswith(_MARK) else text


def encrypt_again() -> int:
    """Encrypt every secret with the present key, and return how many authenticators changed."""
    rows = list(Authenticator.objects.all())
    for row in rows:
        row.data = encrypt_data(row.data)
        row.save(update_fields=["data"])
    return len(rows)


def encrypt_data(data: dict[str, Any]) -> dict[str, Any]:
    """Return an authenticator's data with its secrets encrypted with the present key."""
    changed: dict[str, Any] = {name: encrypt(decrypt(data[name])) for name in SECRET_FIELDS if name in data}
    if "migrated_codes" in data:
        changed["migrated_codes"] = [encrypt(decrypt(code)) for code in data["migrated_codes"]]
    return data | changed


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derive(key: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"learnpaths second factors")
    return base64.urlsafe_b64encode(kdf.derive(key.encode()))
