"""Others verify what we sign: openbadgeslib, which shares no code with us but PyLD."""

import json
from typing import Any

import pytest

from tests.certification.openbadges.conftest import DID

ldp = pytest.importorskip("openbadgeslib.ob3.ldp")
from openbadgeslib.ob3.verifier import OB3VerificationError  # noqa: E402


@pytest.fixture
def download(signer):
    """What their verifier gets instead of the network: our DID document, nothing else."""

    def download(url: str, *_: Any, **__: Any) -> bytes:
        assert url == "https://learn.example/.well-known/did.json"
        return json.dumps(signer.key_set.did_document(DID)).encode()

    return download


def test_their_verifier_accepts_our_badge(signer, download) -> None:
    verifier = ldp.OB3LdpVerifier.for_issuer_did(DID, download=download)
    credential = verifier.verify(json.dumps(signer.badge()), download=download)
    assert credential.issuer.id == DID


def test_their_verifier_refuses_a_changed_badge(signer, download) -> None:
    verifier = ldp.OB3LdpVerifier.for_issuer_did(DID, download=download)
    with pytest.raises(OB3VerificationError):
        verifier.verify(json.dumps(signer.badge() | {"name": "Better"}), download=download)


def test_their_reader_of_status_lists_finds_our_bit(signer) -> None:
    from openbadgeslib.ob3.status import decode_encoded_list, set_indices

    signer.revoked = {4711}
    encoded = signer.status_list()["credentialSubject"]["encodedList"]
    assert set_indices(decode_encoded_list(encoded)) == {4711}
