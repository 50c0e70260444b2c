"""The lake's reader of the log: what lies past its cursor is appended, by numbers alone.

The lake is derived: whatever becomes of it, it is made again from the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from tapal.core.lake import LAKE_LEVEL, ColumnType, LakeColumn
from tapal.engines.lake import disk, manifest
from tapal.flow.lake_rows import TAKEN, Row, Told, all_columns, lake_values, rows_of
from tapal.flow.sequence import SEQUENCER, number_all
from tapal.kinds import KINDS
from tapal.store.models import Cursor, Event, Record

if TYPE_CHECKING:
    from tapal.engines.lake.table import LakeTable

log = logging.getLogger(__name__)

CURSOR = "lake"
COMMIT_EVENTS = 20_000
_READ = 2_000


@dataclass(frozen=True, slots=True)
class Built:
    """What a building of the lake has done; `busy` when another process was at it."""

    commits: int = 0
    rows: int = 0
    position: int = 0
    rebuilt: bool = False
    busy: bool = False


def folder() -> Path:
    """Where the lake of this node lies."""
    return Path(settings.TAPAL_HOME) / "lake"


def waiting() -> int:
    """How many numbered events lie past the lake's cursor."""
    held = dict(Cursor.objects.filter(name__in=(CURSOR, SEQUENCER)).values_list("name", "position"))
    return held.get(SEQUENCER, 0) - held.get(CURSOR, 0)


def build(*, again: bool = False) -> Built:
    """Append all that is committed and not in the lake yet; `again` makes the lake anew.

    Where the lake is damaged, or the store was put back to an earlier day, it is made anew as well.
    """
    now = timezone.now()
    number_all()
    with _writing() as held:
        if held is None:
            return Built(busy=True)
        rebuilt = again or not _follows(held)
        if rebuilt:
            held.clear()
        commits = rows = 0
        while (added := _append(held)) is not None:
            commits, rows = commits + 1, rows + added
        held.known_until(now.isoformat())
        _stand(held.manifest.position)
        return Built(commits, rows, held.manifest.position, rebuilt)


def compact() -> int | None:
    """Join the lake's small files; returns how many are left, None while another process writes."""
    with _writing() as held:
        return None if held is None else held.compact(timezone.now())


def problems() -> list[str]:
    """What is wrong with the lake: files that are not as they were left, or counts and sums that
    are not the store's. Empty for a sound lake; raises FileNotFoundError where there is none.

    Exact while nothing is written: an edit made since the lake's last event is told as a difference.
    """
    from tapal.engines.lake.table import problems as of_files

    held = manifest.read(folder())
    if held is None:
        raise FileNotFoundError(folder() / manifest.NAME)
    found = of_files(folder(), held)
    return found or _differences(held.position)


def totals_of_lake() -> dict[str, dict[str, int]]:
    """By kind: how many records the lake holds, and the sum of each column of numbers."""
    from tapal.engines.lake.ask import LakeReader, count_and_sums

    columns = all_columns()
    reader = LakeReader(folder(), columns)
    if reader.manifest() is None:
        return {}
    rows = reader.run(lambda events: count_and_sums(events, _numbers(columns)))
    return {row.pop("kind"): {name: int(n) for name, n in row.items() if n} for row in rows}


def totals_of_store(position: int) -> dict[str, dict[str, int]]:
    """The same of the store's records at or below the lake's level, received up to a number."""
    numeric = {column.name for column in _numbers(all_columns())}
    found: dict[str, dict[str, int]] = {}
    for record in _records_until(position):
        sums = found.setdefault(record.kind, {"records": 0})
        sums["records"] += 1
        kind = KINDS.get(record.kind)
        if kind is None:
            continue
        body = kind.upgrade(dict(record.body), record.schema)
        for name, value in lake_values(kind, body).items():
            if name in numeric and value:
                sums[name] = sums.get(name, 0) + (sum(value) if isinstance(value, list) else value)
    return {kind: {name: n for name, n in sums.items() if n} for kind, sums in found.items()}


def _differences(position: int) -> list[str]:
    ours, theirs = totals_of_lake(), totals_of_store(position)
    return [
        f"{kind}: {ours.get(kind)} in the lake, {theirs.get(kind)} in the store"
        for kind in sorted(ours | theirs)
        if ours.get(kind) != theirs.get(kind)
    ]


def _records_until(position: int) -> Iterator[Record]:
    received = Event.objects.filter(type="record.received", seq__lte=position)
    ids = received.order_by("seq").values_list("subject", flat=True)
    batch: list[str] = []
    for each in ids.iterator(chunk_size=_READ):
        batch.append(each)
        if len(batch) == _READ:
            yield from Record.objects.filter(pk__in=batch, sensitivity__lte=LAKE_LEVEL)
            batch = []
    yield from Record.objects.filter(pk__in=batch, sensitivity__lte=LAKE_LEVEL)


def _numbers(columns: tuple[LakeColumn, ...]) -> list[LakeColumn]:
    return [c for c in columns if c.type in (ColumnType.WHOLE, ColumnType.AMOUNT)]


@contextmanager
def _writing() -> Iterator[LakeTable | None]:
    """The lake opened by its one writer; None while another process writes."""
    from tapal.engines.lake.table import LakeTable

    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with disk.only_one(folder() / "writer.lock") as mine:
        yield LakeTable(folder(), all_columns()) if mine else None


def _follows(held: LakeTable) -> bool:
    """Whether the lake's last event is the one that the log has under its number."""
    now = held.manifest
    if not now.position:
        return True
    return Event.objects.filter(seq=now.position, pk=now.event).exists()


def _append(held: LakeTable) -> int | None:
    """Commit the next events; returns how many rows they gave, None when nothing waits."""
    from tapal.engines.lake.table import Mark

    start = held.manifest.position
    last = (
        Event.objects.filter(seq__gt=start, seq__lte=start + COMMIT_EVENTS).order_by("-seq").first()
    )
    if last is None or last.seq is None:
        return None
    rows: list[Row] = []
    for first in range(start, last.seq, _READ):
        rows += rows_of(_events(first, min(first + _READ, last.seq)))
    held.append(rows, Mark(last.seq, str(last.id), last.at.isoformat()))
    _stand(last.seq)
    return len(rows)


def _events(after: int, until: int) -> list[Told]:
    found = Event.objects.filter(seq__gt=after, seq__lte=until, type__in=TAKEN)
    rows = found.order_by("seq").values_list(
        "seq", "type", "subject", "node", "at", "content__content"
    )
    return [
        Told(seq or 0, type_, subject, node, at, json.loads(content) if content else {})
        for seq, type_, subject, node, at, content in rows
    ]


def _stand(position: int) -> None:
    Cursor.objects.update_or_create(
        name=CURSOR,
        defaults={"position": position, "data": {"at": timezone.now().isoformat()}},
    )
