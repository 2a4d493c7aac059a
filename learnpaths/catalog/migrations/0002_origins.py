"""Where items were loaded from. What was loaded before has no origin: the next load of all configured roots gives it one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_paths_and_lessons")]
    operations = [
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.CharField(max_length=60)),
                ("item", models.CharField(max_length=100)),
                ("root", models.CharField(max_length=500)),
            ],
            options={"constraints": [models.UniqueConstraint(models.F("folder"), models.F("item"), name="one_origin_per_item")]},
        ),
    ]
