"""What a mapping makes of a file, nothing of it stored: the first rows shown, or the whole counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.finding import Finding
from tapal.core.kind import Kind
from tapal.core.reading import Draft, Format, Header, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.flow import mapped as live
from tapal.flow import sent
from tapal.flow.guarded import read_items
from tapal.flow.mappings.life import found
from tapal.flow.reference import places
from tapal.formats import mapped, tables
from tapal.formats.delimited import Manner
from tapal.store.models import Message, SavedMapping

SHOWN = 10
LOOKED_AT = 200
"""Rows of a preview: of these values that cannot be read are shown too."""
MOST_AT_DESK = 20_000
"""Rows that a page counts; a longer file is tried on the command line."""
_BATCH = 500
_EXAMPLES = 5


@dataclass(slots=True)
class Trial:
    """What came of it. `bad` holds, by column, how many values could not be read and a few of them.

    `reasons` counts rejects by reason with their first places; `stopped` says that a page's limit
    was reached, `seen` that the very bytes were handed in before.
    """

    manner: Manner
    unmapped: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    records: int = 0
    rejects: int = 0
    repeats: int = 0
    changed: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    bad: dict[str, tuple[int, list[Text]]] = field(default_factory=dict)
    reasons: dict[Text, tuple[int, list[str]]] = field(default_factory=dict)
    whole: list[Finding] = field(default_factory=list)
    stopped: bool = False
    seen: bool = False

    def counts(self) -> dict[str, int]:
        """The counts alone, which tell of no person."""
        return {
            "records": self.records,
            "rejects": self.rejects,
            "repeats": self.repeats,
            "changed": self.changed,
            "findings": sum(self.findings.values()),
        }


def preview(table: mapped.Mapping, kind: Kind, data: bytes, owner: str, post: str | None) -> Trial:
    """The first rows as records with their findings, and what of the first 200 cannot be read."""
    trial, items = _begin(table, kind, data, owner, post)
    for item in islice(items, LOOKED_AT):
        _count(trial, item)
        if len(trial.rows) < SHOWN:
            trial.rows.append(_shown(item))
    return trial


def dry_run(
    table: mapped.Mapping,
    kind: Kind,
    data: bytes,
    owner: str,
    post: str | None,
    most: int | None = None,
) -> Trial:
    """The whole file counted: records, rejects, and rows that were taken before."""
    trial, items = _begin(table, kind, data, owner, post)
    sha256 = hashlib.sha256(data).hexdigest()
    trial.seen = Message.objects.filter(sha256=sha256, agency_id=owner).exists()
    told: dict[str, str] = {}
    taken = islice(items, most) if most else items
    while batch := list(islice(taken, _BATCH)):
        drafts = [item for item in batch if isinstance(item, Draft)]
        held = sent.held_by(drafts, owner, table.system, [kind.name])
        for item in batch:
            _count(trial, item)
            if isinstance(item, Draft) and item.sent:
                number = sent.number_hash(item.sent)
                before = told.get(number) or held.get(number, ("",))[0]
                trial.repeats += before == item.sent.digest
                trial.changed += before not in ("", item.sent.digest)
                told.setdefault(number, item.sent.digest)
    trial.stopped = bool(most) and next(items, None) is not None
    trial.records -= trial.repeats + trial.changed
    trial.rejects += trial.changed
    return trial


def try_draft(mapping_id: str, data: bytes, *, actor: Actor) -> Trial:
    """A dry run of a saved version by who may see it; its counts are kept with a draft that gave a record.

    Raises Missing.
    """
    row = found(mapping_id, actor=actor)
    kind, table = _made(row)
    trial = dry_run(table, kind, data, actor.agency, actor.post, MOST_AT_DESK)
    if trial.records or trial.repeats:
        same = SavedMapping.objects.filter(pk=row.pk, state="draft", sha256=row.sha256)
        same.update(tried=trial.counts(), tried_sha256=row.sha256)
    return trial


def _made(row: SavedMapping) -> tuple[Kind, mapped.Mapping]:
    made = live.made(row)
    assert made is not None  # a draft is refused for other kinds
    return made[0], mapped.Mapping.of(row.table)


def _begin(
    table: mapped.Mapping, kind: Kind, data: bytes, owner: str, post: str | None
) -> tuple[Trial, Iterator[Item]]:
    form: Format = mapped.format_of("map", table, kind, kind.label, owner)
    context = ReadContext(timezone.now(), places().get(post or ""), owner, places())
    items = read_items(form, data, context)
    manner = tables.manner(data, mapped.is_heading(table))
    known = {mapped.plain(c.heading) for c in table.columns if c.path}
    trial = Trial(manner, [t for t in manner.titles if t and mapped.plain(t) not in known])
    first = next(items, None)
    if isinstance(first, Header):
        trial.whole = list(first.findings)
    return trial, items if isinstance(first, Header) or first is None else _chain(first, items)


def _chain(first: Item, rest: Iterable[Item]) -> Iterator[Item]:
    yield first
    yield from rest


def _count(trial: Trial, item: Item) -> None:
    if isinstance(item, Rejection):
        trial.rejects += 1
        count, places_ = trial.reasons.get(item.reason, (0, []))
        told = [*places_, item.place] if len(places_) < _EXAMPLES else places_
        trial.reasons[item.reason] = (count + 1, told)
    elif isinstance(item, Draft):
        trial.records += 1
        for each in item.findings:
            trial.findings[each.rule] += 1
            if column := each.data.get("column"):
                number, examples = trial.bad.get(column, (0, []))
                more = [*examples, each.text] if len(examples) < _EXAMPLES else examples
                trial.bad[column] = (number + 1, more)


def _shown(item: Item) -> dict[str, Any]:
    if isinstance(item, Rejection):
        return {"place": item.place, "reason": item.reason, "mend": item.mend}
    if not isinstance(item, Draft):
        return {}
    body = item.body.model_dump(mode="json", exclude_none=True)
    return {"place": item.place, "post": item.post, "at": item.occurred_at, "body": body,
            "findings": item.findings}  # fmt: skip
