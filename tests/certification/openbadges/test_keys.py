import json
import stat

import pytest

from certification.openbadges import keys
from certification.openbadges.errors import BadgeError, KeyFileError


def test_it_makes_a_private_file(tmp_path) -> None:
    path = tmp_path / "new" / "keys.json"
    made = keys.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.load(path).current.multikey == made.current.multikey
    assert made.current.multikey.startswith("z6Mk")


def test_it_never_overwrites_a_file(tmp_path) -> None:
    first = keys.create(tmp_path / "keys.json")
    with pytest.raises(KeyFileError, match="rotate"):
        keys.create(tmp_path / "keys.json")
    assert keys.load(tmp_path / "keys.json").current.multikey == first.current.multikey


def test_rotation_keeps_the_old_public_key_and_drops_its_secret(tmp_path) -> None:
    path = tmp_path / "keys.json"
    old = keys.create(path).current
    new = keys.rotate(path)
    assert new.current.multikey != old.multikey
    assert new.current.secret is not None
    assert new.keys[1].multikey == old.multikey
    assert new.keys[1].secret is None
    assert path.read_text().count("secretKeyMultibase") == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_rotation_makes_the_first_key(tmp_path) -> None:
    assert len(keys.rotate(tmp_path / "keys.json").keys) == 1


@pytest.mark.parametrize("mode", [0o604, 0o622, 0o644, 0o660])
def test_a_file_open_to_others_is_refused(tmp_path, mode) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        keys.load(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other", "keys": []}'])
def test_a_damaged_file_is_refused(tmp_path, text) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        keys.load(path)


def test_a_pair_that_does_not_belong_together_is_refused(tmp_path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    data = json.loads(path.read_text())
    data["keys"][0]["publicKeyMultibase"] = keys.create(tmp_path / "other.json").current.multikey
    path.write_text(json.dumps(data))
    with pytest.raises(KeyFileError, match="belong together"):
        keys.load(path)


def test_a_missing_file_says_what_to_do(tmp_path) -> None:
    with pytest.raises(KeyFileError, match="rotate_signing_key"):
        keys.load(tmp_path / "keys.json")


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://learn.example", "did:web:learn.example"),
        ("https://learn.example:8443", "did:web:learn.example%3A8443"),
    ],
)
def test_did_web(url, did) -> None:
    assert keys.did_web(url) == did


def test_did_web_on_ones_own_machine() -> None:
    assert keys.did_web("http://localhost:8000", allow_http=True) == "did:web:localhost%3A8000"


@pytest.mark.parametrize("url", ["http://learn.example", "https://learn.example/path", "https://me@learn.example", "x"])
def test_did_web_refuses(url) -> None:
    with pytest.raises(BadgeError):
        keys.did_web(url)


def test_did_document_lists_every_key(tmp_path) -> None:
    keys.create(tmp_path / "keys.json")
    key_set = keys.rotate(tmp_path / "keys.json")
    document = key_set.did_document("did:web:a.example")
    assert [method["publicKeyMultibase"] for method in document["verificationMethod"]] == [
        key.multikey for key in key_set.keys
    ]
    assert document["assertionMethod"] == [method["id"] for method in document["verificationMethod"]]
    assert "secret" not in json.dumps(document)


def test_jwks_has_the_same_keys(tmp_path) -> None:
    key_set = keys.create(tmp_path / "keys.json")
    (jwk,) = key_set.jwks("did:web:a.example")["keys"]
    assert (jwk["kty"], jwk["crv"], jwk["kid"]) == ("OKP", "Ed25519", key_set.current.id("did:web:a.example"))
    assert "d" not in jwk


@pytest.mark.parametrize(
    "text", ["", "z", "z6Mk", "u6Mk", "z0OIl", "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"]
)
def test_other_keys_are_refused(text) -> None:
    with pytest.raises(BadgeError):
        keys.decode_public_key(text)
