"""The document that an act gives to the owner, and the record's own summary, on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tapal.core.actions import Page, Sheet
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text, same
from tapal.kinds.phyto import words
from tapal.kinds.phyto.clocks import instant, zone_of

_LANGUAGES: Final = ("id", "en")
_GROUNDS: Final = {**words.HOLD_GROUNDS, **words.REFUSAL_GROUNDS, **words.DESTRUCTION_GROUNDS}
_SIGNED: Final = (
    Text("Petugas karantina", "Quarantine officer"),
    Text("Pemilik atau kuasanya", "Owner or agent"),
)
_OBJECTION: Final = Text(
    "Keberatan pemilik (bila ada): ........................................................",
    "The owner's objection (if any): ......................................................",
)


def _ready(record: RecordView) -> bool:
    return bool(record.get("acts"))


def _act_letter(record: RecordView, context: Context, language: str) -> Page:
    """The newest act as a letter to the owner, with its number, ground, clock and both signatures."""
    act = record.get("acts")[-1]
    label = words.ACTS.get(str(act.get("act")), same(str(act.get("act"))))
    rows = [*_act_rows(act, record, context, language), *_goods_rows(record)]
    said = [str(act["details"])] if act.get("details") else []
    return Page(
        title=Text(f"Surat {label.id} (karantina tumbuhan)", f"{label.en} (plant quarantine)"),
        rows=tuple(rows),
        paragraphs=(*said, _OBJECTION.say(language)),
        signatures=_SIGNED,
        language=language,
    )


# Any: an act is JSON.
def _act_rows(
    act: Mapping[str, Any], record: RecordView, context: Context, language: str
) -> list[tuple[Text, str]]:
    ground = str(act.get("ground") or "")
    values = (
        (Text("Formulir", "Form"), act.get("form")),
        (Text("Nomor", "Number"), act.get("number")),
        (Text("Tanggal", "Date"), _local(act.get("issued_at"), record, context)),
        (Text("Dasar", "Ground"), _GROUNDS.get(ground, same(ground)).say(language)),
        (Text("Batas waktu", "Due"), _local(act.get("due_at"), record, context)),
        (Text("Petugas", "Officer"), act.get("issued_by")),
    )
    return [(label, str(value)) for label, value in values if value]


def _goods_rows(record: RecordView) -> list[tuple[Text, str]]:
    items = record.get("items") or ()
    names = [(one.get("scientific_names") or one.get("common_names") or ["-"])[0] for one in items]
    values = (
        (Text("Sertifikat", "Certificate"), record.get("certificate.number")),
        (Text("Negara penerbit", "Issuing country"), record.get("certificate.issuing_country")),
        (Text("Pemilik", "Owner"), record.get("consignee.name")),
        (Text("Barang", "Goods"), ", ".join(names)),
    )
    return [(label, str(value)) for label, value in values if value]


def _local(text: str | None, record: RecordView, context: Context) -> str:
    at = instant(text)
    zone = zone_of(record.place, context.places)
    return f"{at.astimezone(zone):%d-%m-%Y %H:%M} ({zone.key})" if at else str(text or "")


SHEETS: Final = (
    Sheet(
        "act_letter",
        Text("Surat tindakan karantina", "Letter of the quarantine act"),
        _ready,
        _act_letter,
        lambda record: _LANGUAGES,
    ),
)
