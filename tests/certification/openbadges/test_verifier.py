"""A badge is checked step by step; each refusal names its step."""

import json
from datetime import timedelta

import pytest

from certification.openbadges import impersonation, keys, signing, verifier
from certification.openbadges.verifier import BadgeVerdict, CheckState
from tests.certification.openbadges.conftest import DID, INDEX, NOW, open_badge


def states(outcome) -> dict[str, str]:
    return {step.name: str(step.state) for step in outcome.steps}


def test_it_works(signer) -> None:
    outcome = signer.verify(json.dumps(signer.badge()))
    assert outcome.verdict == BadgeVerdict.VALID
    assert set(states(outcome).values()) == {"passed"}
    assert outcome.claims.recipient == "Ada"
    assert outcome.claims.issuer == DID


def test_every_step_explains_itself(signer) -> None:
    badges = [signer.badge(), signer.badge() | {"name": "x"}, {"type": []}, "nonsense"]
    for badge in badges:
        for step in signer.verify(badge).steps:
            assert step.explain()
            assert "%(" not in step.explain()


def test_a_tampered_badge_fails_at_the_signature(signer) -> None:
    outcome = signer.verify(signer.badge() | {"name": "Something better"})
    assert outcome.verdict == BadgeVerdict.INVALID
    assert states(outcome)["signature"] == "failed"
    assert "changed after it was signed" in outcome.step("signature").explain()


def test_a_revoked_badge(signer) -> None:
    badge = signer.badge()
    signer.revoked = {INDEX}
    outcome = signer.verify(badge)
    assert (outcome.verdict, states(outcome)["status"]) == (BadgeVerdict.REVOKED, "failed")


def test_a_neighbour_that_is_revoked_does_no_harm(signer) -> None:
    signer.revoked = {INDEX - 1, INDEX + 1}
    assert signer.verify(signer.badge()).verdict == BadgeVerdict.VALID


def test_an_expired_badge(signer) -> None:
    badge = signer.badge(valid_until=NOW + timedelta(days=1))
    assert signer.verify(badge).verdict == BadgeVerdict.VALID
    outcome = signer.verify(badge, now=NOW + timedelta(days=2))
    assert (outcome.verdict, states(outcome)["dates"]) == (BadgeVerdict.EXPIRED, "failed")


def test_a_badge_of_the_future(signer) -> None:
    assert signer.verify(signer.badge(), now=NOW - timedelta(days=1)).verdict == BadgeVerdict.NOT_YET_VALID


def test_a_forged_and_expired_badge_is_called_forged(signer) -> None:
    badge = signer.badge(valid_until=NOW) | {"name": "x"}
    assert signer.verify(badge, now=NOW + timedelta(days=2)).verdict == BadgeVerdict.INVALID


def test_a_badge_of_a_retired_key_still_verifies(signer, tmp_path) -> None:
    badge = signer.badge()
    signer.key_set = keys.rotate(tmp_path / "keys.json")
    assert signer.verify(badge).verdict == BadgeVerdict.VALID


def test_a_key_that_the_issuer_does_not_publish(signer, tmp_path) -> None:
    badge = signer.badge()
    signer.key_set = keys.create(tmp_path / "others.json")

    outcome = signer.verify(badge)
    assert outcome.verdict == BadgeVerdict.UNPROVEN  # this resolver says "unknown", so nothing is claimed
    assert states(outcome)["signature"] == "skipped"


def test_a_key_of_somebody_else(signer) -> None:
    badge = signing.sign(
        open_badge().to_json(),
        secret=signer.key_set.current.secret,
        verification_method="did:web:evil.example#key",
        created=NOW,
    )
    outcome = signer.verify(badge)
    assert outcome.verdict == BadgeVerdict.INVALID
    assert "somebody else" in outcome.step("issuer").explain()


def test_a_foreign_issuer_is_neither_believed_nor_fetched(signer) -> None:
    badge = signer.badge()
    outcome = verifier.verify(badge, resolve_key=lambda *_: None, resolve_status=lambda _: None, now=NOW)
    assert outcome.verdict == BadgeVerdict.UNPROVEN
    assert states(outcome) == {
        "form": "passed",
        "issuer": "skipped",
        "signature": "skipped",
        "dates": "passed",
        "status": "skipped",
    }
    assert DID in outcome.step("issuer").explain()


def signed_by_its_own_key(signer, **changes):
    """A badge whose issuer is a `did:key`: anybody can make one."""
    key = signer.key_set.current
    did = f"did:key:{key.multikey}"
    document = open_badge().to_json() | changes
    document["issuer"] = {"id": did, "type": ["Profile"], "name": "Somebody"} | document.pop("issuer_changes", {})
    document.pop("credentialStatus")
    return signing.sign(document, secret=key.secret, verification_method=f"{did}#{key.multikey}", created=NOW)


