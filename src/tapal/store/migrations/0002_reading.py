"""What the reading door needs of the database: tally, names, versions and the second wall."""

from django.db import migrations

from tapal.store.triggers import make, unmake


class Migration(migrations.Migration):
    """Made by the vendor's own statements."""

    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
