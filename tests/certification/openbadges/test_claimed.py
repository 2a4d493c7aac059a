"""What a badge says about itself, and what it must say to be read at all."""

import copy

import pytest

from certification.openbadges.claimed import read_claims
from certification.openbadges.errors import Malformed
from tests.certification.openbadges.conftest import DID, NOW, ORIGIN, open_badge


@pytest.fixture
def document():
    return copy.deepcopy(open_badge().to_json())


def test_it_works(document):
    claims = read_claims(document)
    assert (claims.id, claims.issuer, claims.issuer_name) == (f"{ORIGIN}/certificates/1/", DID, "Learn")
    assert (claims.achievement, claims.recipient) == ("Foundations", "Ada")
    assert (claims.valid_from, claims.valid_until) == (NOW, None)


def test_an_issuer_may_be_its_id_alone(document):
    document["issuer"] = DID
    assert (read_claims(document).issuer, read_claims(document).issuer_name) == (DID, "")


def test_without_a_name_in_clear_the_recipient_is_the_subject(document):
    del document["credentialSubject"]["identifier"]
    assert read_claims(document).recipient == document["credentialSubject"]["id"]
    document["credentialSubject"]["identifier"] = {"identityType": "name", "hashed": True, "identityHash": "sha256$x"}
    assert read_claims(document).recipient == document["credentialSubject"]["id"]


def test_an_end_is_read(document):
    document["validUntil"] = "2027-01-01T00:00:00Z"
    assert read_claims(document).valid_until.year == 2027


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"type": "OpenBadgeCredential"}, "not VerifiableCredential"),
        ({"type": ["VerifiableCredential"]}, "not an Open Badge"),
        ({"type": ["VerifiableCredential", {"a": 1}]}, "not an Open Badge"),
        ({"credentialSubject": []}, "what was achieved"),
        ({"credentialSubject": {"achievement": "x"}}, "what was achieved"),
        ({"id": ""}, "“id” is missing"),
        ({"issuer": {"name": "Learn"}}, "“id” is missing"),
        ({"issuer": ["did:x"]}, "“id” is missing"),
        ({"validFrom": "yesterday"}, "“validFrom” is not a date"),
        ({"validFrom": "2026-11-23T12:00:00"}, "with a time zone"),
        ({"validUntil": 5}, "“validUntil” is missing or is not a text"),
    ],
)
def test_what_lacks_something_is_malformed(document, changes, message):
    with pytest.raises(Malformed, match=message):
        read_claims(document | changes)


def test_it_may_describe_itself_only_once(document):
    """An inner object with the badge's id could carry an end that is signed and never read."""
    document["evidence"].append({"id": document["id"], "validUntil": "2000-01-01T00:00:00Z"})
    with pytest.raises(Malformed, match="describes itself twice"):
        read_claims(document)
    document["evidence"][-1] = {"id": document["id"]}
    assert read_claims(document).valid_until is None
