"""Writing the lake: events appended to one Delta table, partitioned by month only.

deltalake syncs nothing, opens a torn last commit silently without its rows, and takes a repeated
transaction on a fresh snapshot: so every file is synced before the manifest names it, what the
manifest does not name is taken back, and the transaction is checked on the table object that writes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    write_deltalake,
)

from tapal.core.lake import ColumnType, LakeColumn
from tapal.engines.lake import disk, manifest
from tapal.engines.lake.manifest import Manifest

WRITER = "tapal"
TABLE = "events"
LOG = "_delta_log"
KEPT_HOURS = 24
"""How long a file that compaction replaced stays for questions that are still reading it."""

_UTC = pa.timestamp("us", tz="UTC")
ENVELOPE: Mapping[str, pa.DataType] = {
    "seq": pa.int64(),
    "month": pa.string(),
    "type": pa.string(),
    "at": _UTC,
    "node": pa.string(),
    "scope": pa.string(),
    "owner": pa.string(),
    "kind": pa.string(),
    "sensitivity": pa.int32(),
    "place": pa.string(),
    "subject": pa.int64(),
    "record": pa.int64(),
    "occurred_at": _UTC,
    "occurred_known": pa.bool_(),
    "received_at": _UTC,
    "local_day": pa.date32(),
    "local_hour": pa.int32(),
    "name": pa.string(),
    "outcome": pa.string(),
    "due_at": _UTC,
}
"""The columns of every row. `local_day` and `local_hour` are the post's own; `subject` and `record`
are pseudonyms; `scope` is owner, kind and sensitivity as one text."""

_TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.WHOLE: pa.int64(),
    ColumnType.AMOUNT: pa.int64(),
    ColumnType.FLAG: pa.bool_(),
}
_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a batch reaches: the number and id of its last event, and the moment (ISO 8601)
    up to which all is known with it."""

    position: int
    event: str
    at: str


def schema(columns: Sequence[LakeColumn]) -> pa.Schema:
    """The table's columns: the envelope's, then those of all kinds, each path once."""
    fields = dict(ENVELOPE)
    for column in columns:
        inner = _TYPES[column.type]
        fields[column.name] = pa.list_(inner) if column.many else inner
    return pa.schema([pa.field(name, type_) for name, type_ in fields.items()])


class LakeTable:
    """The lake of one folder, opened for writing by its one writer."""

    def __init__(self, folder: Path, columns: Sequence[LakeColumn]) -> None:
        """Open the lake; what the manifest does not vouch for is taken back or thrown away."""
        self._folder, self._path = folder, folder / TABLE
        self._schema = schema(columns)
        folder.mkdir(parents=True, exist_ok=True)
        held = manifest.read(folder)
        if held is None or problems(folder, held):
            self.clear()
            held = Manifest()
        else:
            _take_back(self._path / LOG, held)
        self.manifest = held

    def clear(self) -> None:
        """Throw the whole lake away: it is made again from the log."""
        (self._folder / manifest.NAME).unlink(missing_ok=True)
        shutil.rmtree(self._path, ignore_errors=True)
        self.manifest = Manifest()

    # Any: a row's values are what its column takes.
    def append(self, rows: Sequence[Mapping[str, Any]], mark: Mark) -> bool:
        """Commit rows and the position that they reach; False when the lake is there already."""
        table = self._open()
        if (table.transaction_version(WRITER) or 0) >= mark.position:
            return False
        found = {f.name: [row.get(f.name) for row in rows] for f in self._schema}
        write_deltalake(
            table,
            pa.table(found, schema=self._schema),
            mode="append",
            schema_mode="merge",
            commit_properties=CommitProperties(
                app_transactions=[Transaction(WRITER, mark.position)], max_commit_retries=0
            ),
            post_commithook_properties=_HOOKS,
        )
        self._vouch(
            replace(
                self.manifest,
                position=mark.position,
                event=mark.event,
                at=mark.at,
                rows=self.manifest.rows + len(rows),
            )
        )
        return True

    def known_until(self, at: str) -> None:
        """Say that nothing more happened up to a moment (ISO 8601)."""
        if self.manifest.files and self.manifest.at != at:
            self.manifest = replace(self.manifest, at=at)
            manifest.write(self._folder, self.manifest)

    def compact(self, now: datetime) -> int:
        """Join small files, drop those replaced a day ago; returns how many files are left."""
        if not self.manifest.files:
            return 0
        table = self._open()
        table.optimize.compact(post_commithook_properties=_HOOKS)
        table.vacuum(
            retention_hours=KEPT_HOURS,
            dry_run=False,
            enforce_retention_duration=False,
            full=True,
            post_commithook_properties=_HOOKS,
        )
        table.create_checkpoint()
        log = self._path / LOG
        disk.sync([*log.glob("*.checkpoint*.parquet"), log / "_last_checkpoint"])
        self._vouch(
            replace(
                self.manifest,
                compacted_at=now.isoformat(),
                checkpoint=DeltaTable(self._path).version(),
            )
        )
        return len(self.manifest.files)

    def _open(self) -> DeltaTable:
        if DeltaTable.is_deltatable(str(self._path)):
            return DeltaTable(self._path)
        self._path.mkdir(parents=True, exist_ok=True)
        return DeltaTable.create(self._path, schema=self._schema, partition_by=["month"])

    def _vouch(self, wanted: Manifest) -> None:
        """Sync what the table is made of now, then say so in the manifest."""
        table = DeltaTable(self._path)
        files = {name: size for name, size in _files(table)}
        log = self._path / LOG
        logs = {path.name: path.stat().st_size for path in sorted(log.glob("[0-9]*.json"))}
        new = [self._path / name for name in files if name not in self.manifest.files]
        new += [log / name for name in logs if name not in self.manifest.logs]
        disk.sync([*new, *{path.parent for path in new}, self._path])
        self.manifest = replace(wanted, version=table.version(), files=files, logs=logs)
        manifest.write(self._folder, self.manifest)


def problems(folder: Path, held: Manifest) -> list[str]:
    """What is not as the manifest says: files that are missing or have another length."""
    path = folder / TABLE
    wanted = {path / name: size for name, size in held.files.items()}
    wanted |= {path / LOG / name: size for name, size in held.logs.items()}
    found = []
    for file, size in wanted.items():
        seen = file.stat().st_size if file.exists() else None
        if seen != size:
            found.append(f"{file.relative_to(folder)}: {seen} bytes instead of {size}")
    return found


def _take_back(log: Path, held: Manifest) -> None:
    """Remove the log's files that were never confirmed; their rows are appended again."""
    for path in (*log.glob("[0-9]*.json"), *log.glob("[0-9]*.checkpoint*.parquet")):
        limit = held.version if path.suffix == ".json" else held.checkpoint
        if int(path.name.split(".")[0]) > limit:
            path.unlink()
    last = log / "_last_checkpoint"
    try:
        stale = int(json.loads(last.read_bytes())["version"]) > held.checkpoint
    except FileNotFoundError:
        return
    except (ValueError, KeyError):
        stale = True
    if stale:
        last.unlink()


def _files(table: DeltaTable) -> list[tuple[str, int]]:
    actions = pa.table(table.get_add_actions(flatten=True))
    names, sizes = actions.column("path").to_pylist(), actions.column("size_bytes").to_pylist()
    return [(unquote(name), int(size)) for name, size in zip(names, sizes, strict=True)]
