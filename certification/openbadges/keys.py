"""The issuer's Ed25519 keys: a file of them, their Multikey form, and what the issuer publishes about them.

The file is JSON: `{"format": …, "keys": [{"created", "publicKeyMultibase", "secretKeyMultibase"}, …]}`, newest first.
Only the newest has a secret: rotating throws the old secret away, and the old public half stays so that old badges
verify for ever.
"""

import base64
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .errors import BadgeError, KeyFileError
from .errors import gettext_noop as _

FORMAT = "learnpaths-signing-keys-1"
_PUBLIC_PREFIX = bytes([0xED, 0x01])  # multicodec ed25519-pub
_SECRET_PREFIX = bytes([0x80, 0x26])  # multicodec ed25519-priv


@dataclass(frozen=True)
class IssuerKey:
    """One key pair; `secret` is None for a retired key."""

    public: Ed25519PublicKey
    created: datetime
    secret: Ed25519PrivateKey | None = None

    @property
    def multikey(self) -> str:
        return encode_public_key(self.public)

    def id(self, did: str) -> str:
        """Return the key's id under an issuer: the fragment is the key itself, so an id can never mean another key."""
        return f"{did}#{self.multikey}"


@dataclass(frozen=True)
class KeySet:
    """All keys of an issuer, newest first."""

    keys: tuple[IssuerKey, ...]

    @property
    def current(self) -> IssuerKey:
        return self.keys[0]

    def find(self, did: str, key_id: str) -> Ed25519PublicKey | None:
        """Return the public key with that id, retired or not."""
        return next((key.public for key in self.keys if key.id(did) == key_id), None)

    def did_document(self, did: str) -> dict[str, Any]:
        """Return the DID document that `did:web` resolves to."""
        ids = [key.id(did) for key in self.keys]
        methods = [
            {"id": key.id(did), "type": "Multikey", "controller": did, "publicKeyMultibase": key.multikey}
            for key in self.keys
        ]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": did,
            "verificationMethod": methods,
            "assertionMethod": ids,
        }

    def jwks(self, did: str) -> dict[str, Any]:
        """Return the same public keys as a JSON Web Key Set."""
        return {"keys": [_jwk(key, did) for key in self.keys]}


def encode_public_key(key: Ed25519PublicKey) -> str:
    """Return the Multikey form: "z" + base58btc(0xed01 + 32 bytes)."""
    return "z" + base58.b58encode(_PUBLIC_PREFIX + key.public_bytes_raw()).decode()


def decode_public_key(multikey: str) -> Ed25519PublicKey:
    """Return the key of a Multikey. Raises BadgeError for another kind of key."""
    return Ed25519PublicKey.from_public_bytes(_decode(multikey, _PUBLIC_PREFIX))


def did_web(base_url: str, *, allow_http: bool = False) -> str:
    """Return the did:web of a site. Raises BadgeError for an address that did:web cannot name.

    Resolvers use https; `allow_http` is for a site on one's own machine only.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        raise BadgeError(f"{base_url} does not begin with https://, which did:web needs.")
    if not parts.netloc or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadgeError(f"{base_url} must be a host with an optional port, nothing more.")
    return "did:web:" + quote(parts.netloc, safe=".-")


def create(path: Path) -> KeySet:
    """Make a key file with one new key, readable by its owner only. Raises KeyFileError if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        if path.exists():
            raise KeyFileError(f"{path} exists already; rotate it instead of making a new one.")
        _write(path, KeySet((_new_key(),)))
    return load(path)


def load(path: Path) -> KeySet:
    """Return the keys in `path`. Raises KeyFileError if it is missing, damaged or open to others."""
    try:
        mode = path.stat().st_mode
        data = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise KeyFileError(
            f"There is no key file {path}. If this site has signed badges, put the old file back from your copy: with "
            "another key none of them verifies any more. For a new site: manage.py rotate_signing_key"
        ) from error
    except (OSError, ValueError) as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error}") from error
    if mode & 0o027:
        raise KeyFileError(f"The key file {path} is open to others (mode {mode & 0o777:o}). Run: chmod 600 {path}")
    return _from_json(path, data)


def rotate(path: Path) -> KeySet:
    """Put a new key in front and drop the secrets of the others; makes the file where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        old = load(path).keys if path.exists() else ()
        _write(path, KeySet((_new_key(), *(IssuerKey(key.public, key.created) for key in old))))
    return load(path)


def _new_key() -> IssuerKey:
    secret = Ed25519PrivateKey.generate()
    return IssuerKey(secret.public_key(), datetime.now(UTC).replace(microsecond=0), secret)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a key file: two processes that rotate at once must not lose a key that has signed."""
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, keys: KeySet) -> None:
    text = json.dumps({"format": FORMAT, "keys": [_to_json(key) for key in keys.keys]}, indent=2)
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # made with mode 0600
    try:
        with os.fdopen(fd, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _to_json(key: IssuerKey) -> dict[str, str]:
    data = {"created": key.created.isoformat(), "publicKeyMultibase": key.multikey}
    if key.secret is not None:
        data["secretKeyMultibase"] = "z" + base58.b58encode(_SECRET_PREFIX + key.secret.private_bytes_raw()).decode()
    return data


def _from_json(path: Path, data: Any) -> KeySet:
    try:
        if data["format"] != FORMAT:
            raise ValueError(f"its format is {data['format']!r}, not {FORMAT!r}")
        keys = tuple(_key_from_json(item) for item in data["keys"])
        if not keys or keys[0].secret is None:
            raise ValueError("its first key has no secret")
    except (BadgeError, KeyError, TypeError, ValueError) as error:
        raise KeyFileError(f"The key file {path} is damaged: {error}") from error
    return KeySet(keys)


def _key_from_json(item: dict[str, str]) -> IssuerKey:
    public = decode_public_key(item["publicKeyMultibase"])
    secret = None
    if "secretKeyMultibase" in item:
        secret = Ed25519PrivateKey.from_private_bytes(_decode(item["secretKeyMultibase"], _SECRET_PREFIX))
        if secret.public_key().public_bytes_raw() != public.public_bytes_raw():
            raise ValueError("a public key and its secret do not belong together")
    return IssuerKey(public, datetime.fromisoformat(item["created"]), secret)


def _decode(multibase: str, prefix: bytes) -> bytes:
    try:
        data = base58.b58decode(multibase[1:]) if multibase[:1] == "z" else b""
    except ValueError:
        data = b""
    if len(data) != len(prefix) + 32 or not data.startswith(prefix):
        raise BadgeError(_("That is not an Ed25519 Multikey."))
    return data[len(prefix) :]


def _jwk(key: IssuerKey, did: str) -> dict[str, str]:
    x = base64.urlsafe_b64encode(key.public.public_bytes_raw()).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": key.id(did), "use": "sig", "alg": "EdDSA"}
