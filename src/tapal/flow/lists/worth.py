"""What hits on lists were worth: how often people found them false, by list, post, nationality and name."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.entity import Entity
from tapal.core.errors import Denied
from tapal.core.mandates import READ_STATISTICS, level
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow.alert import Outcome
from tapal.flow.figures.disclosure import keep_back
from tapal.flow.figures.door import smallest_cell
from tapal.flow.figures.question import Disclosure, Window
from tapal.flow.gather import bare_views
from tapal.flow.profiles.tally import Share, traits_of
from tapal.flow.share import access, purposes
from tapal.kinds import KINDS
from tapal.store.models import Alert, Link, Roll

REASON = "list_match:"
DAYS, MOST, AT_ONCE = 365, 10_000, 500
SUBJECT = "hits"
BY: Mapping[str, Text] = {
    "list": Text("Daftar", "List"),
    "place": Text("Pos", "Post"),
    "nationality": Text("Kewarganegaraan", "Nationality"),
    "name": Text("Bentuk nama", "Form of name"),
}
_LINKS = frozenset({"BIN", "BINTI", "BINTE", "A/L", "A/P", "S/O", "D/O", "ANAK"})
NAME_FORMS: Mapping[str, Text] = {
    "one": Text("satu kata", "one word"),
    "two": Text("dua kata", "two words"),
    "more": Text("tiga kata atau lebih", "three words or more"),
    "link": Text("dengan bin, binti, a/l, a/p", "with bin, binti, a/l, a/p"),
    "other": Text("aksara lain", "another script"),
    "": Text("tanpa nama", "no name"),
}
_SHOWN = Disclosure(
    {"closed": ("false", "false_rate", "low", "high"), "false": ("false_rate", "low", "high")}
)


@dataclass(frozen=True, slots=True)
class Worth:
    """Rows of each way of counting; a number kept back is None, `hidden` is how many were."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    smallest: int
    hidden: int
    since: date
    closed: int


def worth(actor: Actor, *, place: str | None = None, now: datetime | None = None) -> Worth:
    """False-hit rates of the actor's own agency over the last year, small numbers kept back.

    Raises Denied without the power to ask for statistics, and leaves a trace then.
    """
    moment = now or timezone.now()
    if READ_STATISTICS not in actor.powers:
        access.note(actor, Purpose.STATISTICS, access.DENIED, subject=SUBJECT)
        raise Denied
    purposes.must_cover(actor, Purpose.STATISTICS, moment)
    since = moment - timedelta(days=DAYS)
    counts: dict[str, Counter[str]] = {by: Counter() for by in BY}
    false: dict[str, Counter[str]] = {by: Counter() for by in BY}
    total = 0
    for groups, outcome in _closed(actor, place or actor.post, since):
        total += 1
        for by, name in groups.items():
            counts[by][name] += 1
            false[by][name] += outcome == Outcome.FALSE
    smallest = smallest_cell(Window(since.date(), moment.date(), moment))
    rows, hidden = {}, 0
    for by in BY:
        told = [_row(name, count, false[by][name]) for name, count in counts[by].most_common()]
        rows[by], kept = keep_back(told, _SHOWN, smallest)
        hidden += kept
    access.note(
        actor, Purpose.STATISTICS, access.COUNT, subject=SUBJECT,
        question=place or actor.post or "*", count=sum(map(len, rows.values())),
    )  # fmt: skip
    return Worth(rows, smallest, hidden, since.date(), total if total >= smallest else 0)


# Any: a row's values as Python has them.
def _row(name: str, closed: int, false: int) -> dict[str, Any]:
    share = Share(false, closed)
    low, high = share.interval or (0.0, 1.0)
    return {"name": name, "closed": closed, "false": false,
            "false_rate": share.rate, "low": low, "high": high}  # fmt: skip


