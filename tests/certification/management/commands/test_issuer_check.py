from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from certification import issuer
from certification.models import Certificate

pytestmark = pytest.mark.django_db


def run(name: str, *options: str) -> str:
    out = StringIO()
    call_command(name, *options, stdout=out, no_color=True)
    return out.getvalue()


def test_a_sound_issuer(certificate) -> None:
    out = run("issuer_check")
    assert issuer.did() in out
    assert "in order" in out


def test_a_badge_that_does_not_verify_is_found(certificate) -> None:
    Certificate.objects.update(badge=certificate.badge.replace("Ada", "Eve"))
    with pytest.raises(CommandError, match=str(certificate.id)):
        run("issuer_check")


def test_a_revoked_certificate_is_in_order(revoked) -> None:
    assert "in order" in run("issuer_check")


def test_a_missing_key_says_what_to_do(settings, tmp_path, db) -> None:
    settings.EMBEDDED, settings.BASE_URL = False, "https://learn.example"
    settings.SIGNING_KEY_FILE = tmp_path / "none.json"
    with pytest.raises(CommandError, match="rotate_signing_key"):
        run("issuer_check")
    run("rotate_signing_key")
    assert "in order" in run("issuer_check")


def test_http_cannot_issue_in_production(settings) -> None:
    settings.EMBEDDED, settings.BASE_URL = False, "http://learn.example"
    with pytest.raises(CommandError, match="https"):
        run("issuer_check")
