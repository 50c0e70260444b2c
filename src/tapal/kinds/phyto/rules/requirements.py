"""What a consignment must carry: the certificate's parts, the right sort, the declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import LegalRow
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text
from tapal.data.states import state_said
from tapal.kinds.phyto import codes
from tapal.kinds.phyto.clocks import arrival_day
from tapal.kinds.phyto.rules.sure import unsure

_DECLARATION: Final = "quarantine.required_declaration"
# Parts that ISPM 12's model certificate has, by body path.
_PARTS: Final[Mapping[str, Text]] = {
    "certificate.issued": Text("tanggal terbit", "date of issue"),
    "certificate.issuer": Text("instansi penerbit", "issuing organisation"),
    "exporter.name": Text("eksportir", "exporter"),
    "consignee.name": Text("penerima", "consignee"),
    "consignment.export_country": Text("negara pengirim", "exporting country"),
    "consignment.import_country": Text("negara tujuan", "importing country"),
    "items": Text("uraian barang", "description of the goods"),
}


@rule(Text("Sertifikat tidak lengkap", "Certificate incomplete"))
def certificate_incomplete(record: RecordView, context: Context) -> Iterator[Finding]:
    """Parts of the model certificate are empty, botanical names and origins of items included.

    Source: ISPM 12, model phytosanitary certificate.
    """
    if record.get("statement") != "certificate":
        return
    missing = {path: label for path, label in _PARTS.items() if not record.get(path)}
    items = record.get("items") or ()
    if any(not item.get("scientific_names") for item in items):
        missing["items.scientific_names"] = Text("nama ilmiah", "botanical name")
    if any(not _origins(item) for item in items):
        missing["items.origins.country"] = Text("negara asal", "country of origin")
    if not missing:
        return
    yield Finding(
        "certificate_incomplete",
        Weight.LOOK,
        Text(
            "Bagian sertifikat yang kosong: " + ", ".join(t.id for t in missing.values()) + ".",
            "Empty parts of the certificate: " + ", ".join(t.en for t in missing.values()) + ".",
        ),
        fields=tuple("items.sequence" if path == "items" else path for path in missing),
    )


# Any: an item is JSON.
def _origins(item: Mapping[str, Any]) -> list[str]:
    return [one["country"] for one in item.get("origins") or () if one.get("country")]


@rule(Text("Perlu sertifikat re-ekspor", "Re-export certificate needed"))
def re_export_certificate_needed(record: RecordView, context: Context) -> Iterator[Finding]:
    """Goods that grew elsewhere come under a plain certificate (851), or a re-export one names none.

    Source: ISPM 12: what was imported and is sent on needs a certificate for re-export (657) with
    the original one; goods in transit, or grown elsewhere and then in the exporting country, don't.
    """
    exporting = record.get("consignment.export_country")
    kind = record.get("certificate.type_code")
    items = record.get("items") or ()
    foreign = sorted({c for item in items for c in _origins(item)} - {exporting})
    unnamed = any(not item.get("original_certificate") for item in items)
    if kind == codes.RE_EXPORT and unnamed:
        said = Text(
            "Sertifikat re-ekspor tanpa nomor sertifikat asal.",
            "A certificate for re-export without the original certificate's number.",
        )
        fields = ("items.original_certificate", "certificate.type_code")
    elif kind == "851" and exporting and foreign and unnamed:
        said = Text(
            "Barang asal {foreign} dikirim dari {here} tanpa sertifikat re-ekspor (657).",
            "Goods of {foreign} sent from {here} without a certificate for re-export (657).",
        ).fill(foreign=_listed(foreign), here=state_said(exporting))
        fields = ("items.origins.country", "certificate.type_code")
    else:
        return
    yield Finding("re_export_certificate_needed", Weight.LOOK, said, fields=fields)


def _listed(states: list[str]) -> Text:
    said = [state_said(state) for state in states]
    return Text(", ".join(each.id for each in said), ", ".join(each.en for each in said))


@rule(
    Text("Keterangan tambahan wajib tidak ada", "Required declaration missing"),
    legal=[_DECLARATION],
)
def required_declaration_missing(record: RecordView, context: Context) -> Iterator[Finding]:
    """An additional declaration that the import requirement asks of this commodity and origin is absent.

    It counts as given when a declaration of the item or the consignment names the pest or holds the
    required words. Source: legal rows quarantine.required_declaration (commodity, origin).
    """
    if record.get("direction") != "import" or record.get("statement") != "certificate":
        return
    day = arrival_day(record, context.places)
    common = [one["text"] for one in record.get("declarations") or ()]
    for item in record.get("items") or ():
        given = common + [one["text"] for one in item.get("declarations") or ()]
        said = codes.latin(" ".join(given))
        asked = {
            row.id: row
            for origin in _origins(item)
            for row in context.legal.rows(
                _DECLARATION, day, commodity=item.get("commodity") or "", origin=origin
            )
        }
        for row in asked.values():
            if isinstance(row.value, Mapping) and not _declared(row.value, said):
                yield _missing(item, row, given)


def _declared(wanted: Mapping[str, Any], said: str) -> bool:
    names = (codes.latin(str(wanted.get(name) or "")) for name in ("pest", "text_en", "text_id"))
    return any(name in said for name in names if name)


def _missing(item: Mapping[str, Any], row: LegalRow, given: list[str]) -> Finding:
    wanted = row.value["pest"]
    words = row.value.get("text_en") or wanted
    number, tail = item.get("sequence") or "-", unsure([row])
    return Finding(
        "required_declaration_missing",
        Weight.ALERT if row.confidence == "checked" else Weight.LOOK,
        Text(
            f"Barang {number}: keterangan tambahan tentang {wanted} tidak ada.{tail.id}",
            f"Item {number}: no additional declaration on {wanted}.{tail.en}",
        ),
        fields=("items.commodity", "items.declarations.text", "declarations.text"),
        compared=(
            Compared(
                Text("Keterangan tambahan", "Additional declaration"),
                "; ".join(given)[:200] or "-",
                str(words),
                agree=False,
            ),
        ),
        cites=(row,),
        about=f"{number}:{row.id}",
    )
