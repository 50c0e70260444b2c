"""Backup and restore: one archive that holds everything a node is, checked before it is trusted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone

from tapal.flow.archive import other_database, pack, refused, unpack, writable
from tapal.flow.reference import forget

LAST = "backup.last"
# What a home holds besides the databases. The signing key belongs to it: sessions and cursors live on.
KEPT = (
    "raw", "attachments", "inbox", "inbox-done", "inbox-refused", "secret.key", "pack.key", "packs",
)  # fmt: skip


def backup(target: Path, *, replace: bool = False) -> dict[str, Any]:
    """Write an archive of this node to `target` while it runs; returns its manifest.

    SQLite files are copied by their own online backup, PostgreSQL by pg_dump; then the raw bytes,
    so that every message in the copy has its bytes. The archive is written aside, synced, renamed.
    Raises Rejected for an archive that is there already unless it is to be replaced, or when the disk
    or the database's own tools fail.
    """
    writable(target, replace=replace)
    home = Path(settings.TAPAL_HOME)
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as scratch:
        parts = Path(scratch)
        for name in _databases():
            _dump(name, parts)
        files = {p.name: p for p in sorted(parts.iterdir())}
        for name in KEPT:
            files |= {str(p.relative_to(home)): p for p in _files(home / name)}
        about = {
            "made_at": timezone.now().isoformat(),
            "node": settings.TAPAL_NODE,
            "vendor": connections["default"].vendor,
        }
        manifest = pack(target, files, about)
    _note(home, manifest)
    return manifest


def _note(home: Path, manifest: dict[str, Any]) -> None:
    """Keep when what this home holds was last backed up; a full disk undoes no backup."""
    with suppress(OSError):
        (home / LAST).write_text(str(manifest["made_at"]))


def last_made() -> datetime | None:
    """When the last backup of what this home holds was made; None where none is known."""
    try:
        return datetime.fromisoformat((Path(settings.TAPAL_HOME) / LAST).read_text())
    except (OSError, ValueError):
        return None


def _databases() -> tuple[str, ...]:
    """PostgreSQL holds both in one database; SQLite has a file for each."""
    return ("default", "access") if connections["default"].vendor == "sqlite" else ("default",)


def _dump(name: str, parts: Path) -> None:
    config = connections[name].settings_dict
    if connections[name].vendor == "sqlite":
        target = parts / Path(str(config["NAME"])).name
        with (
            closing(sqlite3.connect(str(config["NAME"]))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        return
    _postgres(
        "pg_dump",
        config,
        "--format=custom",
        # As the road's own work, before which the wall of the reading door is open.
        "--enable-row-security",
        f"--file={parts / 'tapal.pgdump'}",
    )


def _postgres(tool: str, config: dict[str, Any], *arguments: str) -> None:
    env = {
        **os.environ,
        "PGPASSWORD": str(config["PASSWORD"] or ""),
        "PGOPTIONS": "-c tapal.reader=system",
    }
    where = {"host": "HOST", "port": "PORT", "username": "USER", "dbname": "NAME"}
    told = [f"--{name}={config[key]}" for name, key in where.items()]
    try:
        done = subprocess.run([tool, *told, *arguments], env=env, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError as wrong:
        raise refused(
            f"{tool} tidak ada di komputer ini: pasang klien PostgreSQL.",
            f"{tool} is not on this machine: install PostgreSQL's client.",
        ) from wrong
    if done.returncode:
        why = " ".join(done.stderr.split())[:300]
        raise refused(f"{tool} gagal: {why}", f"{tool} failed: {why}")


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from (
            p for p in sorted(place.rglob("*")) if p.is_file() and not p.name.startswith(".")
        )


def restore(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put an archive back into this home; returns its manifest. Stop the node first.

    Everything is unpacked and checked against its hashes before anything is put in place.
    Raises Rejected for a broken archive, another database, or a home that is not empty.
    """
    home = Path(settings.TAPAL_HOME)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as scratch:
        parts = Path(scratch)
        manifest = unpack(source, parts)
        if manifest["vendor"] != connections["default"].vendor:
            raise other_database()
        if _has_messages() and not replace:
            raise refused(
                "Tempat ini sudah berisi catatan; pakai --replace bila memang mau diganti.",
                "This home already holds records; use --replace to put the backup in their place.",
            )
        connections.close_all()
        _put_in_place(parts, home, manifest)
    _note(home, manifest)
    forget()
    return manifest


def _has_messages() -> bool:
    from tapal.store.models import Message

    return Message.objects.exists()


def _put_in_place(parts: Path, home: Path, manifest: dict[str, Any]) -> None:
    if manifest["vendor"] == "sqlite":
        for name in _databases():
            final = Path(str(connections[name].settings_dict["NAME"]))
            for tail in ("-wal", "-shm"):
                Path(f"{final}{tail}").unlink(missing_ok=True)
            (parts / final.name).replace(final)
    else:
        config = connections["default"].settings_dict
        _postgres(
            "pg_restore",
            config,
            "--clean",
            "--if-exists",
            # All or nothing: a restore that fails leaves what was there.
            "--single-transaction",
            "--no-owner",
            str(parts / "tapal.pgdump"),
        )
    for name in KEPT:
        if (parts / name).exists():
            _exchange(parts / name, home / name)


def _exchange(new: Path, final: Path) -> None:
    """Put the new in the old one's place: at each moment one of both lies whole in the home.

    The old one steps aside under a name that tells what it is, and goes only when the new one
    stands; a restore that was killed in between is done again.
    """
    aside = final.with_name(f".{final.name}.before-restore")
    if final.exists():
        _remove(aside)
        final.rename(aside)
    new.rename(final)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
