"""/verify/: our badges completely, those of others as far as the file goes, and never a connection."""

import json
import socket
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from redis.exceptions import RedisError

from certification import issuer, issuing, services, verify_page
from certification.models import Certificate
from certification.openbadges import keys, signing
from certification.openbadges.credential import Issuer, Recipient
from certification.openbadges.hashing import Busy, hasher
from learnpaths.core import rates
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
    assert response.context["check"].verdict == "reissued"
    assert steps(response)["record"] == "failed"
    assert "reissued since" in response.content.decode()
    assert "This badge is valid" not in response.content.decode()
    assert "not a letter was changed" not in response.content.decode()


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
    assert "larger than 256 KiB" in response.content.decode()


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


def sign(document, **changes) -> bytes:
    """Sign anything with our own key."""
    key = keys.load(settings.SIGNING_KEY_FILE).current
    signed = signing.sign(document, secret=key.secret, verification_method=key.id(issuer.did()), created=timezone.now())
    return json.dumps(signed | changes).encode()


def forge(document, folder, **issuer_changes) -> bytes:
    """Sign anything with a fresh `did:key`, as anybody can."""
    key = keys.create(folder / "forger.json").current
    did = f"did:key:{key.multikey}"
    document = json.loads(json.dumps(document))
    document["issuer"] |= {"id": did} | issuer_changes
    document = {name: value for name, value in document.items() if name not in ("proof", "credentialStatus")}
    return json.dumps(
        signing.sign(document, secret=key.secret, verification_method=f"{did}#{key.multikey}", created=NOW)
    ).encode()


def foreign() -> dict:
    """A badge of nobody in particular."""
    return open_badge(
        id="urn:uuid:0b5c1a39-6f52-4a5a-9a54-3a5b2b0d7b51",
        issuer=Issuer(id="did:key:x", name="Somebody", url="https://elsewhere.example/"),
        recipient=Recipient(id="urn:x:eve", name="Eve", email="", salt=""),
    ).to_json()


def test_the_forged_badge_is_invalid(client, certificate, tmp_path) -> None:
    """Our name, our certificate's id, another holder, signed with a key that was made a moment ago."""
    document = json.loads(certificate.badge)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Eve"
    response = upload(client, forge(document, tmp_path))
    assert response.context["check"].verdict == "invalid"
    assert steps(response)["issuer"] == "failed"
    assert response.context["check"].certificate is None
    text = response.content.decode()
    assert "It uses an address of this site" in text
    assert "This badge is valid" not in text
    assert "not a letter was changed" not in text


@pytest.mark.parametrize(
    "origin", ["http://LOCALHOST:8000", "https://localhost", "http://x@localhost.:80", "https:localhost"]
)
def test_an_address_of_ours_is_invalid_in_any_spelling(client, signing_keys, tmp_path, origin) -> None:
    document = foreign()
    document["evidence"][0]["id"] = f"{origin}/certificates/1/#digits"
    assert upload(client, forge(document, tmp_path)).context["check"].verdict == "invalid"


@pytest.mark.parametrize("name", ["Learnpaths", "learnpaths, Inc.", "Lеarnpaths"])  # noqa: RUF001 - the last is no e
def test_our_name_is_invalid(client, signing_keys, tmp_path, name) -> None:
    response = upload(client, forge(foreign(), tmp_path, name=name))
    assert response.context["check"].verdict == "invalid"
    assert "That is the name of this site" in response.content.decode()


def test_our_did_with_another_spelling_is_invalid(client, signing_keys, tmp_path) -> None:
    did = issuer.did().upper().replace("DID:WEB", "did:web")
    key = keys.create(tmp_path / "forger.json").current
    document = foreign()
    document["issuer"]["id"] = did
    del document["credentialStatus"]
    signed = signing.sign(document, secret=key.secret, verification_method=f"{did}#{key.multikey}", created=NOW)
    assert upload(client, json.dumps(signed).encode()).context["check"].verdict == "invalid"


def test_the_code_of_our_certificate_is_invalid_in_another_badge(client, certificate, tmp_path) -> None:
    response = upload(client, forge(foreign() | {"id": f"urn:uuid:{certificate.id}"}, tmp_path))
    assert response.context["check"].verdict == "invalid"
    assert "this site is not its issuer" in response.content.decode()


def test_a_stranger_with_a_key_of_their_own_is_not_proven(client, signing_keys, tmp_path) -> None:
    response = upload(client, forge(foreign(), tmp_path))
    assert response.context["check"].verdict == "unproven"
    text = response.content.decode()
    assert "Who issued this badge is not proven" in text
    assert "only that one key holder signed" in text
    assert "not a letter was changed" not in text


def test_not_a_letter_was_changed_is_said_of_our_present_file_only(client, certificate, signing_keys) -> None:
    assert "not a letter was changed" in upload(client, certificate.badge.encode()).content.decode()
    reformatted = json.dumps(json.loads(certificate.badge), sort_keys=True).encode()
    response = upload(client, reformatted)
    assert response.context["check"].verdict == "valid"
    assert "not a letter was changed" in response.content.decode()


def test_the_same_statement_in_another_notation_is_the_present_one(client, certificate) -> None:
    """`["Profile"]` and `"Profile"` are one thing to JSON-LD, and so to the signature."""
    document = json.loads(certificate.badge)
    document["issuer"]["type"] = "Profile"
    response = upload(client, json.dumps(document).encode())
    assert response.context["check"].verdict == "valid"
    assert steps(response)["record"] == "passed"


def test_a_badge_whose_certificate_is_not_on_record(client, certificate) -> None:
    badge = certificate.badge
    certificate.delete()
    response = upload(client, badge.encode())
    assert response.context["check"].verdict == "unproven"
    assert steps(response)["record"] == "failed"
    assert "no certificate with that code is on record here" in response.content.decode()


