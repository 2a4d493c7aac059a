"""The pieces of a lesson's body. Empty until the next load, which finds every path changed; until then the body is split when read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_origins")]
    operations = [
        migrations.AddField(
            model_name="lesson",
            name="blocks",
            field=models.JSONField(
                default=list,
                db_default=models.Value([], models.JSONField()),
                help_text="The body in pieces: [{html, checkpoint, cell, figures}].",
            ),
        ),
    ]
