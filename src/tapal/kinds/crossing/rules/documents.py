"""Rules on the travel document itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tapal.core.country import HOME
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text, same
from tapal.kinds.crossing.citizenship import is_citizen, is_foreigner, may_be_citizen
from tapal.kinds.crossing.codes import (
    DOCUMENT_CLASSES,
    ZONE_FIELDS,
    state_known,
    state_said,
)
from tapal.kinds.crossing.keys import document_key
from tapal.kinds.crossing.rules.facts import (
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
    tail = unsure(margin.rows)
    yield Finding(
        "document_expires_soon",
        Weight.LOOK,
        Text(
            f"Dokumen berlaku sampai {shown(last_day(expires))}, kurang dari {margin.said.id} bulan "
            f"sejak masuk.{tail.id}",
            f"The document is valid until {shown(last_day(expires))}, less than {margin.said.en} months "
            f"from entry.{tail.en}",
        ),
        ("document.expires", "local_time"),
        (Compared(_EXPIRY, expires, needed.isoformat(), agree=False),),
        cites=margin.rows,
        disputed=margin.disputed,
    )


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
    further = record.get("further_documents") or ()
    held = (
        ("document", record.get("document") or {}),
        *(("further_documents", d) for d in further),
    )
    for index, (path, visa) in enumerate(held):
        expires = visa.get("expires")
        ours = visa.get("issuing_state") in (None, "", HOME)
        if not _is_visa(visa) or not ours or not expires or last_day(expires) >= day:
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


@rule(Text("Angka periksa salah", "Wrong check digit"))
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
    names = [ZONE_FIELDS.get(name, same(name)) for name in wrong]
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


@rule(
    Text("Dokumen dilaporkan hilang atau dicuri", "Document reported lost or stolen"), listed=True
)
def document_reported_lost(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a document whose number and issuing State stand on a list of lost or stolen documents.

    The hit concerns the document, never the person: he may be its rightful owner who found it
    again. Source: INTERPOL's stolen and lost travel document look-up is an exact match likewise.
    """
    numbers = dict(_numbers(record))
    for hit in context.listed:
        letters = document_key("", hit.number)
        path = numbers.get(letters, "document")
        yield Finding(
            "document_reported_lost",
            Weight.ALERT,
            Text(
                "Dokumen {state} {number} tercantum pada daftar “{roll}” ({authority}). Ini tentang "
                "dokumennya, bukan orangnya: pemegangnya mungkin pemilik yang menemukannya kembali. "
                "Periksa dokumen itu.",
                "Document {number} of {state} stands on the list “{roll}” ({authority}). This is about "
                "the document, not the person: its holder may be the owner who found it again. "
                "Examine the document.",
            ).fill(
                state=state_said(hit.country),
                number=hit.number,
                roll=hit.list_label,
                authority=hit.authority or "-",
            ),
            _path_fields(path),
            (
                Compared(
                    Text("nomor dokumen", "document number"), hit.number, hit.number, agree=True
                ),
            ),
            about=hit.entity_id,
            data={"entry": hit.entity_id, "roll": hit.list_code},
        )


def _numbers(record: RecordView) -> Iterator[tuple[str, str]]:
    """The numbers of the record's documents in letters and digits, with the part each stands in."""
    for each in record.get("companions") or ():
        yield document_key("", each.get("document_number")), "companions"
    for each in record.get("further_documents") or ():
        yield document_key("", each.get("number")), "further_documents"
    yield document_key("", record.get("document.number")), "document"


def _path_fields(path: str) -> tuple[str, str]:
    number = "document_number" if path == "companions" else "number"
    return f"{path}.{number}", f"{path}.issuing_state"


@rule(Text("Kewarganegaraan belum jelas", "Citizenship unclear"))
def citizenship_unclear(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell that a foreigner by his first nationality may be a citizen: by a second one, or a document of ours.

    His entry is clarified before anything else. Source: UU 6/2011 art. 13-14; UU 12/2006 gives
    children of mixed marriages two nationalities for a time.
    """
    first = record.get("person.nationality")
    if not first or first == HOME or not may_be_citizen(record):
        return
    if is_citizen(record):
        said = Text(
            "Kewarganegaraan tercatat {first} dan juga Indonesia: pastikan sebelum ada keputusan.",
            "The nationality is recorded as {first} and as Indonesian too: clarify before deciding.",
        ).fill(first=state_said(first))
    elif first == "XXX":
        said = Text(
            "Kewarganegaraan tidak disebut dalam dokumen (XXX): pastikan sebelum ada keputusan.",
            "The document states no nationality (XXX): clarify before deciding.",
        )
    else:
        said = Text(
            "Dokumen terbitan Indonesia, tetapi kewarganegaraannya tertulis {first}: pastikan sebelum "
            "ada keputusan.",
            "A document issued by Indonesia, yet the nationality reads {first}: clarify before deciding.",
        ).fill(first=state_said(first))
    yield Finding(
        "citizenship_unclear",
        Weight.LOOK,
        said,
        ("person.nationality", "person.other_nationalities", "document.issuing_state"),
    )


@rule(Text("Kode negara tidak dikenal", "Unknown State code"))
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