def test_did_key_is_never_valid(signer) -> None:
    """Its signature holds and it is not revoked, and yet nobody knows who made it."""
    outcome = verifier.verify(
        signed_by_its_own_key(signer),
        resolve_key=verifier.resolve_did_key,
        resolve_status=lambda _: None,
        now=NOW,
    )
    assert outcome.verdict == BadgeVerdict.UNPROVEN
    assert states(outcome) == {
        "form": "passed",
        "issuer": "skipped",
        "signature": "passed",
        "dates": "passed",
        "status": "passed",
    }
    assert "only that one key holder signed" in outcome.step("signature").explain()
    assert "not a letter" not in " ".join(step.explain() for step in outcome.steps)


SITE = impersonation.Site(did="did:web:ours.example", name="Learnpaths", origin="https://ours.example")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "https://ours.example/certificates/1/"}, "issuer-pretends-address"),
        ({"issuer_changes": {"url": "https://ours.example/"}}, "issuer-pretends-address"),
        ({"issuer_changes": {"name": "LEARNPATHS"}}, "issuer-pretends-name"),
        ({"issuer_changes": {"name": {"@value": "Learnpaths", "@language": "en"}}}, "issuer-pretends-name"),
        ({"evidence": [{"id": "http://OURS.example:80/x", "type": ["Evidence"]}]}, "issuer-pretends-address"),
    ],
)
def test_a_badge_that_says_what_only_we_may_say_is_invalid(signer, changes, code) -> None:
    badge = signed_by_its_own_key(signer, **changes)
    outcome = verifier.verify(
        badge, resolve_key=verifier.resolve_did_key, resolve_status=lambda _: None, site=SITE, now=NOW
    )
    assert outcome.verdict == BadgeVerdict.INVALID
    assert outcome.step("issuer").code == code
    assert SITE.did in outcome.step("issuer").explain()
    assert outcome.step("signature").state == CheckState.SKIPPED


def test_a_name_like_ours_is_told_and_not_refused(signer) -> None:
    badge = signed_by_its_own_key(signer, issuer_changes={"name": "Friends of Learnpaths"})
    outcome = verifier.verify(
        badge, resolve_key=verifier.resolve_did_key, resolve_status=lambda _: None, site=SITE, now=NOW
    )
    assert outcome.verdict == BadgeVerdict.UNPROVEN
    assert "it is not this site" in outcome.step("issuer").explain()


def test_a_suspended_badge(signer) -> None:
    document = open_badge().to_json()
    document["credentialStatus"]["statusPurpose"] = "suspension"
    badge = signer.sign(document)
    signer.revoked = {INDEX}
    outcome = signer.verify(badge)
    assert (outcome.verdict, outcome.step("status").code) == (BadgeVerdict.SUSPENDED, "status-suspended")


def test_status_lists_are_asked_only_for_a_badge_whose_signature_matches(signer) -> None:
    asked = []

    def resolve_status(url):
        asked.append(url)

    entry = open_badge().to_json()["credentialStatus"]
    forged = signer.badge() | {"credentialStatus": [entry] * 200}
    verifier.verify(forged, resolve_key=signer.resolve_key, resolve_status=resolve_status, now=NOW)
    assert asked == []
    document = open_badge().to_json() | {"credentialStatus": [entry | {"id": f"urn:x:{n}"} for n in range(5)]}
    outcome = verifier.verify(
        signer.sign(document), resolve_key=signer.resolve_key, resolve_status=resolve_status, now=NOW
    )
    assert asked == []
    assert outcome.step("status").state == CheckState.FAILED


def test_sizes_are_looked_at_before_any_hash(signer) -> None:
    def refuse(document):
        raise AssertionError("JSON-LD work was begun")

    badge = signer.badge()
    badge["type"] += ["OpenBadgeCredential"] * 2800
    outcome = verifier.verify(
        json.dumps(badge), resolve_key=signer.resolve_key, resolve_status=signer.resolve_status, hash_document=refuse
    )
    assert states(outcome) == {"form": "failed"}
    assert "2802 entries" in outcome.steps[0].explain()


def test_an_explanation_repeats_little_of_a_badge_and_nothing_that_hides(signer) -> None:
    badge = signer.badge() | {"\u202e" + "x" * 2000: 1}
    text = signer.verify(badge).steps[0].explain()
    assert len(text) < 500
    assert "\u202e" not in text


