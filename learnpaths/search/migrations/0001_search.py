from django.db import migrations, models

INDEX = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_index USING fts5(title, terms, text, code, "
        "content='search_document', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
    ],
    "postgresql": [
        "ALTER TABLE search_document ADD COLUMN vector tsvector",
        "CREATE INDEX search_document_vector ON search_document USING gin (vector)",
    ],
}
WITHOUT_INDEX = {"sqlite": ["DROP TABLE search_index"], "postgresql": ["ALTER TABLE search_document DROP COLUMN vector"]}


def _executor(statements):
    def execute(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("also", models.JSONField(blank=True, default=list, help_text="Other names and abbreviations.")),
                ("definition", models.TextField()),
                ("lesson", models.SlugField(blank=True, default="", max_length=60)),
                ("anchor", models.CharField(blank=True, default="", max_length=260)),
            ],
            options={"ordering": ("name", "slug")},
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(db_index=True, max_length=20)),
                ("key", models.TextField(unique=True)),
                ("precedence", models.PositiveSmallIntegerField(default=0)),
                ("title", models.TextField()),
                ("url", models.TextField()),
                ("trail", models.TextField(blank=True, default="")),
                ("terms", models.TextField(blank=True, default="")),
                ("text", models.TextField(blank=True, default="")),
                ("code", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="IndexState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=80)),
                ("words", models.JSONField(default=dict, help_text="Weight by word.")),
                ("names", models.JSONField(default=list, help_text="The glossary: [{key, taught, names}].")),
            ],
        ),
        migrations.RunPython(_executor(INDEX), _executor(WITHOUT_INDEX)),
    ]
