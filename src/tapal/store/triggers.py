"""What the database itself keeps right: the tally of records, the index of names, versions, the wall.

Django knows nothing of these. They are made by a migration and made sure of after every later one,
because on SQLite a change of a table rebuilds it and drops its triggers.
"""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tapal.store import triggers_postgres, triggers_sqlite


def make(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The migration's step: make everything, and count what is there already."""
    install(editor.connection)
    _run(editor.connection, _module(editor.connection).RECOUNT)


def unmake(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The migration's way back."""
    _run(editor.connection, _module(editor.connection).REMOVE)


# Any: a signal passes whatever its sender likes.
def make_sure(using: str, **_: Any) -> None:
    """Make whatever a later migration has dropped. A receiver of `post_migrate`."""
    from django.db import connections

    connection = connections[using]
    if using == "default" and "store_tally" in connection.introspection.table_names():
        install(connection)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is not there yet."""
    _run(connection, _module(connection).MAKE)


def _module(connection: BaseDatabaseWrapper) -> Any:
    return triggers_postgres if connection.vendor == "postgresql" else triggers_sqlite


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
