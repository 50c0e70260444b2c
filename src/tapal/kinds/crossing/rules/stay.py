"""The rule on the length of a stay, for visas and border passes alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import Settled
from tapal.core.record import RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text
from tapal.kinds.crossing.citizenship import is_foreigner
from tapal.kinds.crossing.rules.earlier import Earlier, last_movement
from tapal.kinds.crossing.rules.facts import (
    day_of,
    goes_home,
    place_name,
    shown,
    unsure,
)
from tapal.kinds.crossing.rules.pass_facts import is_border_pass, longest_by_agreement
from tapal.kinds.crossing.rules.permitted import Permitted, permitted_stay

_COUNTING = "crossing.entry_day_counts"
_TOPICS = (
    "visa.stay_days",
    "visa.free_nationalities",
    "plb.stay_days",
    "plb.max_days",
    "plb.extension_count",
    _COUNTING,
)
_EXTENDED = Text(
    " Tinggalnya tercatat diperpanjang {n} kali: minta izin perpanjangannya.",
    " The stay is recorded as extended {n} times: ask for the permits.",
)
_OTHER_DOCUMENT = Text(
    " Catatan sebelumnya memakai dokumen lain: pastikan orangnya sama.",
    " The earlier record is on another document: make sure that it is the same person.",
)


@rule(
    Text("Melewati masa tinggal", "Overstay"),
    legal=_TOPICS,
    history=History(("document", "person"), days=400),
)
def overstay(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a stay longer than permitted, when the person leaves; for a border pass, when he returns.

    Counted in days at the posts' own calendars between the last way out and the way back that this
    node holds; whether the first day counts is a legal row. The permitted stay is what the entry
    gave, else the legal row by basis of stay, or by agreement for a border pass shown then; each
    extension of a pass adds the agreement's days, of a visa it asks for the permit.
    Where sources differ both values are said; where only name and birth date join the two records
    it is something to look at. A length that nobody entered is asked for only beyond the longest
    stay that any agreement allows.
    """
    if not goes_home(record) or not (is_foreigner(record) or is_border_pass(record)):
        return
    outward = "exit" if record.get("direction") == "entry" else "entry"
    last = last_movement(record, context)
    if last is None or last.record.get("direction") != outward:
        return  # a gap in the movements is no stay to count
    start, end = day_of(last.record, context), day_of(record, context)
    permitted = permitted_stay(record, last.record, context, start)
    if permitted is None:
        return
    stay = _Stay(last, place_name(last.record.place, context), start, end)
    if not permitted.most.values:
        longest = longest_by_agreement(context.legal, end)
        if stay.days > longest > 0:
            yield _no_length(permitted, stay, longest)
        return
    counting = Settled(()) if permitted.until else context.legal.settle(_COUNTING, start)
    yield from _judged(permitted, stay, counting)


@dataclass(frozen=True, slots=True)
class _Stay:
    last: Earlier
    post: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def _no_length(permitted: Permitted, stay: _Stay, longest: int) -> Finding:
    return Finding(
        "overstay",
        Weight.LOOK,
        Text(
            f"Tinggal {stay.days} hari sejak {shown(stay.start)} ({stay.post}). Batas tinggal menurut "
            f"perjanjian ini belum diisi, dan perjanjian lain paling lama {longest} hari: tanyakan "
            "lama yang diizinkan.",
            f"Stayed {stay.days} days since {shown(stay.start)} ({stay.post}). This agreement's length "
            f"of stay is not entered, and no other allows more than {longest} days: ask what was "
            "permitted.",
        ),
        ("local_time",),
        rests_on=(stay.last.record.id,),
        cites=permitted.most.rows,
        about="no length",
    )


def _judged(permitted: Permitted, stay: _Stay, counting: Settled) -> Iterator[Finding]:
    """Hold the days against the limit; how to count them may be in doubt as well."""
    counted = [stay.days + value for value in counting.values if isinstance(value, bool)]
    days = max(counted, default=stay.days)
    weight = permitted.most.weight(days)
    if weight is None:
        return
    if not counting.certain:
        surely = permitted.most.weight(stay.days)
        weight = Weight.LOOK if surely is None else surely
    if not stay.last.same_document:
        weight = min(weight, Weight.LOOK)
    most = permitted.most
    rows = (*most.rows, *(counting.rows if days > stay.days else ()))
    tail = unsure(rows)
    said = _until(permitted.until, stay) if permitted.until else _length(permitted, stay, days)
    extended = _EXTENDED.fill(n=permitted.extended) if permitted.extended else Text("", "")
    other = Text("", "") if stay.last.same_document else _OTHER_DOCUMENT
    yield Finding(
        "overstay",
        weight,
        Text("{said}{extended}{other}{tail}", "{said}{extended}{other}{tail}").fill(
            said=said, extended=extended, other=other, tail=tail
        ),
        ("local_time", "person.nationality", "document.document_class"),
        (Compared(Text("hari tinggal", "days of stay"), str(days), most.text, agree=False),),
        rests_on=(stay.last.record.id,),
        cites=rows,
        disputed=most.disputed,
        data={"days_over": days - int(most.values[0])},
    )


def _until(until: date, stay: _Stay) -> Text:
    over = (stay.end - until).days
    return Text(
        f"Izin tinggal sampai {shown(until)}, keluar {shown(stay.end)}: lewat {over} hari. "
        f"Masuk {shown(stay.start)} di {stay.post}.",
        f"Permitted until {shown(until)}, leaves on {shown(stay.end)}: {over} days over. "
        f"Entered on {shown(stay.start)} at {stay.post}.",
    )


def _length(permitted: Permitted, stay: _Stay, days: int) -> Text:
    """The stay and its limit; of limits in dispute each one with what follows from it."""
    most = permitted.most
    over = [days - int(value) for value in most.values]
    if len(over) == 1:
        told = Text(f"lewat {over[0]} hari", f"{over[0]} days over")
    else:
        pairs = list(zip(most.values, over, strict=True))
        told = Text(
            "; ".join(
                f"menurut batas {v:g} hari {f'lewat {o} hari' if o > 0 else 'belum lewat'}"
                for v, o in pairs
            ),
            "; ".join(
                f"by {v:g} days {f'{o} days over' if o > 0 else 'not over'}" for v, o in pairs
            ),
        )
    return Text(
        f"Tinggal {days} hari sejak {shown(stay.start)} ({stay.post}). Batas {permitted.basis.id} "
        f"{most.said.id} hari: {told.id}.",
        f"Stayed {days} days since {shown(stay.start)} ({stay.post}). The limit of the "
        f"{permitted.basis.en} is {most.said.en} days: {told.en}.",
    )
