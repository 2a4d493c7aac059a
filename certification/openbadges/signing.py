"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022 (https://www.w3.org/TR/vc-di-eddsa/)."""

import copy
import hashlib
from datetime import UTC, datetime
from typing import Any

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .canonical import canonize
from .errors import Malformed, SignatureError
from .errors import gettext_noop as _

CRYPTOSUITE = "eddsa-rdfc-2022"


def sign(
    document: dict[str, Any], *, secret: Ed25519PrivateKey, verification_method: str, created: datetime
) -> dict[str, Any]:
    """Return a copy of `document` with a proof. Raises Malformed if part of it would stay outside the signature."""
    unsecured = {key: value for key, value in copy.deepcopy(document).items() if key != "proof"}
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": timestamp(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    signature = secret.sign(hash_data(unsecured, proof))
    return unsecured | {"proof": proof | {"proofValue": "z" + base58.b58encode(signature).decode()}}


def verify(document: dict[str, Any], public: Ed25519PublicKey) -> None:
    """Raise SignatureError unless the proof of `document` was made by that key over exactly what `document` says."""
    verify_hash(hash_document(document), read_proof(document), public)


def verify_hash(hashed: bytes, proof: dict[str, Any], public: Ed25519PublicKey) -> None:
    """Raise SignatureError unless `proof` is that key's signature of what `hash_document` returned."""
    try:
        public.verify(_signature(proof["proofValue"]), hashed)
    except InvalidSignature:
        raise SignatureError(_("The signature does not match: the badge was changed after it was signed.")) from None


def hash_document(document: dict[str, Any]) -> bytes:
    """Return the 64 bytes that the proof of `document` signs. Raises Malformed or TooCostly.

    This is all the JSON-LD work there is in a verification, and needs neither a key nor a secret.
    """
    proof = read_proof(document)
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    return hash_data(unsecured, {key: value for key, value in proof.items() if key != "proofValue"})


def read_proof(document: dict[str, Any]) -> dict[str, Any]:
    """Return the one proof of `document`, checked for shape. Raises Malformed."""
    proofs = document.get("proof")
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if len(proofs) != 1 or not isinstance(proofs[0], dict):
        raise Malformed(_("It must have exactly one proof."))
    proof: dict[str, Any] = proofs[0]
    for name, expected in (("type", "DataIntegrityProof"), ("proofPurpose", "assertionMethod")):
        if proof.get(name) != expected:
            raise Malformed(_("Its proof must have the %(name)s %(expected)s."), name=name, expected=expected)
    if proof.get("cryptosuite") != CRYPTOSUITE:
        raise Malformed(_("Its proof is of another kind; only %(suite)s can be checked here."), suite=CRYPTOSUITE)
    for name in ("verificationMethod", "proofValue"):
        if not isinstance(proof.get(name), str):
            raise Malformed(_("Its proof has no %(name)s."), name=name)
    return proof


def hash_data(unsecured: dict[str, Any], options: dict[str, Any]) -> bytes:
    """Return the 64 bytes that are signed: the hash of the proof's options, then the hash of the document."""
    # A proof may carry the document's own contexts and nothing else: others could give its terms another meaning.
    if options.get("@context", unsecured.get("@context")) != unsecured.get("@context"):
        raise Malformed(_("The proof has other contexts than the document."))
    config = {"@context": unsecured.get("@context")} | options
    return b"".join(hashlib.sha256(canonize(part).encode()).digest() for part in (config, unsecured))


def timestamp(moment: datetime) -> str:
    """Return the moment as XML Schema dateTime in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _signature(value: str) -> bytes:
    try:
        signature = base58.b58decode(value[1:]) if value[:1] == "z" else b""
    except ValueError:
        signature = b""
    if len(signature) != 64:
        raise SignatureError(_("The proof value is not a signature of 64 bytes in base58."))
    return signature
