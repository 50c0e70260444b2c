"""Plant consignments at the posts, as the ePhyto that the neighbour's service issues."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from random import Random

from tapal.formats import sps
from tapal.simulation.names import make_name


@dataclass(frozen=True, slots=True)
class Goods:
    """A plant product of one origin, with the declaration that is asked for it (if any)."""

    origin: str
    english: str
    botanical: str
    hs: str
    declaration: str = ""


# Declarations as in the example rows of quarantine.required_declaration, all unchecked.
GOODS = (
    Goods("TLS", "Coffee beans, not roasted", "Coffea arabica", "090111",
          "The consignment was fumigated against Hypothenemus hampei (coffee berry borer)."),
    Goods("TLS", "Mandarins, fresh", "Citrus reticulata", "080521",
          "Free from Candidatus Liberibacter asiaticus (huanglongbing)."),
    Goods("TLS", "Tamarind", "Tamarindus indica", "081340"),
    Goods("TLS", "Candlenut", "Aleurites moluccanus", "080290"),
    Goods("MYS", "Pepper, black", "Piper nigrum", "090411"),
    Goods("MYS", "Durian, fresh", "Durio zibethinus", "081060"),
    Goods("PNG", "Vanilla, dried", "Vanilla planifolia", "090510"),
    Goods("PNG", "Cocoa beans", "Theobroma cacao", "180100",
          "Free from Conopomorpha cramerella (cocoa pod borer)."),
)  # fmt: skip

_ISSUERS = {
    "TLS": ("TL", "Timor-Leste", "Diresaun Nasional Kuarentena no Biosekuransa", "Batugade", 9),
    "MYS": ("MY", "Malaysia", "Jabatan Pertanian Sarawak", "Tebedu", 8),
    "PNG": ("PG", "Papua New Guinea", "National Agriculture Quarantine and Inspection Authority",
            "Wutung", 10),
}  # fmt: skip
_INSPECTION = (
    "nomor_sertifikat",
    "negara_penerbit",
    "waktu_pemeriksaan",
    "hasil",
    "opt",
    "kode_eppo",
    "hidup",
)
PESTS = {"LIBEAS": ("Candidatus Liberibacter asiaticus", "LIBEAS")}
_CULTURES = {"TLS": "tetun", "MYS": "malay", "PNG": "png"}
POSTS = {"TLS": ("PLBN-11", "PLBN Motaain"), "MYS": ("PLBN-02", "PLBN Entikong"),
         "PNG": ("PLBN-16", "PLBN Skouw")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shipment:
    """One certificate to be written. `status` and `type_code` are the ePhyto's own codes.

    `grown_in` is another country of origin than the exporter's (code, name); `pest` is what the
    inspection finds; `broken` cuts the file.
    """

    number: str
    goods: Goods
    issued: date
    weight_kg: int
    exporter: str
    consignee: str
    signatory: str
    plate: str
    status: str = "70"
    type_code: str = "851"
    declared: bool = True
    grown_in: tuple[str, str] = ("", "")
    pest: str = ""
    tag: str = ""
    broken: bool = False


def make_shipment(rng: Random, goods: Goods, day: date, count: int, plate: str) -> Shipment:
    """A faultless shipment of these goods that comes on a day."""
    code = _ISSUERS[goods.origin][0]
    return Shipment(
        number=f"{code}{day:%y}{count:05d}",
        goods=goods,
        issued=day - timedelta(days=rng.randrange(1, 5)),
        weight_kg=rng.randrange(80, 4000),
        exporter=make_name(rng, _CULTURES[goods.origin], "M").full,
        consignee=f"UD {make_name(rng, 'chindo', 'M').primary} Tani",
        signatory=make_name(rng, _CULTURES[goods.origin], "F").full,
        plate=plate,
    )


def write_certificate(shipment: Shipment) -> bytes:
    """The ePhyto as XML; a `broken` one ends in the middle, as after a lost connection."""
    data = sps.write(sps.Certificate(document=_document(shipment), consignment=_goods(shipment)))
    return data[: len(data) * 2 // 3] if shipment.broken else data


def write_inspections(shipments: Sequence[Shipment], day: date) -> tuple[bytes, list[str]]:
    """The quarantine officers' list of inspections of a day; for each shipment, its row."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_INSPECTION)
    for shipment in shipments:
        name, eppo = PESTS.get(shipment.pest, ("", ""))
        *_, hours = _ISSUERS[shipment.goods.origin]
        at = datetime.combine(day, time(13, 15), timezone(timedelta(hours=hours))).isoformat()
        found = "pest_found" if shipment.pest else "free"
        alive = "ya" if shipment.pest else ""
        writer.writerow([shipment.number, shipment.goods.origin, at, found, name, eppo, alive])
    return text.getvalue().encode(), [f"row {row}" for row, _ in enumerate(shipments, 2)]


def _document(shipment: Shipment) -> sps.ExchangedDocument:
    _, _, issuer, place, hours = _ISSUERS[shipment.goods.origin]
    zone = timezone(timedelta(hours=hours))
    moment = sps.Moment(datetime.combine(shipment.issued, time(9, 30), zone).isoformat())
    notes: tuple[sps.DocumentNote, ...] = ()
    if shipment.declared and shipment.goods.declaration:
        content = (sps.Words(shipment.goods.declaration, "en"),)
        notes = (sps.DocumentNote(subject="ADEDL", contents=content),)
    return sps.ExchangedDocument(
        id=shipment.number,
        type_code=shipment.type_code,
        status_code=shipment.status,
        issued=moment,
        issuer=sps.Named(name=issuer),
        notes=notes,
        authentication=sps.Authentication(
            actual=moment,
            place=sps.Named(name=place),
            provider=sps.Provider(name=issuer, person=sps.Named(name=shipment.signatory)),
        ),
    )


def _goods(shipment: Shipment) -> sps.Consignment:
    goods = shipment.goods
    code, country, *_ = _ISSUERS[goods.origin]
    post, post_name = POSTS[goods.origin]
    grown, grown_name = shipment.grown_in if shipment.grown_in[0] else (code, country)
    line = sps.LineItem(
        sequence="1",
        descriptions=(sps.Words(goods.english, "en"),),
        common_names=(sps.Words(goods.english, "en"),),
        scientific_names=(sps.Words(goods.botanical, "la"),),
        net_weight=sps.Measure(str(shipment.weight_kg), "KGM"),
        classifications=(sps.Classification(system="HS", code=goods.hs),),
        packages=(
            sps.Package(level="4", type_code="BG", quantity=str(shipment.weight_kg // 40 + 1)),
        ),
        origins=(sps.Origin(id=sps.Code(grown), name=grown_name),),
    )
    return sps.Consignment(
        consignor=sps.Party(name=shipment.exporter),
        consignee=sps.Party(name=shipment.consignee),
        export_country=sps.Country(id=sps.Code(code), name=country),
        import_country=sps.Country(id=sps.Code("ID"), name="Indonesia"),
        unloading_place=sps.Country(id=sps.Code(post), name=post_name),
        # Mode 3 is road (UNECE Recommendation 19); the lorry's plate is its number.
        movements=(sps.Movement(id=shipment.plate, mode="3", means=sps.Named(name="lorry")),),
        items=(sps.ConsignmentItem(lines=(line,)),),
    )