def test_did_key_with_another_key(signer) -> None:
    key = signer.key_set.current
    document = open_badge().to_json()
    document["issuer"]["id"] = f"did:key:{key.multikey}"
    badge = signing.sign(document, secret=key.secret, verification_method=f"did:key:{key.multikey}#other", created=NOW)
    outcome = verifier.verify(badge, resolve_key=verifier.resolve_did_key, resolve_status=lambda _: None, now=NOW)
    assert states(outcome)["issuer"] == "failed"


def forged_list(signer, **changes):
    return signer.status_list() | changes


@pytest.mark.parametrize("changes", [{"id": "https://learn.example/status/other/"}, {"issuer": "did:web:evil.example"}])
def test_a_status_list_of_somebody_else_proves_nothing(signer, changes) -> None:
    outcome = verifier.verify(
        signer.badge(),
        resolve_key=signer.resolve_key,
        resolve_status=lambda _: forged_list(signer, **changes),
        now=NOW,
    )
    assert (outcome.verdict, states(outcome)["status"]) == (BadgeVerdict.UNPROVEN, "failed")


def test_a_changed_status_list_proves_nothing(signer) -> None:
    signer.revoked = {INDEX}
    old, new = signer.status_list(), None
    signer.revoked = set()
    new = signer.status_list()
    mixed = old | {"credentialSubject": new["credentialSubject"]}
    outcome = verifier.verify(signer.badge(), resolve_key=signer.resolve_key, resolve_status=lambda _: mixed, now=NOW)
    assert states(outcome)["status"] == "failed"


@pytest.mark.parametrize(
    "change",
    [
        {"type": "SomethingElse"},
        {"statusPurpose": "message"},
        {"statusListIndex": "x"},
        {"statusListIndex": "9" * 30},
        {"statusListIndex": 5},
        {"statusSize": "2"},
        {"statusListCredential": None},
    ],
)
def test_a_status_entry_that_cannot_be_read_is_not_passed_over(signer, change) -> None:
    document = open_badge().to_json()
    document["credentialStatus"] |= change
    document["credentialStatus"] = {k: v for k, v in document["credentialStatus"].items() if v is not None}
    try:
        badge = signer.sign(document)
    except verifier.BadgeError:
        badge = signer.badge() | {"credentialStatus": document["credentialStatus"]}
    outcome = signer.verify(badge)
    assert outcome.verdict != BadgeVerdict.VALID
    assert states(outcome).get("status", "failed") == "failed"


def without(document, name):
    return {key: value for key, value in document.items() if key != name}


@pytest.mark.parametrize("name", ["type", "id", "issuer", "validFrom", "credentialSubject", "proof", "@context"])
def test_a_badge_that_lacks_something_fails_at_the_form(signer, name) -> None:
    outcome = signer.verify(without(signer.badge(), name))
    assert (outcome.verdict, states(outcome)) == (BadgeVerdict.INVALID, {"form": "failed"})


@pytest.mark.parametrize(
    "change",
    [
        {"validFrom": "yesterday"},
        {"validFrom": "2026-01-01T00:00:00"},
        {"validUntil": ["2030-01-01T00:00:00Z"]},
        {"validUntil": {"@value": "2030-01-01T00:00:00Z"}},
        {"type": "VerifiableCredential"},
        {"type": ["VerifiableCredential"]},
        {"undefinedTerm": "x"},
        {"evidence": [{"id": "https://learn.example/certificates/1/", "validUntil": "2030-01-01T00:00:00Z"}]},
    ],
)
def test_a_badge_that_could_be_read_two_ways_fails_at_the_form(signer, change) -> None:
    outcome = signer.verify(signer.badge() | change)
    assert states(outcome) == {"form": "failed"}


def test_hiding_the_status_by_another_spelling_does_not_work(signer) -> None:
    """The RDF, and so the signature, would be the same; a reader of the JSON would see no status."""
    badge = signer.badge()
    badge["https://www.w3.org/2018/credentials#credentialStatus"] = badge.pop("credentialStatus")
    signer.revoked = {INDEX}
    assert states(signer.verify(badge)) == {"form": "failed"}


@pytest.mark.parametrize(
    "text", ["", "x", "eyJhbGciOiJSUzI1NiJ9.e30.x", "[]", "{}", '{"type": 1}', b"\x89PNG\r\n", b"\xff\xfe"]
)
def test_anything_else_fails_at_the_form(signer, text) -> None:
    outcome = signer.verify(text)
    assert (outcome.verdict, outcome.claims) == (BadgeVerdict.INVALID, None)
    assert outcome.steps[0].state == CheckState.FAILED
