"""After a rotation of the secret key every second factor is encrypted with the new one."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from learnpaths.accounts import factors

pytestmark = pytest.mark.django_db


def test_it_encrypts_what_is_in_clear_and_what_an_old_key_wrote(alice, bob, settings, capsys):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old" * 20, []
    Authenticator.objects.create(user=alice, type="totp", data={"secret": factors.encrypt("AAAA")})
    Authenticator.objects.create(user=bob, type="totp", data={"secret": "BBBB"})
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
    call_command("encrypt_factors")
    assert "2" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    secrets = [factors.decrypt(row.data["secret"]) for row in Authenticator.objects.order_by("user__email")]
    assert secrets == ["AAAA", "BBBB"]
    assert "BBBB" not in str(list(Authenticator.objects.values_list("data", flat=True)))
