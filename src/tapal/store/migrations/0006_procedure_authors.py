"""Everybody who drew a version; and what ships is marked so, signed or not."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What belongs to no agency came with the package; who drew the rest last has drawn it."""
    procedures = apps.get_model("store", "Procedure").objects
    procedures.filter(owner=None).update(seed=True)
    for row in procedures.exclude(made_by="").only("id", "made_by", "authors"):
        row.authors = [row.made_by]
        row.save(update_fields=["authors"])


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_profiles"),
    ]

    operations = [
        migrations.AddField(
            model_name="procedure",
            name="authors",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
