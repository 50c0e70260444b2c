"""Rules on the sequence of a document's crossings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from tapal.core.distance import distance_km
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import LegalBook
from tapal.core.record import Place, RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text
from tapal.kinds.crossing.citizenship import is_citizen, is_foreigner
from tapal.kinds.crossing.codes import LAND_MODES, STAY_BASES
from tapal.kinds.crossing.rules.earlier import document_of, last_movement
from tapal.kinds.crossing.rules.facts import Limit, day_of, limit, place_name
from tapal.kinds.crossing.rules.pass_facts import is_border_pass, longest_by_agreement, treaty_of


@rule(
    Text("Perjalanan yang tidak mungkin", "Impossible journey"),
    legal=("crossing.implausible_speed_kmh", "crossing.place_precision_km"),
    history=History(("document",), days=7),
)
def impossible_travel(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a document seen at two places faster than anybody can travel between them.

    Speed is the great circle over the time between; the limit is a row of practice, a lower one
    holds between land posts to one neighbour; so is the distance under which posts cannot be told
    apart. Either crossing may be the false one.
    """
    here = context.places.get(record.place or "")
    if here is None or record.occurred_at is None or not document_of(record):
        return
    day = day_of(record, context)
    precision = limit(context.legal.settle("crossing.place_precision_km", day))
    near = precision.values[-1] if precision else 0.0
    for other in context.history:
        there = context.places.get(other.place or "")
        if there is None or there.id == here.id or not _comparable(record, other):
            continue
        apart = distance_km(here, there)
        if apart is None or apart < near:
            continue
        most = _speed(record, other, (here, there), context)
        hours = _hours(record, other)
        if most is None or apart <= most.values[-1] * hours:
            continue
        yield _impossible(other, (there, here), apart, hours, most)
        return


def _comparable(record: RecordView, other: RecordView) -> bool:
    """The same document, each time with an hour."""
    hours = not _day_alone(record) and not _day_alone(other) and other.occurred_at is not None
    return hours and document_of(other) == document_of(record)


def _hours(record: RecordView, other: RecordView) -> float:
    if record.occurred_at is None or other.occurred_at is None:
        return 0.0
    return abs((record.occurred_at - other.occurred_at).total_seconds()) / 3600


def _speed(
    record: RecordView, other: RecordView, posts: tuple[Place, Place], context: Context
) -> Limit | None:
    """How fast the way between two posts can be travelled."""
    by_land = posts[0].neighbour == posts[1].neighbour and all(
        r.get("mode") in LAND_MODES for r in (record, other)
    )
    way = {"mode": "land"} if by_land else {}
    day = day_of(record, context)
    return limit(context.legal.settle("crossing.implausible_speed_kmh", day, **way))


def _impossible(
    other: RecordView, posts: tuple[Place, Place], apart: float, hours: float, most: Limit
) -> Finding:
    there, here = posts
    return Finding(
        "impossible_travel",
        Weight.ALERT,
        Text(
            "Dokumen yang sama tercatat di {there} dan {here}, {apart} km, dalam {minutes} menit; "
            "batas wajarnya {most} km/jam. Salah satunya bukan pemegang dokumen ini, atau salah catat.",
            "The same document was seen at {there} and {here}, {apart} km apart, within {minutes} "
            "minutes; at most {most} km/h is plausible. One is not its holder, or was misrecorded.",
        ).fill(
            there=there.name,
            here=here.name,
            apart=f"{apart:.0f}",
            minutes=round(hours * 60),
            most=f"{most.values[-1]:g}",
        ),
        ("document.number", "document.issuing_state", "local_time"),
        (Compared(Text("pos", "post"), here.name, there.name, agree=False),),
        rests_on=(other.id,),
        cites=most.rows,
        disputed=most.disputed,
        about=other.id,
    )


def _day_alone(record: RecordView) -> bool:
    """Of a day without an hour no speed can be told."""
    return len(str(record.get("local_time") or "")) == len("2026-01-01")


@lru_cache(maxsize=128)
def longest_stay(legal: LegalBook, day: date) -> int:
    """The longest stay in days that any rule of law allows: as far back as absence must be known."""
    asked = (legal.settle("visa.stay_days", day, basis=basis) for basis in STAY_BASES)
    visas = max((int(found.values[-1]) for found in map(limit, asked) if found), default=0)
    return max(visas, longest_by_agreement(legal, day))


def _absence_tells(record: RecordView, context: Context) -> bool:
    """Whether a missing movement says anything: the history is longer than any stay that may be.

    Nobody knows that of a residence permit, nor of an agreement whose length is not entered.
    """
    if record.get("stay.basis") == "residence_permit":
        return False
    if is_border_pass(record):
        neighbour = treaty_of(record, context).neighbour
        stay = context.legal.settle("plb.stay_days", day_of(record, context), neighbour=neighbour)
        if limit(stay) is None:
            return False
    days, since = longest_stay(context.legal, day_of(record, context)), context.history_since
    if not days or since is None or record.occurred_at is None:
        return False
    return since <= record.occurred_at - timedelta(days=days)


_GAPS = History(("document", "person"), days=400)
_LAW = ("visa.stay_days", "plb.stay_days", "plb.max_days")


@rule(
    Text("Keluar tanpa catatan masuk", "Exit without a recorded entry"), legal=_LAW, history=_GAPS
)
def exit_without_entry(record: RecordView, context: Context) -> Iterator[Finding]:
    """Note a foreigner's exit for which this node holds no entry.

    Often a closed post or a border resident's path: a note, never an alert. Silent until the
    node's history is longer than the longest permitted stay, and where that length is not known.
    A voyage told twice, by the carrier and at the counter, is one movement.
    """
    if record.get("direction") != "exit" or not is_foreigner(record):
        return
    if not _absence_tells(record, context):
        return
    last = last_movement(record, context)
    if last is not None and last.record.get("direction") == "entry":
        return
    yield Finding(
        "exit_without_entry",
        Weight.NOTE,
        Text(
            "Keluar tanpa catatan masuk. Sering karena pos tutup atau jalur warga perbatasan.",
            "Exit without a recorded entry. Often a closed post or a border resident's path.",
        ),
        ("direction",),
        rests_on=(last.record.id,) if last else (),
    )


@rule(
    Text("Masuk lagi tanpa catatan keluar", "Entry again without a recorded exit"),
    legal=_LAW,
    history=_GAPS,
)
def entry_while_inside(record: RecordView, context: Context) -> Iterator[Finding]:
    """Note an entry of somebody whose last recorded movement was an entry as well.

    A note, never an alert; silent until the node's history is longer than the longest stay. A
    voyage told twice, by the carrier and at the counter, is one movement.
    """
    if record.get("direction") != "entry" or not _absence_tells(record, context):
        return
    last = last_movement(record, context)
    if last is None or last.record.get("direction") != "entry":
        return
    who = (
        Text("Warga negara", "A citizen")
        if is_citizen(record)
        else Text("Orang ini", "This person")
    )
    post, day = place_name(last.record.place, context), day_of(last.record, context)
    yield Finding(
        "entry_while_inside",
        Weight.NOTE,
        Text(
            f"{who.id} masuk lagi tanpa catatan keluar sejak {day:%d-%m-%Y} ({post}).",
            f"{who.en} enters again with no exit recorded since {day:%d-%m-%Y} ({post}).",
        ),
        ("direction",),
        rests_on=(last.record.id,),
    )
