"""API v1: a certificate as JSON."""

import json
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db


def test_the_api(client, certificate) -> None:
    data = client.get(f"/api/v1/certificates/{certificate.id}/").json()
    assert (data["status"], data["holder"], data["credential"]) == ("valid", "Ada Lovelace", "foundations")
    assert data["badge_url"] == f"{certificate.public_url}badge.json"
    assert data["evidence"][0]["metrics"][0]["value"] == 0.957
    assert "email" not in json.dumps(data)
    missing = client.get(f"/api/v1/certificates/{uuid4()}/")
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
