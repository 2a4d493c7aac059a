"""An issuer, one of its badges and its status list, all without Django."""

from datetime import UTC, datetime
from typing import Any

import pytest

from certification.openbadges import keys, signing, statuslist, verifier
from certification.openbadges.credential import Achievement, Evidence, Issuer, Measurement, OpenBadge, Recipient

DID = "did:web:learn.example"
ORIGIN = "https://learn.example"
LIST = f"{ORIGIN}/status/5f0c/"
INDEX = 4711
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def open_badge(**changes: Any) -> OpenBadge:
    values: dict[str, Any] = {
        "id": f"{ORIGIN}/certificates/1/",
        "issuer": Issuer(id=DID, name="Learn", url=f"{ORIGIN}/"),
        "recipient": Recipient(
            id="urn:uuid:5a0c1a39-6f52-4a5a-9a54-3a5b2b0d7b51", name="Ada", email="Ada@example.org", salt="salt"
        ),
        "achievement": Achievement(
            id=f"{ORIGIN}/credentials/foundations/",
            name="Foundations",
            description="The basics.",
            criteria="Pass *everything*.",
            skills=("gradient descent", "tf.data"),
        ),
        "awarded": NOW,
        "valid_from": NOW,
        "valid_until": None,
        "status_list": LIST,
        "status_index": INDEX,
        "measurements": (
            Measurement(
                id=f"{ORIGIN}/credentials/foundations/#digits", name="accuracy", value="0.957", required="0.93"
            ),
        ),
        "evidence": (
            Evidence(
                id=f"{ORIGIN}/certificates/1/#digits",
                name="Digits",
                description="A graded notebook",
                narrative="- Points: 9 of 10",
                genre="graded notebook",
            ),
        ),
    }
    return OpenBadge(**(values | changes))


class Signer:
    """An issuer that signs and can be resolved."""

    def __init__(self, key_set: keys.KeySet) -> None:
        self.key_set = key_set
        self.revoked: set[int] = set()

    def sign(self, document: dict[str, Any]) -> dict[str, Any]:
        key = self.key_set.current
        return signing.sign(document, secret=key.secret, verification_method=key.id(DID), created=NOW)

    def badge(self, **changes: Any) -> dict[str, Any]:
        return self.sign(open_badge(**changes).to_json())

    def status_list(self) -> dict[str, Any]:
        return self.sign(statuslist.credential(LIST, issuer=DID, revoked=self.revoked, valid_from=NOW))

    def resolve_key(self, issuer: str, method: str) -> Any:
        return self.key_set.find(DID, method) if issuer == DID else None

    def resolve_status(self, url: str) -> Any:
        return self.status_list() if url == LIST else None

    def verify(self, badge: Any, now: datetime = NOW) -> verifier.Outcome:
        return verifier.verify(badge, resolve_key=self.resolve_key, resolve_status=self.resolve_status, now=now)


@pytest.fixture
def signer(tmp_path) -> Signer:
    return Signer(keys.create(tmp_path / "keys.json"))
