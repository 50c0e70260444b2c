"""Which database a table lives in: looks have a file of their own, so they never wait for intake."""

from __future__ import annotations

from typing import Any

from django.db import connections

ACCESS_TABLES = frozenset({"access"})


class Router:
    """Sends `Access` to the database `access` and everything else to `default`."""

    # Any: Django passes model classes and hints of any sort.
    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The database a query on `model` goes to."""
        return "access" if model._meta.model_name in ACCESS_TABLES else "default"

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool:
        """Each table is made in its own database only; data steps run on `default` alone."""
        if model_name in ACCESS_TABLES:
            return db == "access" or _one_database()
        return db == "default"


def _one_database() -> bool:
    """True on PostgreSQL, where both connections lead to one database: its tables are made together."""
    return connections["default"].vendor == "postgresql"
