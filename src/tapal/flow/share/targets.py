"""What cases join, as a reader sees it through the door without any case."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tapal.core.actions import Actor
from tapal.core.clauses import Reach
from tapal.core.text import Text, same
from tapal.flow.finding_words import label_of
from tapal.flow.share import lists, runs
from tapal.flow.share.bearer import records_of, shows
from tapal.flow.share.rows import as_uuid, fetch, list_rows
from tapal.store.models import Alert
from tapal.store.queries import wall

Ref = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """A thing in a case: its title, and the record, alert, task or run that its page shows.

    `also` counts the further records of a person that the reader sees.
    """

    sort: str
    id: str
    title: Text
    owner: str
    place: str | None
    kind: str = ""
    state: str = ""
    also: int = 0


def seen(actor: Actor, reach: Reach, now: datetime, refs: Iterable[Ref]) -> Mapping[Ref, Target]:
    """Those of the things that the reader may see."""
    wanted: dict[str, list[str]] = {}
    for sort, ref in refs:
        wanted.setdefault(sort, []).append(ref)
    found: dict[Ref, Target] = {}
    for sort, ids in wanted.items():
        for ref, target in _READERS[sort](actor, reach, now, list(dict.fromkeys(ids))):
            found[sort, ref] = target
    return found


Found = Iterable[tuple[str, Target]]


def _records(actor: Actor, reach: Reach, now: datetime, ids: list[str]) -> Found:
    with wall.narrowed(reach.by_scope):
        rows = list_rows(reach, fetch([as_uuid(i) for i in ids]))
    for row in rows:
        view = row.view
        yield (
            row.id,
            Target("record", row.id, same(row.title), view.owner, view.place, kind=view.kind),
        )


def _alerts(actor: Actor, reach: Reach, now: datetime, ids: list[str]) -> Found:
    with wall.narrowed(reach.by_scope):
        stored = Alert.objects.in_bulk([as_uuid(i) for i in ids])
        rows = lists.alerts_seen(reach, list(stored.values()))
    for row in rows:
        label = label_of(row.reason)
        title = Text("{a}: {b}", "{a}: {b}").fill(a=label, b=row.title) if row.title else label
        yield (
            row.id,
            Target("alert", row.id, title, row.owner, row.place, row.kind, row.state),
        )


def _tasks(actor: Actor, reach: Reach, now: datetime, ids: list[str]) -> Found:
    for each in ids:
        row = lists.task(actor, now, each)
        if row is not None:
            yield each, Target("task", row.id, row.label, row.owner, row.place, state=row.state)


def _runs(actor: Actor, reach: Reach, now: datetime, ids: list[str]) -> Found:
    for each in ids:
        row = runs.run(actor, now, each)
        if row is not None:
            yield each, Target("run", row.id, row.label, row.owner, row.place, state=row.status)


def _persons(actor: Actor, reach: Reach, now: datetime, ids: list[str]) -> Found:
    """A person is there for who sees a record of his together with the document that he bears."""
    for each in ids:
        anchor, records = records_of(as_uuid(each))
        with wall.narrowed(reach.by_scope):
            rows = [r for r in list_rows(reach, fetch(records)) if shows(r, anchor)]
        if rows:
            newest = max(rows, key=lambda r: r.view.occurred_at or r.view.received_at)
            view = newest.view
            yield (
                each,
                Target(
                    "person",
                    newest.id,
                    same(newest.title),
                    view.owner,
                    view.place,
                    kind=view.kind,
                    also=len(rows) - 1,
                ),
            )


_READERS = {
    "record": _records,
    "alert": _alerts,
    "task": _tasks,
    "run": _runs,
    "person": _persons,
}


def as_id(text: uuid.UUID | str) -> str:
    """An id in the one way in which cases write it."""
    return str(as_uuid(text))
