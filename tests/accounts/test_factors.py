"""What opens doors is kept hashed or encrypted, and what people had before goes on working."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.db import connection

from learnpaths.accounts import factors

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def dump() -> str:
    """Everything that stands in the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            rows += map(str, cursor.fetchall())
    return "\n".join(rows)


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_is_not_in_the_database_in_clear(alice) -> None:
    factor = TOTP.activate(alice, SECRET)
    assert SECRET not in dump()
    assert factor.validate_code(code(SECRET))
    assert not factor.validate_code("000000x")


def test_a_rotation_of_the_secret_key(alice, settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old" * 20, []
    TOTP.activate(alice, SECRET)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
    assert factors.decrypt(Authenticator.objects.get().data["secret"]) == SECRET
    call_command("encrypt_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert factors.decrypt(Authenticator.objects.get().data["secret"]) == SECRET


def test_a_factor_that_no_key_reads_fits_no_code_and_is_not_lost(alice, settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old" * 20, []
    factor = TOTP.activate(alice, SECRET)
    settings.SECRET_KEY = "new" * 20
    assert not factor.validate_code(code(SECRET))
    with pytest.raises(InvalidToken):
        factors.encrypt_again()
    settings.SECRET_KEY_FALLBACKS = ["old" * 20]
    assert factor.validate_code(code(SECRET))


def test_recovery_codes_that_were_migrated_are_encrypted_too() -> None:
    data = factors.encrypt_data({"migrated_codes": ["abc"], "used_mask": 0})
    assert data["used_mask"] == 0
    assert [factors.decrypt(each) for each in data["migrated_codes"]] == ["abc"]
    assert "abc" not in str(data)
