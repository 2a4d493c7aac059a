"""API tokens are kept as hashes, secrets of second factors encrypted. The tokens that people have go on working."""

import hashlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from learnpaths.accounts import factors


def hash_tokens(apps, schema_editor):
    Token, ApiToken = apps.get_model("authtoken", "Token"), apps.get_model("accounts", "ApiToken")
    for token in Token.objects.all():
        digest = hashlib.sha256(token.key.encode()).hexdigest()
        row, _ = ApiToken.objects.get_or_create(user_id=token.user_id, defaults={"digest": digest})
        ApiToken.objects.filter(pk=row.pk).update(created=token.created)
    Token.objects.all().delete()


def encrypt_factors(apps, schema_editor):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for row in Authenticator.objects.all():
        row.data = factors.encrypt_data(row.data)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_educators"),
        ("authtoken", "0004_alter_tokenproxy_options"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True, verbose_name="hash")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_token",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={"verbose_name": "API token", "verbose_name_plural": "API tokens"},
        ),
        migrations.RunPython(hash_tokens, migrations.RunPython.noop),
        migrations.RunPython(encrypt_factors, migrations.RunPython.noop),
    ]