def _closed(
    actor: Actor, place: str | None, since: datetime
) -> Iterator[tuple[dict[str, str], str]]:
    """Each closed alert of a list match: its groups, and what a person found."""
    rows = Alert.objects.filter(
        owner=actor.agency,
        state="closed",
        reason__startswith=REASON,
        closed_at__gte=since,
        sensitivity__lte=int(level(actor.powers)),
    )
    if place:
        rows = rows.filter(place=place)
    held = list(
        rows.order_by("-closed_at").values_list("record_id", "reason", "place", "outcome")[:MOST]
    )
    for start in range(0, len(held), AT_ONCE):
        part = held[start : start + AT_ONCE]
        views = {v.id: v for v in bare_views(sorted({str(row[0]) for row in part}))}
        for record, reason, where, outcome in part:
            view = views.get(str(record))
            entities = tuple(KINDS[view.kind].entities(view.body)) if view else ()
            yield (
                {
                    "list": reason.removeprefix(REASON),
                    "place": where,
                    "nationality": traits_of(entities).get("nationality", ""),
                    "name": name_form(entities),
                },
                outcome,
            )


def name_form(entities: Sequence[Entity]) -> str:
    """The form of the first name that is given: what a matcher may be unfair to."""
    names = (name for entity in entities for name in entity.properties.get("name", ()))
    words = next(names, "").upper().replace(",", " ").split()
    if not words:
        return ""
    if not any("A" <= letter <= "Z" for letter in "".join(words)):
        return "other"
    if _LINKS & set(words):
        return "link"
    return {1: "one", 2: "two"}.get(len(words), "more")


# A count may be this old: it is shown beside each hit at the counter.
KEPT_SECONDS = 300.0
_so_far: dict[tuple[str, str], tuple[float, Share]] = {}


def right_so_far(agency: str, reason: str) -> Share | None:
    """How often an agency found such a hit right; None while too few were decided to tell."""
    held = _so_far.get((agency, reason))
    if held is None or time.monotonic() - held[0] > KEPT_SECONDS:
        rows = Alert.objects.filter(owner=agency, reason=reason, state="closed")
        found = dict(rows.values_list("outcome").annotate(n=Count("id")))
        right = found.get(Outcome.TRUE, 0) + found.get(Outcome.REFERRED, 0)
        held = (time.monotonic(), Share(right, sum(found.values())))
        _so_far[agency, reason] = held
    now = timezone.now()
    enough = held[1].whole >= smallest_cell(Window(now.date(), now.date(), now))
    return held[1] if enough else None


@dataclass(frozen=True, slots=True)
class Cleared:
    """A match that a person has ruled out for a bearer: which, by whom, why, until when."""

    label: Text
    entry: str
    by: str
    at: datetime
    why: str
    until: date | None
    undone_at: datetime | None
    holds: bool


def cleared(record_id: uuid.UUID | str, *, actor: Actor) -> list[Cleared]:
    """The clearances of a record's bearer by the actor's own agency, up to his level, newest first.

    Whoever shows them has opened the record through the reading door.
    """
    bearers = Link.objects.filter(record_id=record_id, verdict=1, undone_at__isnull=True)
    rows = list(
        Link.objects.filter(
            identity__in=bearers.values("identity"), roll__isnull=False, verdict=-1
        ).order_by("-at")[:50]
    )
    alerts = [row.evidence["alert"] for row in rows if row.evidence.get("alert")]
    known = Alert.objects.filter(
        pk__in=alerts, owner=actor.agency, sensitivity__lte=int(level(actor.powers))
    )
    his = {str(pk) for pk in known.values_list("pk", flat=True)}
    labels = {roll.code: Text(roll.label_id, roll.label_en) for roll in Roll.objects.all()}
    return [
        _cleared(row, labels[str(row.roll_id)]) for row in rows if row.evidence.get("alert") in his
    ]


def _cleared(row: Link, label: Text) -> Cleared:
    holds = row.undone_at is None and (row.until is None or row.until >= timezone.localdate())
    why = str(row.evidence.get("reason", ""))
    return Cleared(label, row.entity_id, row.by, row.at, why, row.until, row.undone_at, holds)
