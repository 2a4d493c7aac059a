"""A new signing key beside the old ones."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from certification import issuer, issuing
from certification.models import StatusList

pytestmark = pytest.mark.django_db


def run(name: str, *options: str) -> str:
    out = StringIO()
    call_command(name, *options, stdout=out, no_color=True)
    return out.getvalue()


def test_rotation_keeps_old_keys_and_renews_the_lists(certificate, client) -> None:
    issuing.signed_status_list(certificate.status_list_id)
    before = issuer.key_set()
    assert "now signs with" in run("rotate_signing_key")
    assert issuer.key_set().current.multikey != before.current.multikey
    assert StatusList.objects.get().document == ""
    published = [
        item["publicKeyMultibase"] for item in client.get("/.well-known/did.json").json()["verificationMethod"]
    ]
    assert published == [issuer.key_set().current.multikey, *(key.multikey for key in before.keys)]
    assert "in order" in run("issuer_check")


def test_the_key_alone_needs_no_database(settings, tmp_path, django_assert_num_queries) -> None:
    settings.EMBEDDED, settings.BASE_URL = False, "https://learn.example"
    settings.SIGNING_KEY_FILE = tmp_path / "keys.json"
    with django_assert_num_queries(0):
        with pytest.raises(CommandError, match="rotate_signing_key"):
            run("issuer_check", "--key-only")
        run("rotate_signing_key", "--key-only")  # the first one
        run("rotate_signing_key", "--key-only")
        assert "Keys: 2" in run("issuer_check", "--key-only")
