"""Rules on the sequence of a document's crossings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text
from tapal.kinds.crossing.codes import LAND_MODES, STAY_BASES
from tapal.kinds.crossing.keys import document_key
from tapal.kinds.crossing.rules.facts import (
    day_of,
    distance_km,
    earlier,
    is_citizen,
    is_foreigner,
    law,
    limit,
    place_name,
)

NEAREST_KM = 5.0
"""Posts are placed within a few kilometres: nearer ones cannot be told apart by speed."""
NEIGHBOURS = ("TLS", "MYS", "PNG", "PHL")


def _document(record: RecordView) -> str:
    state = record.get("document.issuing_state") or record.get("person.nationality")
    return document_key(state, record.get("document.number"))


@rule(
    legal=("crossing.implausible_speed_kmh",),
    history=History(("document",), days=7),
)
def impossible_travel(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a document seen at two places faster than anybody can travel between them.

    Speed is the great circle over the time between; the limit is a row of practice, a lower one
    holds between land posts to one neighbour. Either crossing may be the false one.
    """
    here = context.places.get(record.place or "")
    if here is None or record.occurred_at is None or not _document(record):
        return
    for other in context.history:
        there = context.places.get(other.place or "")
        if there is None or there.id == here.id or other.occurred_at is None:
            continue
        if _document(other) != _document(record):
            continue
        apart = distance_km(here, there)
        if apart is None or apart < NEAREST_KM:
            continue
        hours = abs((record.occurred_at - other.occurred_at).total_seconds()) / 3600
        by_land = here.neighbour == there.neighbour and all(
            r.get("mode") in LAND_MODES for r in (record, other)
        )
        way = {"mode": "land"} if by_land else {}
        most = limit(
            context.legal.settle("crossing.implausible_speed_kmh", day_of(record, context), **way)
        )
        if most is None or apart <= most.values[-1] * hours:
            continue
        why = law(most.rows)
        minutes = round(hours * 60)
        yield Finding(
            "impossible_travel",
            Weight.ALERT,
            Text(
                f"Dokumen yang sama tercatat di {there.name} dan {here.name}, {apart:.0f} km, dalam "
                f"{minutes} menit. Salah satunya bukan pemegang dokumen ini, atau salah catat. {why.id}.",
                f"The same document was seen at {there.name} and {here.name}, {apart:.0f} km apart, "
                f"within {minutes} minutes. One is not its holder, or was misrecorded. {why.en}.",
            ),
            ("document.number", "document.issuing_state", "local_time"),
            (Compared(Text("pos", "post"), here.name, there.name, agree=False),),
            rests_on=(other.id,),
            cites=most.rows,
            disputed=most.disputed,
            about=other.id,
        )
        return


def longest_stay(record: RecordView, context: Context) -> int:
    """The longest stay in days that any rule of law allows: as far back as absence must be known."""
    day = day_of(record, context)
    asked = [
        *(context.legal.settle("visa.stay_days", day, basis=basis) for basis in STAY_BASES),
        *(context.legal.settle("plb.stay_days", day, neighbour=n) for n in NEIGHBOURS),
        *(context.legal.settle("plb.max_days", day, neighbour=n) for n in NEIGHBOURS),
    ]
    return max((int(found.values[-1]) for found in map(limit, asked) if found), default=0)


def _history_is_long_enough(record: RecordView, context: Context) -> bool:
    days = longest_stay(record, context)
    since = context.history_since
    if not days or since is None or record.occurred_at is None:
        return False
    return since <= record.occurred_at - timedelta(days=days)


_GAPS = History(("document", "person"), days=400)
_LAW = ("visa.stay_days", "plb.stay_days", "plb.max_days")


@rule(legal=_LAW, history=_GAPS)
def exit_without_entry(record: RecordView, context: Context) -> Iterator[Finding]:
    """Note a foreigner's exit for which this node holds no entry.

    Often a closed post or a border resident's path: a note, never an alert. Silent until the
    node's history is longer than the longest permitted stay.
    """
    if record.get("direction") != "exit" or not is_foreigner(record):
        return
    if not _history_is_long_enough(record, context):
        return
    last = next((h for h in earlier(record, context) if h.get("direction")), None)
    if last is not None and last.get("direction") == "entry":
        return
    yield Finding(
        "exit_without_entry",
        Weight.NOTE,
        Text(
            "Keluar tanpa catatan masuk. Sering karena pos tutup atau jalur warga perbatasan.",
            "Exit without a recorded entry. Often a closed post or a border resident's path.",
        ),
        ("direction",),
        rests_on=(last.id,) if last else (),
    )


@rule(legal=_LAW, history=_GAPS)
def entry_while_inside(record: RecordView, context: Context) -> Iterator[Finding]:
    """Note an entry of somebody whose last recorded movement was an entry as well.

    A note, never an alert; silent until the node's history is longer than the longest stay.
    """
    if record.get("direction") != "entry" or not _history_is_long_enough(record, context):
        return
    last = next((h for h in earlier(record, context) if h.get("direction")), None)
    if last is None or last.get("direction") != "entry":
        return
    who = (
        Text("Warga negara", "A citizen")
        if is_citizen(record)
        else Text("Orang ini", "This person")
    )
    post = place_name(last.place, context)
    yield Finding(
        "entry_while_inside",
        Weight.NOTE,
        Text(
            f"{who.id} masuk lagi tanpa catatan keluar sejak {day_of(last, context):%d-%m-%Y} ({post}).",
            f"{who.en} enters again with no exit recorded since {day_of(last, context):%d-%m-%Y} ({post}).",
        ),
        ("direction",),
        rests_on=(last.id,),
    )
