"""What opens doors is kept hashed or encrypted, and what people had before goes on working."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from learnpaths.accounts import factors, tokens
from learnpaths.accounts.services import rotate_token

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


def test_a_token_is_not_in_the_database(alice) -> None:
    key = rotate_token(user=alice)
    assert len(key) >= 40
    assert key not in dump()
    assert tokens.digest(key) in dump()


@pytest.mark.parametrize("key", ["", "x", "\u00e9", "x" * 10_000])
def test_a_wrong_token_is_refused(client, alice, key) -> None:
    rotate_token(user=alice)
    headers = {"Authorization": f"Token {key}"}
    assert client.get("/api/v1/exercises/", headers=headers).status_code == 401


def test_the_hash_is_no_token(client, alice) -> None:
    headers = {"Authorization": f"Token {tokens.digest(rotate_token(user=alice))}"}
    assert client.get("/api/v1/exercises/", headers=headers).status_code == 401


def test_a_token_of_a_sleeping_account_is_refused(client, alice) -> None:
    key = rotate_token(user=alice)
    alice.is_active = False
    alice.save()
    assert client.get("/api/v1/exercises/", headers={"Authorization": f"Token {key}"}).status_code == 401


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


@pytest.mark.django_db(transaction=True)
def test_tokens_and_factors_of_before_go_on_working(client) -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate([("accounts", "0002_educators")])
    try:
        old = executor.loader.project_state(
            [
                ("accounts", "0002_educators"),
                ("authtoken", "0004_alter_tokenproxy_options"),
                ("mfa", "0003_authenticator_type_uniq"),
            ]
        ).apps
        user = old.get_model("accounts", "User").objects.create(email="old@example.org")
        old.get_model("authtoken", "Token").objects.create(user=user, key="f" * 40)
        old.get_model("mfa", "Authenticator").objects.create(user=user, type="totp", data={"secret": SECRET})
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
    assert "f" * 40 not in dump()
    assert SECRET not in dump()
    assert client.get("/api/v1/exercises/", headers={"Authorization": f"Token {'f' * 40}"}).status_code == 200
    assert Authenticator.objects.get().wrap().validate_code(code(SECRET))
