"""What a mapping makes of a file, nothing of it stored: the first rows shown, or the whole counted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.finding import Finding
from tapal.core.ids import uuid7
from tapal.core.kind import Kind
from tapal.core.marking import Sensitivity
from tapal.core.reading import Draft, Format, Header, Item, ReadContext, Rejection
from tapal.core.record import RecordView
from tapal.core.redaction import leaf_path
from tapal.core.rules import Context
from tapal.core.text import Text
from tapal.flow import assess, corrections, sent
from tapal.flow import mapped as live
from tapal.flow.finding_words import label_of
from tapal.flow.guarded import read_items
from tapal.flow.mappings.life import found
from tapal.flow.reference import legal_book, places
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
class RuleSaid:
    """What one rule would say: of how many rows, the first of these, and its first sentence."""

    rule: str
    label: Text
    text: Text
    count: int = 0
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Trial:
    """What came of it. `bad` holds, by column, how many values could not be read and a few of them.

    `reasons` counts rejects by reason with their first places, `said` what the kind's own rules would
    say by rule; `stopped` says that a page's limit was reached, `seen` that the very bytes were handed
    in before. `changed` are rows that would correct a record, unless they name something else.
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
    said: dict[str, RuleSaid] = field(default_factory=dict)
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
    rules = Rules(kind, owner)
    for item in islice(items, LOOKED_AT):
        found = rules.of(item)
        _count(trial, item, found)
        if len(trial.rows) < SHOWN:
            trial.rows.append(_shown(item, found))
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
    again: set[str] = set()
    taken = islice(items, most) if most else items
    rules = Rules(kind, owner)
    while batch := list(islice(taken, _BATCH)):
        drafts = [item for item in batch if isinstance(item, Draft)]
        held = sent.held_by(drafts, owner, table.system, [kind.name])
        for item in batch:
            if isinstance(item, Draft) and item.sent:
                number, digest = sent.number_hash(item.sent), item.sent.digest
                if told.setdefault(number, digest) != digest:
                    _count(trial, corrections.said_twice(item, item.sent), ())
                    continue
                before = digest if number in again else held.get(number, ("",))[0]
                again.add(number)
                trial.repeats += before == digest
                trial.changed += before not in ("", digest)
            _count(trial, item, rules.of(item))
    trial.stopped = bool(most) and next(items, None) is not None
    trial.records -= trial.repeats + trial.changed
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


class Rules:
    """The kind's rules held against rows that are not stored.

    Asked are those that need the row alone: earlier records and lists may be other agencies', and a
    trial leaves no trace. What is withheld is not said either.
    """

    def __init__(self, kind: Kind, owner: str) -> None:
        self._kind, self._owner = kind, owner
        self._rules = [r for r in kind.rules if r.history is None and not r.listed]
        self._context = Context(timezone.now(), legal_book(), places=places())

    def of(self, item: Item) -> tuple[Finding, ...]:
        """What the rules would say of a row; nothing of one that gives no record."""
        if not isinstance(item, Draft):
            return ()
        view = self._view(item)
        said = (f for rule in self._rules for f in assess.ask(rule, view, self._context))
        return tuple(f for f in said if not self._withheld(f))

    def _view(self, draft: Draft) -> RecordView:
        body = draft.body.model_dump(mode="json", exclude_none=True)
        return RecordView(
            id=str(uuid7()),
            kind=self._kind.name,
            owner=self._owner,
            place=draft.post,
            occurred_at=draft.occurred_at,
            received_at=self._context.now,
            sensitivity=self._kind.sensitivity(body),
            body=body,
            occurred_text=draft.occurred_text,
            keys=tuple(self._kind.keys(body)),
        )

    def _withheld(self, finding: Finding) -> bool:
        marks = (self._kind.fields.get(leaf_path(path)) for path in finding.fields)
        return any(mark and mark.sensitivity is Sensitivity.WITHHELD for mark in marks)


def _count(trial: Trial, item: Item, by_rules: Sequence[Finding]) -> None:
    if isinstance(item, Rejection):
        trial.rejects += 1
        count, places_ = trial.reasons.get(item.reason, (0, []))
        told = [*places_, item.place] if len(places_) < _EXAMPLES else places_
        trial.reasons[item.reason] = (count + 1, told)
    elif isinstance(item, Draft):
        trial.records += 1
        for each in by_rules:
            trial.findings[each.rule] += 1
            said = trial.said.setdefault(
                each.rule, RuleSaid(each.rule, label_of(each.rule), each.text)
            )
            said.count += 1
            if len(said.places) < _EXAMPLES:
                said.places.append(item.place)
        for each in item.findings:
            trial.findings[each.rule] += 1
            if column := each.data.get("column"):
                number, examples = trial.bad.get(column, (0, []))
                more = [*examples, each.text] if len(examples) < _EXAMPLES else examples
                trial.bad[column] = (number + 1, more)


def _shown(item: Item, by_rules: Sequence[Finding]) -> dict[str, Any]:
    if isinstance(item, Rejection):
        return {"place": item.place, "reason": item.reason, "mend": item.mend}
    if not isinstance(item, Draft):
        return {}
    body = item.body.model_dump(mode="json", exclude_none=True)
    return {"place": item.place, "post": item.post, "at": item.occurred_at, "body": body,
            "findings": (*item.findings, *by_rules)}  # fmt: skip
