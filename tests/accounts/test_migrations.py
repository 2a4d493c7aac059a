"""Tokens and second factors of before go on working."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

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
