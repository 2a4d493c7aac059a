"""The shape of a badge, as Open Badges 3.0 wants it."""

import hashlib

from tests.certification.openbadges.conftest import INDEX, LIST, NOW, open_badge


def test_it_has_what_a_badge_must_have() -> None:
    badge = open_badge().to_json()
    assert badge["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["issuer"]["type"] == ["Profile"]
    assert badge["validFrom"] == badge["awardedDate"] == "2026-11-23T12:00:00Z"
    achievement = badge["credentialSubject"]["achievement"]
    assert {"id", "type", "name", "description", "criteria", "achievementType"} <= achievement.keys()
    assert badge["credentialStatus"] == {
        "id": f"{LIST}#{INDEX}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": LIST,
    }


def test_the_address_is_hashed_and_the_name_is_not() -> None:
    name, address = open_badge().to_json()["credentialSubject"]["identifier"]
    assert (name["identityHash"], name["hashed"]) == ("Ada", False)
    assert address["identityHash"] == "sha256$" + hashlib.sha256(b"ada@example.orgsalt").hexdigest()
    assert "ada@" not in str(open_badge().to_json()).lower()


def test_results_are_texts_and_point_to_their_descriptions() -> None:
    subject = open_badge().to_json()["credentialSubject"]
    (description,) = subject["achievement"]["resultDescription"]
    assert subject["result"] == [{"type": ["Result"], "resultDescription": description["id"], "value": "0.957"}]
    assert description["requiredValue"] == "0.93"


def test_what_is_empty_is_left_out() -> None:
    badge = open_badge(measurements=(), evidence=()).to_json()
    assert not {"evidence", "validUntil"} & badge.keys()
    assert "result" not in badge["credentialSubject"]
    assert open_badge(valid_until=NOW).to_json()["validUntil"] == "2026-11-23T12:00:00Z"
