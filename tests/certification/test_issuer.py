"""A key file that a restore forgot is put back, never replaced: with another key no badge verifies any more."""

import pytest
from django.core.management import CommandError, call_command

from certification import issuer
from certification.openbadges import keys
from certification.openbadges.errors import KeyFileError

pytestmark = pytest.mark.django_db


def test_it_is_not_made_anew_where_badges_were_signed(certificate, settings, tmp_path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "forgotten.json"
    with pytest.raises(KeyFileError, match="put the old file back"):
        issuer.key_set()
    with pytest.raises(CommandError, match="Put the old file back"):
        call_command("rotate_signing_key")
    assert not settings.SIGNING_KEY_FILE.exists()


def test_a_new_site_makes_one(db, settings, tmp_path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "new.json"
    assert issuer.key_set().current.secret


def test_the_error_says_so_without_a_database(tmp_path) -> None:
    with pytest.raises(KeyFileError, match="put the old file back from your copy"):
        keys.load(tmp_path / "nothing.json")


def test_the_embedded_mode_makes_its_key(settings, tmp_path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "state" / "keys.json"
    assert issuer.key_set().current.multikey == issuer.key_set().current.multikey
