"""`demo_accounts`: in the embedded mode only."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def test_it_shows_passwords_once_and_makes_new_ones_when_asked(settings, capsys):
    settings.EMBEDDED = True
    call_command("demo_accounts")
    assert capsys.readouterr().out.count("@example.org") == 3
    call_command("demo_accounts")
    assert "--reset gives them new passwords" in capsys.readouterr().out
    call_command("demo_accounts", "--reset")
    assert capsys.readouterr().out.count("@example.org") == 3


def test_a_site_in_production_has_none(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="only in the embedded mode"):
        call_command("demo_accounts")
