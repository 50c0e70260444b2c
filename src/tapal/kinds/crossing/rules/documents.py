"""Rules on the travel document itself."""

from __future__ import annotations

from collections.abc import Iterator

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text, same
from tapal.kinds.crossing.codes import DOCUMENT_CLASSES, state_known
from tapal.kinds.crossing.rules.facts import (
    day_of,
    is_citizen,
    last_day,
    law,
    limit,
    months_after,
    shown,
)

_OTHER = Text("Dokumen", "Document")
_DAY = Text("tanggal lintas", "day of crossing")
_EXPIRY = Text("berlaku sampai", "valid until")

FIELD_NAMES = {
    "document_number": Text("nomor dokumen", "document number"),
    "birth": Text("tanggal lahir", "date of birth"),
    "expiry": Text("masa berlaku", "date of expiry"),
    "optional": Text("nomor pribadi", "personal number"),
    "composite": Text("gabungan", "composite"),
}
"""The fields that a check digit of a machine readable zone covers (ICAO Doc 9303)."""


@rule()
def document_expired(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a travel document whose last day of validity lies before the day of the crossing.

    A citizen's entry is clarified, not refused. Source: ICAO Doc 9303; UU 6/2011 art. 8, 13, 14.
    """
    expires = record.get("document.expires")
    day = day_of(record, context)
    if not expires or last_day(expires) >= day:
        return
    ago = (day - last_day(expires)).days
    name = DOCUMENT_CLASSES.get(record.get("document.document_class") or "", _OTHER)
    more = Text("", "")
    if is_citizen(record) and record.get("direction") == "entry":
        more = Text(
            " Warga negara: klarifikasi, bukan penolakan.", " A citizen: clarify, do not refuse."
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


@rule(legal=("crossing.document_margin_months",))
def document_expires_soon(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a foreigner's document that is valid for less than the margin asked at entry.

    The margin is a legal row by direction and document class.
    """
    expires = record.get("document.expires")
    if not expires or is_citizen(record):
        return
    day = day_of(record, context)
    margin = limit(
        context.legal.settle(
            "crossing.document_margin_months",
            day,
            direction=record.get("direction") or "",
            document_class=record.get("document.document_class") or "",
        )
    )
    if margin is None or last_day(expires) < day:
        return
    needed = months_after(day, int(margin.values[0]))
    if last_day(expires) >= needed:
        return
    why = law(margin.rows)
    yield Finding(
        "document_expires_soon",
        Weight.LOOK,
        Text(
            f"Dokumen berlaku sampai {shown(last_day(expires))}, kurang dari {margin.text} bulan. {why.id}.",
            f"The document is valid until {shown(last_day(expires))}, less than {margin.text} months. {why.en}.",
        ),
        ("document.expires", "local_time"),
        (Compared(_EXPIRY, expires, needed.isoformat(), agree=False),),
        cites=margin.rows,
        disputed=margin.disputed,
    )


@rule()
def check_digit_wrong(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell check digits of the machine readable zone that do not fit their fields.

    A misread character is the usual cause: where one reading explains it, it is suggested and the
    document scanned again. Without such an explanation the zone may be forged or altered.
    Source: ICAO Doc 9303 part 3, 4.9.
    """
    wrong = record.get("mrz.wrong") or []
    if not wrong:
        return
    suggestions = record.get("mrz.suggestions") or {}
    # The composite digit covers the other fields: it is wrong whenever one of them is.
    own = [name for name in wrong if name != "composite"] or wrong
    explained = all(name in suggestions for name in own)
    names = [FIELD_NAMES.get(name, same(name)) for name in wrong]
    text_id = f"Angka periksa salah pada: {', '.join(n.id for n in names)}."
    text_en = f"Wrong check digit for: {', '.join(n.en for n in names)}."
    if explained:
        perhaps = ", ".join(str(suggestions[name]) for name in own)
        text_id += f" Mungkin salah baca ({perhaps}): pindai ulang."
        text_en += f" Perhaps misread ({perhaps}): scan again."
    else:
        text_id += " Bandingkan zona baca mesin dengan halaman data dan cip."
        text_en += " Compare the zone with the data page and the chip."
    yield Finding(
        "check_digit_wrong",
        Weight.LOOK if explained else Weight.ALERT,
        Text(text_id, text_en),
        ("mrz.wrong", "mrz.lines", "mrz.suggestions"),
    )


@rule(listed=True)
def document_reported_lost(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a document whose number and issuing State stand on a list of lost or stolen documents.

    The hit concerns the document, never the person: he may be its rightful owner who found it
    again. Source: INTERPOL's stolen and lost travel document look-up is an exact match likewise.
    """
    for hit in context.listed:
        yield Finding(
            "document_reported_lost",
            Weight.ALERT,
            Text(
                f"Dokumen {hit.country} {hit.number} tercantum pada {hit.list_label} ({hit.authority}). "
                "Ini tentang dokumennya, bukan orangnya: periksa dokumen dan pemegangnya.",
                f"Document {hit.country} {hit.number} is on the list “{hit.list_label}” ({hit.authority}). "
                "This is about the document, not the person: verify it and its holder.",
            ),
            ("document.number", "document.issuing_state"),
            (
                Compared(
                    Text("nomor dokumen", "document number"),
                    str(record.get("document.number") or ""),
                    hit.number,
                    agree=True,
                ),
            ),
            about=hit.entity_id,
            data={"entry": hit.entity_id, "roll": hit.list_code},
        )


@rule()
def state_code_unknown(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a nationality or issuing State that is no code of ISO 3166 or ICAO Doc 9303."""
    for path, label in (
        ("person.nationality", Text("Kewarganegaraan", "Nationality")),
        ("document.issuing_state", Text("Negara penerbit", "Issuing State")),
    ):
        code = record.get(path)
        if code and not state_known(code):
            yield Finding(
                "state_code_unknown",
                Weight.LOOK,
                Text(
                    f"{label.id} “{code}” bukan kode negara yang dikenal.",
                    f"{label.en} “{code}” is no known State code.",
                ),
                (path,),
                about=path,
            )
