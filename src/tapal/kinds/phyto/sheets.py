"""The numbered letter that each act gives to the owner, on paper (UU 21/2019 art. 70)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tapal.core.actions import Page, Sheet
from tapal.core.legal import CONFIDENCE_LABELS
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text, same
from tapal.kinds.phyto import words
from tapal.kinds.phyto.clocks import arrival_day, instant, single, zone_of

_BEFORE_CUSTOMS: Final = "quarantine.before_customs"
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


# Any: an act is JSON, here and below.
def _newest(record: RecordView, name: str) -> Mapping[str, Any]:
    """The newest act of that name, empty when it was not taken."""
    taken = [act for act in record.get("acts") or () if act.get("act") == name]
    return taken[-1] if taken else {}


def _letter(name: str) -> Sheet:
    """The letter of one act; it can be printed again at any time."""

    def render(record: RecordView, context: Context, language: str) -> Page:
        return _page(_newest(record, name), record, context, language)

    label = words.ACTS[name]
    return Sheet(
        f"letter_{name}",
        Text(f"Surat {label.id.lower()}", f"Letter of {label.en.lower()}"),
        lambda record: bool(_newest(record, name)),
        render,
        lambda record: _LANGUAGES,
    )


def _page(act: Mapping[str, Any], record: RecordView, context: Context, language: str) -> Page:
    """The act with its number, ground and clock, room for an objection, and both signatures."""
    label = words.ACTS.get(str(act.get("act")), same(str(act.get("act"))))
    rows = [*_act_rows(act, record, context, language), *_goods_rows(record)]
    said = [str(act["details"])] if act.get("details") else []
    return Page(
        title=Text(f"Surat {label.id} (karantina tumbuhan)", f"{label.en} (plant quarantine)"),
        rows=tuple(rows),
        paragraphs=(*said, *_before_customs(record, context, language), _OBJECTION.say(language)),
        signatures=_SIGNED,
        language=language,
    )


def _before_customs(record: RecordView, context: Context, language: str) -> list[str]:
    """That quarantine comes before the customs declaration, with the law that says so, for imports."""
    settled = context.legal.settle(_BEFORE_CUSTOMS, arrival_day(record, context.places))
    if record.get("direction") != "import" or single(settled) is not True:
        return []
    row = settled.rows[0]
    sure = CONFIDENCE_LABELS[row.confidence].say(language)
    tail = "" if row.confidence == "checked" else f" ({sure})"
    said = Text(
        "Tindakan karantina mendahului pemberitahuan pabean, kecuali ada perjanjian pemeriksaan bersama",
        "Quarantine acts come before the customs declaration, unless a joint inspection was agreed",
    )
    return [f"{said.say(language)}. {row.citation}{tail}"]


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
    return f"{at.astimezone(zone):%d-%m-%Y %H:%M %Z}" if at else str(text or "")


SHEETS: Final = tuple(_letter(name) for name in words.ACTS)
