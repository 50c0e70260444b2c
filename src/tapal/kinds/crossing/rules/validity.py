"""Rules on dates: how long a travel document and a visa hold, and dates that cannot all be true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tapal.core.country import HOME
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text
from tapal.kinds.crossing.citizenship import is_foreigner, may_be_citizen
from tapal.kinds.crossing.codes import (
    DOCUMENT_CLASSES,
)
from tapal.kinds.crossing.rules.facts import (
    Limit,
    day_of,
    first_day,
    last_day,
    limit,
    months_after,
    shown,
    unsure,
)

_OTHER = Text("dokumen", "document")
_DAY = Text("tanggal lintas", "day of crossing")
_EXPIRY = Text("berlaku sampai", "valid until")
_BORN = Text("tanggal lahir", "date of birth")
_ISSUED = Text("tanggal terbit", "date of issue")


@rule(Text("Masa berlaku dokumen habis", "Document expired"))
def document_expired(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a travel document whose last day of validity lies before the day of the crossing.

    The last day itself is a day of validity, at the post's calendar; of a date that is known in part
    the last day that it may mean counts. The entry of one who is, or may be, a citizen is clarified,
    not refused. A visa has a rule of its own. Source: ICAO Doc 9303; UU 6/2011 art. 8, 13, 14.
    """
    expires = record.get("document.expires")
    day = day_of(record, context)
    if not expires or last_day(expires) >= day or _is_visa(record.get("document") or {}):
        return
    ago = (day - last_day(expires)).days
    name = DOCUMENT_CLASSES.get(record.get("document.document_class") or "", _OTHER)
    more = Text("", "")
    if may_be_citizen(record) and record.get("direction") == "entry":
        more = Text(
            " Warga negara, atau mungkin warga negara: klarifikasi, bukan penolakan.",
            " A citizen, or perhaps one: clarify, do not refuse.",
        )
    yield Finding(
        "document_expired",
        Weight.ALERT,
        Text(
            f"Masa berlaku {name.id} habis {shown(last_day(expires))}, {ago} hari sebelum lintas.{more.id}",
            f"The {name.en} expired on {shown(last_day(expires))}, {ago} days before the crossing.{more.en}",
        ),
        ("document.expires", "document.document_class", "local_time"),
        (Compared(_EXPIRY, expires, day.isoformat(), agree=False),),
    )


@rule(
    Text("Masa berlaku dokumen hampir habis", "Document expires soon"),
    legal=("crossing.document_margin_months",),
)
def document_expires_soon(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a foreigner's document that is valid for less than the margin asked at entry.

    The margin is a legal row by direction and document class.
    """
    expires = record.get("document.expires")
    if not expires or not is_foreigner(record):
        return
    day = day_of(record, context)
    margin = _margin(record, context, day)
    if margin is None or last_day(expires) < day:
        return
    needed = months_after(day, int(margin.values[0]))
    if last_day(expires) >= needed:
        return
    yield Finding(
        "document_expires_soon",
        Weight.LOOK,
        Text(
            "Dokumen berlaku sampai {last}, kurang dari {months} bulan sejak masuk.{tail}",
            "The document is valid until {last}, less than {months} months from entry.{tail}",
        ).fill(last=shown(last_day(expires)), months=margin.said, tail=unsure(margin.rows)),
        ("document.expires", "local_time"),
        (Compared(_EXPIRY, expires, needed.isoformat(), agree=False),),
        cites=margin.rows,
        disputed=margin.disputed,
    )


def _margin(record: RecordView, context: Context, day: date) -> Limit | None:
    settled = context.legal.settle(
        "crossing.document_margin_months",
        day,
        direction=record.get("direction") or "",
        document_class=record.get("document.document_class") or "",
    )
    return limit(settled)


# Any: JSON.
def _is_visa(document: Mapping[str, Any]) -> bool:
    return document.get("document_class") == "visa"


@rule(Text("Visa sudah tidak berlaku", "Visa expired"))
def visa_expired(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a visa, alone or beside the passport, whose last day to seek entry lies before the entry.

    A visa is for coming in: on the way out its date says nothing (the stay has a rule of its own).
    Another State's visa does not count, and a citizen needs none. Source: ICAO Doc 9303 part 7.
    """
    if record.get("direction") not in ("entry", None) or not is_foreigner(record):
        return
    day = day_of(record, context)
    for index, path, visa in _our_visas(record):
        expires = visa.get("expires")
        if not expires or last_day(expires) >= day:
            continue
        number, last = visa.get("number") or "-", shown(last_day(expires))
        yield Finding(
            "visa_expired",
            Weight.ALERT if record.get("direction") == "entry" else Weight.LOOK,
            Text(
                f"Visa {number} hanya dapat dipakai masuk sampai {last}; hari ini {shown(day)}.",
                f"Visa {number} could be used to enter until {last}; the entry is on {shown(day)}.",
            ),
            (f"{path}.expires", f"{path}.document_class", f"{path}.number", "local_time"),
            (Compared(_EXPIRY, expires, day.isoformat(), agree=False),),
            about=f"visa {index}",
        )


# Any: JSON.
def _our_visas(record: RecordView) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Visas of this country among the documents: which one, under which part, and what it says."""
    further = record.get("further_documents") or ()
    held = [("document", record.get("document") or {})]
    held += [("further_documents", each) for each in further]
    for index, (path, each) in enumerate(held):
        if _is_visa(each) and each.get("issuing_state") in (None, "", HOME):
            yield index, path, each


@rule(Text("Tanggal saling bertentangan", "Dates contradict each other"))
def dates_contradict(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell dates that cannot all be true: born, or the document issued, after the crossing, and alike.

    Usually a slip of the pen or a century read wrongly; at times an altered document.
    """
    day = day_of(record, context)
    born, issued = record.get("person.birth_date"), record.get("document.issued")
    expires = record.get("document.expires")
    pairs = (
        ("person.birth_date", born, _BORN, "local_time", day.isoformat(), _DAY),
        ("document.issued", issued, _ISSUED, "local_time", day.isoformat(), _DAY),
        ("document.issued", issued, _ISSUED, "document.expires", expires, _EXPIRY),
        ("person.birth_date", born, _BORN, "document.issued", issued, _ISSUED),
    )
    for path, first, label, other, second, than in pairs:
        if not first or not second or first_day(first) <= last_day(second):
            continue
        yield Finding(
            "dates_contradict",
            Weight.LOOK,
            Text(
                f"{label.id.capitalize()} {shown(first_day(first))} sesudah {than.id} "
                f"{shown(last_day(second))}: salah satunya keliru. Cocokkan dengan dokumennya.",
                f"{label.en.capitalize()} {shown(first_day(first))} is after {than.en} "
                f"{shown(last_day(second))}: one is wrong. Compare with the document.",
            ),
            (path, other),
            (Compared(label, first, second, agree=False),),
            about=f"{path}:{other}",
        )
