"""Two persons for each mandate, temporary passwords, tries at logging in, and looks by agency."""

import django.db.models.deletion
import tapal.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0002_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoginTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("place", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tapal.core.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("act", models.CharField(max_length=10)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("proposed_by", models.CharField(max_length=40)),
                ("proposer_agency", models.CharField(max_length=20)),
                ("proposed_at", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="mandate",
            name="approved_by",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="mandate",
            name="given_by",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="officer",
            name="came_from",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="officer",
            name="temporary_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="access",
            index=models.Index(fields=["agency", "-id"], name="access_agency"),
        ),
        migrations.AddIndex(
            model_name="logintry",
            index=models.Index(fields=["name", "at"], name="login_try_name"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="agency",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="store.agency"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="officer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="proposals",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="store.place"
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["state", "id"], name="proposal_state"),
        ),
    ]
