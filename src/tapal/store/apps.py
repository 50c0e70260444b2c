"""The Django app that holds the tables."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class StoreConfig(AppConfig):
    """Registered as `store`; its migrations are the only schema."""

    name = "tapal.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each connection say who reads, and keep the database's own rules in place."""
        from tapal.store import triggers
        from tapal.store.queries import wall

        connection_created.connect(wall.greet, dispatch_uid="tapal.wall")
        post_migrate.connect(triggers.make_sure, sender=self, dispatch_uid="tapal.triggers")