def test_a_badge_of_a_certificate_that_waits_for_its_signature(client, certificate) -> None:
    """As after the record was restored from a copy of the hour before."""
    badge = certificate.badge
    Certificate.objects.filter(pk=certificate.pk).update(state="pending", badge="")
    response = upload(client, badge.encode())
    assert response.context["check"].verdict == "unproven"
    assert "still waits for its signature" in response.content.decode()


def test_a_badge_newer_than_the_record(client, certificate) -> None:
    document = json.loads(certificate.badge)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Ada King"
    del document["proof"]
    Certificate.objects.filter(pk=certificate.pk).update(
        badge=certificate.badge.replace(json.loads(certificate.badge)["proof"]["created"], "2020-01-01T00:00:00Z")
    )
    response = upload(client, sign(document))
    assert response.context["check"].verdict == "unproven"
    assert "its record has an earlier version" in response.content.decode()


def test_the_code_of_one_certificate_and_the_holder_of_another(client, certificate) -> None:
    """Both genuine, mixed by somebody who has our key: the record knows better."""
    document = json.loads(certificate.badge)
    document["credentialSubject"]["id"] = "urn:uuid:5a0c1a39-6f52-4a5a-9a54-3a5b2b0d7b51"
    del document["proof"]
    response = upload(client, sign(document))
    assert response.context["check"].verdict == "invalid"
    assert "the holder of another" in response.content.decode()


def test_the_code_of_one_certificate_put_on_another(client, certificate) -> None:
    other = certificate.badge.replace(str(certificate.id), "5f3c0b52-5f5c-4c0b-9d5e-0a4f6a1f7c11")
    response = upload(client, other.encode())
    assert response.context["check"].verdict == "invalid"
    assert steps(response)["signature"] == "failed"


def test_the_record_knows_of_a_revocation_that_the_list_does_not_have_yet(client, certificate) -> None:
    issuing.signed_status_list(certificate.status_list_id)  # signed before, and kept
    Certificate.objects.filter(pk=certificate.pk).update(
        state="revoked", revoked_at=timezone.now(), reason="Awarded by mistake"
    )
    for response in (client.get("/verify/", {"code": certificate.id}), upload(client, certificate.badge.encode())):
        assert response.context["check"].verdict == "revoked"
        assert "Awarded by mistake" in response.content.decode()


def test_an_expired_certificate(client, certificate, monkeypatch) -> None:
    past = timezone.now() - timedelta(days=1)
    document = json.loads(certificate.badge) | {"validUntil": past.strftime("%Y-%m-%dT%H:%M:%SZ")}
    del document["proof"]
    badge = sign(document).decode()
    Certificate.objects.filter(pk=certificate.pk).update(badge=badge, valid_until=past)
    for response in (client.get("/verify/", {"code": certificate.id}), upload(client, badge.encode())):
        assert response.context["check"].verdict == "expired"
        assert "it has expired" in response.content.decode()


def test_a_pending_certificate_has_nothing_to_verify(client, certificate) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(state="pending", badge="")
    response = client.get("/verify/", {"code": certificate.id})
    assert response.status_code == 422
    assert "not signed yet" in response.content.decode()


def test_a_badge_with_2800_repeated_types_costs_no_json_ld(client, certificate, monkeypatch) -> None:
    def refuse(*_args, **_options):
        raise AssertionError("JSON-LD work was begun")

    monkeypatch.setattr(hasher, "hash_document", refuse)
    document = json.loads(certificate.badge)
    document["type"] += ["OpenBadgeCredential"] * 2800
    response = upload(client, json.dumps(document).encode())
    assert response.context["check"].verdict == "invalid"
    assert "2802 entries" in response.content.decode()


def test_codes_and_our_own_files_need_no_place_among_uploads(client, certificate, monkeypatch) -> None:
    class Full:
        nice = 0

        def place(self, visitor):
            raise Busy

    monkeypatch.setattr(verify_page, "UPLOADS", Full())
    assert client.get("/verify/", {"code": certificate.id}).context["check"].verdict == "valid"
    assert upload(client, certificate.badge.encode()).context["check"].verdict == "valid"
    response = upload(
        client, json.dumps(open_badge().to_json() | {"proof": json.loads(certificate.badge)["proof"]}).encode()
    )
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "no turn" in response.content.decode()


def test_a_code_is_hashed_once(client, certificate, monkeypatch) -> None:
    client.get("/verify/", {"code": certificate.id})

    def refuse(*_args, **_options):
        raise AssertionError("it was hashed again")

    monkeypatch.setattr(hasher, "hash_document", refuse)
    assert client.get("/verify/", {"code": certificate.id}).context["check"].verdict == "valid"


def test_files_and_codes_are_limited_by_address(client, certificate, settings) -> None:
    settings.VERIFY_RATES = {"file": (2, 60), "code": (3, 60)}
    assert [upload(client, b"x").status_code for _ in range(4)] == [200, 200, 429, 429]
    assert [client.get("/verify/", {"code": certificate.id}).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/verify/", {"code": certificate.id})
    assert 0 < int(refused["Retry-After"]) <= 60
    assert client.get("/verify/").status_code == 200
    assert client.get("/verify/", {"code": certificate.id}, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_codes_are_verified_while_the_broker_is_away(client, certificate, settings, monkeypatch) -> None:
    def away(*_args, **_options):
        raise RedisError

    monkeypatch.setattr(rates, "count", away)
    assert client.get("/verify/", {"code": certificate.id}).context["check"].verdict == "valid"


def test_csrf_is_needed(certificate) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/verify/", {"text": certificate.badge}).status_code == 403
