"""Risk profiles and their dry runs."""

import django.db.models.deletion
import tapal.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_procedures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tapal.core.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=50)),
                ("version", models.PositiveIntegerField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("seed", models.BooleanField(default=False)),
                ("kind", models.CharField(max_length=40)),
                ("place", models.CharField(blank=True, max_length=20)),
                ("label", models.JSONField()),
                ("ground", models.JSONField()),
                ("table", models.JSONField()),
                ("sensitivity", models.PositiveSmallIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("valid_to", models.DateField(null=True)),
                ("authors", models.JSONField(default=list)),
                ("changed_by", models.CharField(blank=True, max_length=40)),
                ("changed_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=40)),
                ("in_force_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=40)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DryRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tapal.core.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("level", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("moves", models.PositiveIntegerField(default=0)),
                ("reached", models.JSONField(default=list)),
                ("tally", models.JSONField(default=dict)),
                ("trouble", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dry_runs",
                        to="store.profile",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                fields=("name", "version"), name="one_profile_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("name",),
                name="one_profile_version_in_force",
            ),
        ),
        migrations.AddIndex(
            model_name="dryrun",
            index=models.Index(fields=["state", "id"], name="dry_run_queue"),
        ),
    ]
