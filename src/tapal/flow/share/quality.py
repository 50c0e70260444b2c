"""How good what a sender sent was: rows, rejects by reason, findings by rule, missing fields, delay.

For the sender's own officers, and only what they may see there: what rests on other agencies' records or
on lists is no matter of quality, and what is withheld never counts in.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from statistics import median

from django.db.models import Count, Q, QuerySet, Sum

from tapal.core.actions import Actor
from tapal.core.clauses import Reach
from tapal.core.finding import Weight
from tapal.core.kind import Kind
from tapal.core.marking import Sensitivity
from tapal.core.profiles.fields import leaves
from tapal.core.redaction import leaf_path
from tapal.core.text import Text
from tapal.flow.finding_words import label_of
from tapal.flow.share import compile
from tapal.flow.share.lists import raw_kinds
from tapal.flow.share.rows import Opened, fetch, open_records, row_of, visible_findings
from tapal.kinds import KINDS
from tapal.store.models import Finding, Message, Record, Reject

MOST_RECORDS = 20_000
"""The newest so many records of a report are looked into; the counts of rows are of all."""
MOST_PLACES = 60
"""Row numbers that are told of one reason."""
_CHUNK = 500
_AHEAD = timedelta(minutes=5)
DELAYS: Sequence[tuple[str, timedelta | None, Text]] = (
    ("hour", timedelta(hours=1), Text("dalam 1 jam", "within 1 hour")),
    ("day", timedelta(days=1), Text("dalam 24 jam", "within 24 hours")),
    ("three", timedelta(days=3), Text("dalam 3 hari", "within 3 days")),
    ("later", None, Text("lebih dari 3 hari", "more than 3 days")),
)
AHEAD = Text("waktu kejadian sesudah diterima", "time lies after its receipt")
UNKNOWN = Text("waktu kejadian tidak diketahui", "time not known")


@dataclass(frozen=True, slots=True)
class Sender:
    """One sender's month in one kind: `name` as the messages say it, `format` how they were read."""

    kind: str
    name: str
    format: str
    messages: int
    rows: int
    records: int
    rejects: int

    @property
    def known(self) -> int:
        return max(0, self.rows - self.records - self.rejects)


@dataclass(slots=True)
class Reason:
    """Why rows were rejected: how many, how many of these are open still, and where they stood."""

    reason: Text
    mend: Text
    count: int = 0
    open: int = 0
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding's rule: in how many records, and at which rows."""

    label: Text
    rule: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A field that a record of this kind is known by: in how many records it stands, is doubted."""

    path: str
    label: Text
    filled: int
    doubted: int
    of: int

    @property
    def missing(self) -> int:
        return self.of - self.filled


@dataclass(slots=True)
class Quality:
    """A report. `looked_into` of the records were; `delays` counts them by how late they came."""

    kind: str
    sender: Sender
    messages: list[tuple[str, str, datetime, int, int, int]]
    reasons: list[Reason]
    whole: list[Text]
    findings: list[Seen]
    fields: list[Filled]
    delays: list[tuple[Text, int]]
    median_hours: float | None
    looked_into: int
    since: datetime | None = None


def own_messages(actor: Actor, now: datetime) -> QuerySet[Message]:
    """The messages of the actor's agency and post whose kind he may read."""
    owners = compile.agencies_on(compile.today(now)).owners(actor.agency)
    rows, kinds = Message.objects.filter(agency_id__in=owners), raw_kinds(actor)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if actor.post is not None:
        rows = rows.filter(Q(post=None) | Q(post=actor.post))
    return rows


def senders(rows: QuerySet[Message]) -> list[Sender]:
    """Each sender among some messages, in a kind, the busiest first."""
    found: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    counts = rows.values("kind", "sender", "format").annotate(
        n=Count("pk"), items=Sum("position"), kept=Sum("records"), turned=Sum("rejects")
    )
    for row in counts:
        key = (row["kind"], row["sender"], plain_format(row["format"]))
        found[key].update({n: row[n] or 0 for n in ("n", "items", "kept", "turned")})
    made = [
        Sender(*key, c["n"], max(c["items"], c["kept"] + c["turned"]), c["kept"], c["turned"])
        for key, c in found.items()
    ]
    return sorted(made, key=lambda s: (-s.rows, s.kind, s.name, s.format))


def plain_format(format: str) -> str:
    """A format's name without the version of a mapping."""
    return format.partition("@")[0]


def report(reach: Reach, rows: QuerySet[Message]) -> Quality | None:
    """The report over messages of one sender; None where there is no message."""
    found = senders(rows)
    if not found:
        return None
    kind = KINDS.get(found[0].kind)
    messages = [
        (str(m.pk), m.source, m.received_at, m.records, m.rejects, m.position)
        for m in rows.order_by("-received_at")[:100]
    ]
    tally = _Tally(kind)
    for opened in _opened(reach, rows) if kind else ():
        tally.add(opened)
        tally.add_findings(reach, opened)
    return Quality(
        kind=found[0].kind,
        sender=found[0],
        messages=messages,
        reasons=_reasons(rows),
        whole=_whole(rows),
        findings=tally.findings(),
        fields=tally.fields(),
        delays=tally.delays(),
        median_hours=round(median(tally.hours), 1) if tally.hours else None,
        looked_into=tally.records,
    )


