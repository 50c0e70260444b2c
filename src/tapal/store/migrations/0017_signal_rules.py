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
        migrations.AddField(
            model_name="signallist",
            name="ruled",
            field=models.JSONField(default=dict),
        ),
    ]
