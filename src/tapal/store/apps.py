"""The Django app that holds the tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Registered as `store`; its migrations are the only schema."""

    name = "tapal.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
