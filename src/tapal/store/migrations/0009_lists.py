"""Versions of lists, re-screening, thresholds."""

import django.db.models.deletion
import tapal.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_mappings"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entity_id", models.CharField(max_length=120)),
                ("what", models.CharField(max_length=8)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("place", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="ListVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tapal.core.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(null=True)),
                ("base", models.PositiveIntegerField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("files", models.JSONField(default=list)),
                ("shape", models.CharField(max_length=8)),
                ("added", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("removed", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("faults", models.JSONField(default=list)),
                ("fault_count", models.PositiveIntegerField(default=0)),
                ("drafted_by", models.CharField(max_length=40)),
                ("drafted_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Rescreening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tapal.core.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=80)),
                ("days", models.PositiveIntegerField(default=0)),
                ("until", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("moves", models.PositiveIntegerField(default=0)),
                ("reached", models.CharField(blank=True, max_length=36)),
                ("total", models.PositiveIntegerField(null=True)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("hit", models.PositiveIntegerField(default=0)),
                ("trouble", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Threshold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tapal.core.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=20)),
                ("alert", models.FloatField()),
                ("look", models.FloatField()),
                ("ties", models.BooleanField(default=True)),
                ("ground", models.TextField()),
                ("curve", models.JSONField(default=dict)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("drafted_by", models.CharField(max_length=40)),
                ("drafted_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="listing",
            name="since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="listing",
            name="stamp",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["stamp"], name="listing_stamp"),
        ),
        migrations.AddField(
            model_name="listversion",
            name="roll",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="store.roll",
            ),
        ),
        migrations.AddField(
            model_name="listchange",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="store.listversion",
            ),
        ),
        migrations.AddField(
            model_name="rescreening",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rescreening",
                to="store.listversion",
            ),
        ),
        migrations.AddField(
            model_name="threshold",
            name="roll",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="thresholds",
                to="store.roll",
            ),
        ),
        migrations.AddConstraint(
            model_name="listversion",
            constraint=models.UniqueConstraint(
                fields=("roll", "number"), name="one_list_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="listversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("roll",), name="one_list_draft"
            ),
        ),
        migrations.AddIndex(
            model_name="listchange",
            index=models.Index(fields=["version", "what", "id"], name="change_order"),
        ),
        migrations.AddIndex(
            model_name="listchange",
            index=models.Index(fields=["entity_id"], name="change_entry"),
        ),
        migrations.AddConstraint(
            model_name="listchange",
            constraint=models.UniqueConstraint(
                fields=("version", "entity_id"), name="one_change_an_entry"
            ),
        ),
        migrations.AddIndex(
            model_name="rescreening",
            index=models.Index(fields=["state", "id"], name="rescreening_queue"),
        ),
        migrations.AddIndex(
            model_name="threshold",
            index=models.Index(fields=["state", "roll"], name="threshold_state"),
        ),
        migrations.AddConstraint(
            model_name="threshold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("roll", "place"),
                name="one_threshold_draft",
            ),
        ),
    ]
