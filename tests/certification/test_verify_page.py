"""/verify/: our badges completely, those of others as far as the file goes, and never a connection."""

import json
import socket

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certification import services
from certification.openbadges import keys, signing
from tests.certification.openbadges.conftest import NOW, open_badge

pytestmark = pytest.mark.django_db


def steps(response) -> dict[str, str]:
    return {row.name: str(row.state) for row in response.context["check"].rows}


def upload(client, content: bytes):
    return client.post("/verify/", {"file": SimpleUploadedFile("badge.json", content)})


def test_the_empty_page(client) -> None:
    response = client.get("/verify/")
    assert response.status_code == 200
    assert response.context["check"] is None


def test_a_code_and_a_link(client, certificate) -> None:
    for code in (str(certificate.id), f" {certificate.public_url} ", f"{certificate.public_url}badge.json"):
        response = client.get("/verify/", {"code": code})
        assert response.context["check"].outcome.verdict == "valid"
        assert b"This badge is valid" in response.content


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("5f3c0b52-5f5c-4c0b-9d5e-0a4f6a1f7c11", "No certificate of this site"),
        ("hello", "no certificate code"),
        ("https://elsewhere.example/certificates/123e4567-e89b-42d3-a456-426614174000/", "another site"),
        ("x" * 600, "at most 500"),
        ("", "required"),
    ],
)
def test_a_code_that_leads_nowhere(client, certificate, code, message) -> None:
    response = client.get("/verify/", {"code": code})
    assert response.status_code == 422
    assert message in response.content.decode()


def test_a_file_and_its_text(client, certificate) -> None:
    for response in (
        upload(client, certificate.badge.encode()),
        client.post("/verify/", {"text": certificate.badge}),
    ):
        assert response.context["check"].outcome.verdict == "valid"
        assert set(steps(response).values()) == {"passed"}
        assert "record" in steps(response)


def test_a_tampered_badge_names_the_step(client, certificate) -> None:
    response = upload(client, certificate.badge.replace("Ada Lovelace", "Eve").encode())
    assert steps(response)["signature"] == "failed"
    assert "changed after it was signed" in response.content.decode()
    assert b"This badge is not valid" in response.content


def test_a_revoked_badge(client, revoked) -> None:
    response = upload(client, revoked.badge.encode())
    assert response.context["check"].outcome.verdict == "revoked"
    assert "Awarded by mistake" in response.content.decode()


def test_an_earlier_version_verifies_but_is_called_so(client, certificate, charlie) -> None:
    old = certificate.badge
    certificate.user.display_name = "Ada King"
    certificate.user.save()
    services.reissue(certificate=certificate, reason="She married", actor=charlie)
    response = upload(client, old.encode())
    assert response.context["check"].outcome.verdict == "valid"
    assert steps(response)["record"] == "failed"
    assert "reissued since" in response.content.decode()


def test_a_badge_of_a_retired_key(client, certificate) -> None:
    from django.core.management import call_command

    call_command("rotate_signing_key")
    response = upload(client, certificate.badge.encode())
    assert response.context["check"].outcome.verdict == "valid"


def test_a_foreign_badge_says_what_was_not_checked(client, tmp_path, monkeypatch) -> None:
    key = keys.create(tmp_path / "foreign.json").current
    did = "did:web:elsewhere.example"
    document = open_badge().to_json()
    document["issuer"]["id"] = did
    badge = signing.sign(document, secret=key.secret, verification_method=key.id(did), created=NOW)

    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    response = upload(client, json.dumps(badge).encode())
    assert response.context["check"].outcome.verdict == "unproven"
    assert steps(response) == {
        "form": "passed",
        "issuer": "skipped",
        "signature": "skipped",
        "dates": "passed",
        "status": "skipped",
    }
    assert "could not be checked completely" in response.content.decode()


def test_a_badge_in_our_name_that_we_never_signed(client, certificate, tmp_path) -> None:
    key = keys.create(tmp_path / "evil.json").current
    document = json.loads(certificate.badge)
    did = document["issuer"]["id"]
    forged = signing.sign(document, secret=key.secret, verification_method=key.id(did), created=NOW)
    response = upload(client, json.dumps(forged).encode())
    assert steps(response)["issuer"] == "failed"
    assert "was not signed here" in response.content.decode()


@pytest.mark.parametrize(
    "content", [b"", b"x", b"\x89PNG\r\n\x1a\n", b"{}", b'{"a":1,"a":2}', b"\xff\xfe\x00", b"[" * 200_000]
)
def test_rubbish_is_refused_kindly(client, content) -> None:
    response = upload(client, content)
    assert response.status_code in (200, 422)
    assert "Traceback" not in response.content.decode()
    if response.status_code == 200:
        assert steps(response) == {"form": "failed"}


def test_a_large_file_is_refused(client) -> None:
    response = upload(client, b" " * (2**20 + 1))
    assert response.status_code == 422
    assert "larger than 1 MiB" in response.content.decode()


def test_one_thing_at_a_time(client, certificate) -> None:
    file = SimpleUploadedFile("badge.json", certificate.badge.encode())
    assert client.post("/verify/", {"file": file, "text": "x"}).status_code == 422
    assert client.post("/verify/", {}).status_code == 422


def test_what_a_badge_says_is_escaped(client, tmp_path) -> None:
    key = keys.create(tmp_path / "foreign.json").current
    did = "did:web:elsewhere.example"
    document = open_badge().to_json()
    document["issuer"] |= {"id": did, "name": "<img src=x onerror=alert(1)>"}
    badge = signing.sign(document, secret=key.secret, verification_method=key.id(did), created=NOW)
    text = upload(client, json.dumps(badge).encode()).content.decode()
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_csrf_is_needed(certificate) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/verify/", {"text": certificate.badge}).status_code == 403
