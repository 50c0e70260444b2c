"""Stores for killing: a template made once, and copies of it that processes are pointed at after a fork."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql


class Stores(Protocol):
    """Where the stores of one run lie."""

    def open(self, name: str) -> None:
        """Point this process, which has not yet asked a database, at the store."""

    def copy(self, name: str) -> None:
        """Make a store from the template."""

    def drop(self, name: str) -> None:
        """Remove a store."""


@dataclass(frozen=True)
class Files:
    """SQLite: a home folder each."""

    base: Path

    def open(self, name: str) -> None:
        """See `Stores`."""
        home = _home(self.base, name)
        for alias, file in (("default", "tapal.sqlite3"), ("access", "access.sqlite3")):
            connections.settings[alias]["NAME"] = str(home / file)

    def copy(self, name: str) -> None:
        """See `Stores`."""
        shutil.copytree(self.base / "template", self.base / name)

    def drop(self, name: str) -> None:
        """See `Stores`."""
        shutil.rmtree(self.base / name)


@dataclass(frozen=True)
class Databases:
    """PostgreSQL: a database and a home folder each."""

    base: Path
    url: str

    def open(self, name: str) -> None:
        """See `Stores`."""
        _home(self.base, name)
        for alias in ("default", "access"):
            connections.settings[alias]["NAME"] = self._database(name)

    def create(self) -> None:
        """Make the template's empty database."""
        self._run(
            "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0", self._database("template")
        )

    def copy(self, name: str) -> None:
        """See `Stores`."""
        shutil.copytree(self.base / "template", self.base / name)
        names = (self._database(name), self._database("template"))
        self._run("CREATE DATABASE {} TEMPLATE {}", *names)

    def drop(self, name: str) -> None:
        """See `Stores`."""
        shutil.rmtree(self.base / name)
        self._run("DROP DATABASE {} WITH (FORCE)", self._database(name))

    def _database(self, name: str) -> str:
        return f"tapal_crash_{urlsplit(self.base.as_uri()).path.split('/')[-1]}_{name}".lower()

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _home(base: Path, name: str) -> Path:
    home = base / name
    home.mkdir(exist_ok=True)
    settings.TAPAL_HOME = home
    return home
