from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0016_outbox_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="signalsetting",
            name="outbreaks",
            field=models.JSONField(default=list),
        ),
    ]
