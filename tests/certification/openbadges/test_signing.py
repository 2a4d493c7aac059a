"""eddsa-rdfc-2022, against the test vector of its specification."""

import copy
import json

import pytest

from certification.openbadges import canonical, keys, signing
from certification.openbadges.errors import BadgeError, Malformed, SignatureError

# W3C vc-di-eddsa, "Representation: eddsa-rdfc-2022" (repository w3c/vc-di-eddsa, TestVectors/eddsa-rdfc-2022,
# W3C Software and Document License): public key, signed document, and the two hashes of the signature's input.
PUBLIC_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
COMBINED_HASH = (
    "4c4d3890a157f8d611b13c265c2c22f39aa0a567c7c7dd9ba3e45cd579784eeb"
    "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
)
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
VECTOR = {
    "@context": ["https://www.w3.org/ns/credentials/v2", EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": "https://vc.example/issuers/5678#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "proofPurpose": "assertionMethod",
        "proofValue": "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9",
    },
}


@pytest.fixture
def examples_context(tmp_path, monkeypatch) -> None:
    """The context of W3C's examples, which is one line."""
    file = tmp_path / "examples.json"
    file.write_text(json.dumps({"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}))
    monkeypatch.setitem(canonical.CONTEXTS, EXAMPLES, file)


@pytest.mark.usefixtures("examples_context")
def test_w3c_vector_hashes_alike() -> None:
    unsecured = {key: value for key, value in VECTOR.items() if key != "proof"}
    options = {key: value for key, value in VECTOR["proof"].items() if key != "proofValue"}
    assert signing.hash_data(unsecured, options).hex() == COMBINED_HASH


@pytest.mark.usefixtures("examples_context")
def test_w3c_vector_verifies() -> None:
    signing.verify(VECTOR, keys.decode_public_key(PUBLIC_KEY))


def test_it_verifies_what_it_signed(signer) -> None:
    signing.verify(signer.badge(), signer.key_set.current.public)


def test_signing_leaves_the_document_alone(signer) -> None:
    document = signer.badge()
    before = copy.deepcopy(document)
    signer.sign(document)
    assert document == before


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "Foundations II"),
        (("credentialSubject", "identifier", 0, "identityHash"), "Eve"),
        (("credentialSubject", "result", 0, "value"), "0.99"),
        (("evidence", 0, "narrative"), "- Points: 10 of 10"),
        (("credentialStatus", "statusListIndex"), "1"),
        (("validFrom",), "2020-01-01T00:00:00Z"),
        (("proof", "created"), "2020-01-01T00:00:00Z"),
    ],
)
def test_a_changed_badge_does_not_verify(signer, path, value) -> None:
    badge = signer.badge()
    node = badge
    for key in path[:-1]:
        node = node[key]
    assert node[path[-1]] != value
    node[path[-1]] = value
    with pytest.raises(SignatureError):
        signing.verify(badge, signer.key_set.current.public)


def test_another_key_does_not_verify(signer, tmp_path) -> None:
    other = keys.create(tmp_path / "other.json")
    with pytest.raises(SignatureError):
        signing.verify(signer.badge(), other.current.public)


@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "eddsa-jcs-2022"},
        {"proofPurpose": "authentication"},
        {"type": "Ed25519Signature2020"},
        {"proofValue": "z123"},
        {"proofValue": "unotbase58"},
        {"proofValue": "z0OIl"},
        {"proofValue": None},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"note": "not covered"},
    ],
)
def test_a_proof_of_another_shape_is_refused(signer, change) -> None:
    badge = signer.badge()
    badge["proof"] |= change
    with pytest.raises(BadgeError):
        signing.verify(badge, signer.key_set.current.public)


@pytest.mark.parametrize("proof", [None, [], "x", [{}, {}]])
def test_there_must_be_one_proof(signer, proof) -> None:
    with pytest.raises(Malformed):
        signing.verify(signer.badge() | {"proof": proof}, signer.key_set.current.public)


def test_it_does_not_sign_what_it_would_not_cover(signer) -> None:
    document = {key: value for key, value in signer.badge().items() if key != "proof"}
    with pytest.raises(Malformed, match="No context defines"):
        signer.sign(document | {"favouriteColour": "blue"})
