"""Sizes are refused before any JSON-LD work, whichever list it is that grows."""

import json

import pytest
from pyld import jsonld

from certification.openbadges import canonical, limits
from certification.openbadges.errors import BadgeError, TooCostly
from tests.certification.openbadges.conftest import open_badge


def grown(**changes):
    return open_badge().to_json() | changes


def subject(**changes):
    document = open_badge().to_json()
    document["credentialSubject"] |= changes
    return document


def achievement(**changes):
    document = open_badge().to_json()
    document["credentialSubject"]["achievement"] |= changes
    return document


def nested(depth: int):
    node: dict = {"id": "urn:x:y"}
    for _ in range(depth):
        node = {"evidence": [node]}
    return node


TOO_LARGE = {
    "repeated types": lambda: grown(
        type=["VerifiableCredential", "OpenBadgeCredential"] + ["OpenBadgeCredential"] * 2800
    ),
    "one repeated type": lambda: grown(type=["VerifiableCredential", "OpenBadgeCredential", "OpenBadgeCredential"]),
    "many types": lambda: grown(
        type=["VerifiableCredential", "OpenBadgeCredential", *(f"urn:t:{n}" for n in range(2800))]
    ),
    "types of the subject": lambda: subject(type=["AchievementSubject"] * 2800),
    "types of the achievement": lambda: achievement(type=["Achievement"] * 2800),
    "types of the issuer": lambda: grown(issuer={"id": "did:key:z", "type": ["Profile"] * 2800}),
    "types of the proof": lambda: grown(proof={"type": ["DataIntegrityProof"] * 2800}),
    "types of the status": lambda: grown(
        credentialStatus={"id": "urn:x:y", "type": ["BitstringStatusListEntry"] * 2800}
    ),
    "a few types of many objects": lambda: grown(
        evidence=[{"id": f"urn:x:{n}", "type": [f"urn:t:{n}:{t}" for t in range(8)]} for n in range(250)]
    ),
    "contexts": lambda: grown(**{"@context": [canonical.CREDENTIALS_V2] * 2800}),
    "a context twice": lambda: grown(**{"@context": [canonical.CREDENTIALS_V2, canonical.CREDENTIALS_V2]}),
    "evidence": lambda: grown(evidence=[{"id": f"urn:x:{n}"} for n in range(500)]),
    "tags": lambda: achievement(tag=["x"] * 500),
    "lists in lists": lambda: achievement(tag=[["x"] * 200] * 200),
    "objects": lambda: grown(evidence=[{"id": f"urn:x:{n}", "audience": {"a": {"b": {}}}} for n in range(250)]),
    "members": lambda: grown(**{f"member{n}": n for n in range(100)}),
    "depth": lambda: grown(evidence=[nested(100)]),
    "a long text": lambda: grown(description="x" * 200_000),
    "a long id": lambda: grown(id="urn:x:" + "x" * 5000),
    "a long type": lambda: grown(type=["VerifiableCredential", "x" * 5000]),
    "a long member": lambda: grown(**{"x" * 5000: 1}),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_it_is_refused_before_any_json_ld_work(monkeypatch, name) -> None:
    def refuse(*_args, **_options):
        raise AssertionError("JSON-LD work was begun")

    monkeypatch.setattr(jsonld, "expand", refuse)
    with pytest.raises(BadgeError):
        canonical.check_form(TOO_LARGE[name]())


@pytest.mark.parametrize("name", TOO_LARGE)
def test_its_size_alone_refuses_it(name) -> None:
    with pytest.raises(BadgeError):
        limits.check(TOO_LARGE[name]())


def test_many_members_of_which_the_last_is_there_twice_are_refused_at_once() -> None:
    """Looking for the repeated one must not compare each with each."""
    members = ",".join(f'"{n}":0' for n in [*range(25_000), 24_999])
    with pytest.raises(BadgeError, match="'24999' is there twice"):
        canonical.parse("{" + members + "}")


def test_an_honest_badge_of_many_exercises_is_far_below_the_limits() -> None:
    from certification.openbadges.credential import Evidence, Measurement

    badge = open_badge(
        measurements=tuple(
            Measurement(id=f"urn:m:{n}", name="accuracy", value="1", required="0.9") for n in range(100)
        ),
        evidence=tuple(
            Evidence(id=f"urn:e:{n}", name="Digits", description="…", narrative="…" * 300, genre="graded notebook")
            for n in range(100)
        ),
    ).to_json()
    limits.check(json.loads(json.dumps(badge)))


def test_the_error_names_the_list() -> None:
    with pytest.raises(TooCostly, match="“tag” has 500 entries"):
        limits.check(TOO_LARGE["tags"]())
