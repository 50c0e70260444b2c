"""Rules on the travel document itself: its zone, and whether it was reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text, same
from tapal.kinds.crossing.codes import (
    ZONE_FIELDS,
    state_said,
)
from tapal.kinds.crossing.keys import document_key

_NUMBER = Text("nomor dokumen", "document number")
_LISTED = Text(
    "Dokumen {state} {number} tercantum pada daftar “{roll}” ({authority}). Ini tentang dokumennya, "
    "bukan orangnya: pemegangnya mungkin pemilik yang menemukannya kembali. Periksa dokumen itu.",
    "Document {number} of {state} stands on the list “{roll}” ({authority}). This is about the "
    "document, not the person: its holder may be the owner who found it again. Examine the document.",
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
        path = numbers.get(document_key("", hit.number), "document")
        said = _LISTED.fill(
            state=state_said(hit.country),
            number=hit.number,
            roll=hit.list_label,
            authority=hit.authority or "-",
        )
        yield Finding(
            "document_reported_lost",
            Weight.ALERT,
            said if hit.since is None else _retrospective(said, hit.since),
            _path_fields(path),
            (Compared(_NUMBER, hit.number, hit.number, agree=True),),
            about=hit.entity_id,
            data={"entry": hit.entity_id, "roll": hit.list_code},
        )


_SINCE = Text(
    "{said} Retrospektif: baru dilaporkan di sini sejak {day}, setelah perlintasan ini.",
    "{said} Retrospective: reported here only since {day}, after this crossing.",
)


def _retrospective(said: Text, since: date) -> Text:
    return _SINCE.fill(said=said, day=f"{since:%d-%m-%Y}")


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
