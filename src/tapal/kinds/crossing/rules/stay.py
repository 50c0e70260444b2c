"""The rule on the length of a stay, for visas and border passes alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import LegalRow
from tapal.core.record import RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text
from tapal.kinds.crossing.rules.facts import (
    Limit,
    day_of,
    earlier,
    goes_home,
    is_foreigner,
    last_day,
    law,
    limit,
    place_name,
    shown,
)
from tapal.kinds.crossing.rules.pass_facts import is_border_pass, treaty_of

_TOPICS = (
    "visa.stay_days",
    "visa.free_nationalities",
    "plb.stay_days",
    "plb.max_days",
)


@rule(legal=_TOPICS, history=History(("document", "person"), days=400))
def overstay(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a stay longer than permitted, when the person leaves; for a border pass, when he returns.

    Counted in days between the last way out and the way back that this node holds: a foreigner's
    entry and exit; for a citizen's border pass, exit and entry. The permitted stay is what the
    entry gave, else the legal row by basis of stay, or by agreement with extensions for a border
    pass. Where sources differ both values are shown and the officer decides.
    """
    if not goes_home(record) or not (is_foreigner(record) or is_border_pass(record)):
        return
    outward = "exit" if record.get("direction") == "entry" else "entry"
    last = next((h for h in earlier(record, context) if h.get("direction")), None)
    if last is None or last.get("direction") != outward:
        return  # a gap in the movements is no stay to count
    start, end = day_of(last, context), day_of(record, context)
    days = (end - start).days
    permitted = _permitted(record, last, context, start)
    if permitted is None:
        return
    if not permitted.most.values:
        if days > 0:  # nobody overstays on the day he came
            yield _no_length(permitted, last)
        return
    weight = permitted.most.weight(days)
    if weight is not None:
        yield _finding(permitted, last, place_name(last.place, context), (start, end), weight)


@dataclass(frozen=True, slots=True)
class _Permitted:
    most: Limit
    basis: Text
    given: bool = False


def _permitted(
    record: RecordView, last: RecordView, context: Context, start: date
) -> _Permitted | None:
    """How long the stay might be: as given at entry, by agreement, or by the basis of the visa."""
    until = last.get("stay.permitted_until")
    if until:
        return _given(float((last_day(until) - start).days))
    if isinstance(days := last.get("stay.permitted_days"), int):
        return _given(float(days))
    if is_border_pass(record):
        return _by_agreement(record, last, context, start)
    basis = last.get("stay.basis") or _free_of_visa(record, context, start)
    found = limit(context.legal.settle("visa.stay_days", start, basis=basis)) if basis else None
    if found is None:
        return None
    words = {"visa_free": Text("bebas visa", "visa-free")}
    return _Permitted(found, words.get(basis, Text("visa", "visa")))


def _given(days: float) -> _Permitted:
    return _Permitted(
        Limit((days,), (), certain=True, disputed=False), Text("izin masuk", "entry permit"), True
    )


def _free_of_visa(record: RecordView, context: Context, day: date) -> str:
    free = context.legal.settle("visa.free_nationalities", day)
    states = {str(state) for value in free.values for state in value or ()}
    return "visa_free" if record.get("person.nationality") in states else ""


def _by_agreement(
    record: RecordView, last: RecordView, context: Context, day: date
) -> _Permitted | None:
    """Days by agreement times one more than the extensions used, never above its ceiling."""
    treaty = treaty_of(record, context)
    settled = context.legal.settle("plb.stay_days", day, neighbour=treaty.neighbour)
    if not settled:
        return None
    basis = Text("pas lintas batas", "border pass")
    found = limit(settled)
    if found is None:
        return _Permitted(Limit((), settled.rows, certain=False, disputed=False), basis)
    used = max(record.get("extensions") or 0, last.get("extensions") or 0)
    ceiling = limit(context.legal.settle("plb.max_days", day, neighbour=treaty.neighbour))
    count = limit(context.legal.settle("plb.extension_count", day, neighbour=treaty.neighbour))
    times = min(used, int(count.values[-1])) if count else used
    values = tuple(
        min(value * (1 + times), ceiling.values[-1]) if ceiling else value * (1 + times)
        for value in found.values
    )
    rows = (*found.rows, *(ceiling.rows if ceiling and times else ()))
    return _Permitted(Limit(values, rows, found.certain, found.disputed), basis)


def _no_length(permitted: _Permitted, last: RecordView) -> Finding:
    rows: tuple[LegalRow, ...] = permitted.most.rows
    why = law(rows)
    return Finding(
        "overstay",
        Weight.NOTE,
        Text(
            f"Lama tinggal tidak dihitung: nilainya belum diisi. {why.id}.",
            f"The stay was not counted: its length is not entered yet. {why.en}.",
        ),
        ("local_time",),
        rests_on=(last.id,),
        cites=rows,
        about="no length",
    )


def _finding(
    permitted: _Permitted,
    last: RecordView,
    post: str,
    days: tuple[date, date],
    weight: Weight,
) -> Finding:
    stayed = (days[1] - days[0]).days
    most = permitted.most
    over = stayed - int(most.values[0])
    why = law(most.rows)
    tail = Text(f" {why.id}.", f" {why.en}.") if most.rows else Text("", "")
    return Finding(
        "overstay",
        weight,
        Text(
            f"Tinggal {stayed} hari sejak {shown(days[0])} ({post}), yang diizinkan {most.text} hari "
            f"({permitted.basis.id}): lewat {over} hari.{tail.id}",
            f"Stayed {stayed} days since {shown(days[0])} ({post}), permitted {most.text} days "
            f"({permitted.basis.en}): {over} days over.{tail.en}",
        ),
        ("local_time", "person.nationality", "document.document_class"),
        (Compared(Text("hari tinggal", "days of stay"), str(stayed), most.text, agree=False),),
        rests_on=(last.id,),
        cites=most.rows,
        disputed=most.disputed,
        data={"days_over": over},
    )