def _opened(reach: Reach, rows: QuerySet[Message]) -> Iterator[list[Opened]]:
    """The records of these messages that the reader reaches as their owner, some at a time, the newest first."""
    ids = Record.objects.filter(message__in=rows.values("pk")).order_by("-id")
    wanted = iter(list(ids.values_list("pk", flat=True)[:MOST_RECORDS]))
    while part := list(islice(wanted, _CHUNK)):
        yield [o for o in open_records(reach, fetch(part)) if o.own]


def _reasons(rows: QuerySet[Message]) -> list[Reason]:
    found: dict[str, Reason] = {}
    told = Reject.objects.filter(message__in=rows.values("pk")).order_by("id")
    for reason, mend, state, place in told.values_list("reason", "mend", "state", "place"):
        one = found.setdefault(reason["en"], Reason(Text.of(reason), Text.of(mend)))
        one.count += 1
        one.open += state == "open"
        if len(one.places) < MOST_PLACES:
            one.places.append(place)
    return sorted(found.values(), key=lambda each: -each.count)


def _whole(rows: QuerySet[Message]) -> list[Text]:
    """What was wrong with whole messages, each sentence once."""
    told = rows.exclude(findings=[]).order_by("-received_at").values_list("findings", flat=True)
    said = {each["text"]["en"]: Text.of(each["text"]) for found in told[:50] for each in found}
    return list(said.values())[:20]


class _Tally:
    """Counts over records, as far as their reader sees them."""

    def __init__(self, kind: Kind | None) -> None:
        self._kind = kind
        self._marks = kind.fields if kind else {}
        self._rules = {r.name: r.label for r in kind.rules if not r.listed} if kind else {}
        self._paths = [
            path for path in (kind.summary if kind else ())
            if path in self._marks and self._marks[path].sensitivity < Sensitivity.WITHHELD
        ]  # fmt: skip
        closed = kind.mapped.closed if kind and kind.mapped else ()
        self._paths = [p for p in self._paths if not _under(p, closed)]
        self.records = 0
        self.hours: list[float] = []
        self._seen: Counter[str] = Counter()
        self._filled: Counter[str] = Counter()
        self._of: Counter[str] = Counter()
        self._doubted: Counter[str] = Counter()
        self._places: dict[str, list[str]] = defaultdict(list)
        self._delay: Counter[str] = Counter()

    def add(self, opened: Iterable[Opened]) -> None:
        for each in opened:
            self.records += 1
            row = row_of(each, Weight.NOTE)
            for path in self._paths:
                if path in each.fields:
                    self._of[path] += 1
                    self._filled[path] += bool(leaves(row.view.body, tuple(path.split("."))))
            self._late(row.view.occurred_at, row.view.received_at)

    def _late(self, happened: datetime | None, received: datetime) -> None:
        if happened is None:
            self._delay["unknown"] += 1
            return
        late = received - happened
        if late < -_AHEAD:
            self._delay["ahead"] += 1
            return
        self.hours.append(max(0.0, late.total_seconds() / 3600))
        self._delay[next(n for n, most, _ in DELAYS if most is None or late <= most)] += 1

    def add_findings(self, reach: Reach, opened: Sequence[Opened]) -> None:
        """The readers' findings, and those of rules over the record itself, that the reader sees."""
        places = {o.record.id: o.record.source_place for o in opened}
        ids = [uuid.UUID(f.id) for f in visible_findings(reach, opened)]
        rows = Finding.objects.filter(pk__in=ids).order_by("id")
        for rule, record, level, data in rows.values_list(
            "rule", "record_id", "sensitivity", "data"
        ):
            paths = {leaf_path(path) for path in data.get("fields", ())}
            hidden = level >= Sensitivity.WITHHELD or any(
                self._marks[p].sensitivity >= Sensitivity.WITHHELD for p in paths & set(self._marks)
            )
            of_quality = data.get("reading") or rule in self._rules
            if hidden or data.get("rests_on") or not of_quality:
                continue
            self._seen[rule] += 1
            self._doubted.update(paths)
            if len(self._places[rule]) < MOST_PLACES:
                self._places[rule].append(places[record])

    def findings(self) -> list[Seen]:
        return [
            Seen(label_of(rule), rule, count, tuple(self._places[rule]))
            for rule, count in self._seen.most_common()
        ]

    def fields(self) -> list[Filled]:
        return [
            Filled(p, self._marks[p].label, self._filled[p], self._doubted[p], self._of[p])
            for p in self._paths
            if self._of[p]
        ]

    def delays(self) -> list[tuple[Text, int]]:
        told = [(text, self._delay[name]) for name, _, text in DELAYS]
        return [*told, (AHEAD, self._delay["ahead"]), (UNKNOWN, self._delay["unknown"])]


def _under(path: str, parts: Iterable[str]) -> bool:
    return any(path == part or path.startswith(f"{part}.") for part in parts)


_ROW = re.compile(r"row (\d+)")


def rows_told(places: Iterable[str]) -> str:
    """The row numbers of places, else the places themselves, for a table."""
    return ", ".join(m[1] if (m := _ROW.match(place)) else place for place in places)
