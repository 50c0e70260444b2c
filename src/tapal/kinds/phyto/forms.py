"""Typed forms: a paper certificate, and an inspection by itself; and bodies as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from tapal.core.country import HOME
from tapal.core.kind import Form
from tapal.core.reading import Draft, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats.sps import Moment
from tapal.kinds.phyto import codes, model, words
from tapal.kinds.phyto.act_forms import Answers, Result
from tapal.kinds.phyto.clocks import zone_of
from tapal.kinds.phyto.complaints import complaint
from tapal.kinds.phyto.marks import goods, paper, party
from tapal.kinds.phyto.quarantine import Inspection, Pest, PhytoBody

MAX_BYTES: Final = 8 * 1024 * 1024
Draw = Callable[[Any, ReadContext], tuple[PhytoBody, datetime | None, str]]


class PaperItem(Answers):
    """One line of goods as a paper certificate describes it."""

    scientific_name: Annotated[str | None, goods("Nama ilmiah", "Botanical name")] = None
    common_name: Annotated[str | None, goods("Nama umum", "Common name")] = None
    description: Annotated[str | None, goods("Uraian", "Description")] = None
    hs_code: Annotated[str | None, goods("Kode HS", "HS code")] = None
    origin_country: Annotated[str | None, goods("Negara asal", "Country of origin")] = None
    net_weight_kg: Annotated[
        Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,3})?$")] | None,
        goods("Berat bersih (kg)", "Net weight (kg)"),
    ] = None
    packages: Annotated[str | None, goods("Jumlah kemasan", "Number of packages")] = None
    package_type: Annotated[str | None, goods("Jenis kemasan", "Package type")] = None
    treatment: Annotated[str | None, goods("Perlakuan", "Treatment")] = None
    declaration: Annotated[str | None, paper("Keterangan tambahan", "Additional declaration")] = (
        None
    )


class NamesCertificate(Answers):
    """The two things by which a certificate is known."""

    certificate_number: Annotated[
        Annotated[str, Field(min_length=1, max_length=70)],
        paper("Nomor sertifikat", "Certificate number"),
    ]
    issuing_country: Annotated[
        Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}$")],
        paper("Negara penerbit", "Issuing country"),
    ]


class PaperCertificate(NamesCertificate):
    """A certificate on paper, typed by the officer who holds it."""

    certificate_type: Annotated[
        Literal["851", "657"], paper("Jenis", "Type", codes.CERTIFICATE_TYPES)
    ] = "851"
    issued: Annotated[date | None, paper("Tanggal terbit", "Issued")] = None
    valid_until: Annotated[date | None, paper("Berlaku sampai", "Valid until")] = None
    issuer: Annotated[str | None, paper("Instansi penerbit", "Issuing organisation")] = None
    place: Annotated[str | None, paper("Tempat terbit", "Place of issue")] = None
    signatory: Annotated[str | None, party("Penanda tangan", "Authorised officer")] = None
    exporter_name: Annotated[str | None, party("Eksportir", "Exporter")] = None
    exporter_address: Annotated[str | None, party("Alamat eksportir", "Exporter's address")] = None
    consignee_name: Annotated[str | None, party("Penerima", "Consignee")] = None
    consignee_address: Annotated[str | None, party("Alamat penerima", "Consignee's address")] = None
    consignee_number: Annotated[str | None, party("NPWP atau NIB penerima", "Tax number")] = None
    import_country: Annotated[str, goods("Negara tujuan", "Importing country")] = HOME
    import_permit: Annotated[str | None, paper("Nomor izin impor", "Import permit")] = None
    transport_mode: Annotated[
        Literal["1", "2", "3", "4", "5", "8"] | None, goods("Moda", "Mode", words.MODES)
    ] = None
    transport_number: Annotated[
        str | None, goods("Nomor kendaraan atau perjalanan", "Plate or voyage")
    ] = None
    container: Annotated[str | None, goods("Nomor kontainer", "Container number")] = None
    seal: Annotated[str | None, goods("Nomor segel", "Seal number")] = None
    declaration: Annotated[str | None, paper("Keterangan tambahan", "Additional declaration")] = (
        None
    )
    items: Annotated[list[PaperItem] | None, Text("Barang", "Goods")] = None


class InspectionRecord(NamesCertificate):
    """An inspection told by itself, tied to a certificate by its number."""

    inspected_at: Annotated[datetime, goods("Waktu pemeriksaan", "Inspected at")]
    result: Annotated[Result, goods("Hasil", "Result", words.RESULTS)]
    method: Annotated[str | None, goods("Cara pemeriksaan", "Method")] = None
    sampled: Annotated[str | None, goods("Jumlah contoh", "Sample")] = None
    laboratory: Annotated[str | None, goods("Laboratorium", "Laboratory")] = None
    remarks: Annotated[str | None, paper("Catatan", "Remarks")] = None
    officer: Annotated[str | None, party("Petugas", "Officer")] = None
    pests: Annotated[list[Pest] | None, Text("OPT yang ditemukan", "Pests found")] = None


def paper_body(given: PaperCertificate) -> PhytoBody:
    """The typed certificate under the names that an ePhyto's has."""
    issuing, there = codes.alpha3(given.issuing_country), codes.alpha3(given.import_country)
    way = {"import": there == HOME, "export": issuing == HOME}
    stage = model.Transport(mode=given.transport_mode, number=given.transport_number)
    box = model.Container(number=given.container, seal=given.seal)
    numbers = [model.Identifier(number=given.consignee_number)] if given.consignee_number else None
    return PhytoBody(
        statement="certificate",
        source="paper",
        direction=next((name for name, holds in way.items() if holds), None),
        certificate=model.Certificate(
            number=given.certificate_number,
            issuing_country=issuing,
            type_code=given.certificate_type,
            status_code="70",
            issued=given.issued.isoformat() if given.issued else None,
            valid_until=given.valid_until.isoformat() if given.valid_until else None,
            issuer=given.issuer,
            place=given.place,
            signatory=given.signatory,
            import_permit=given.import_permit,
        ),
        exporter=_trader(given.exporter_name, given.exporter_address, issuing, None),
        consignee=_trader(given.consignee_name, given.consignee_address, there, numbers),
        consignment=model.Consignment(
            export_country=issuing,
            import_country=there,
            transport=[stage] if stage != model.Transport() else None,
            containers=[box] if box != model.Container() else None,
        ),
        items=[_paper_item(number, one) for number, one in enumerate(given.items or (), 1)] or None,
        declarations=_declarations(given.declaration),
    )


def _trader(
    name: str | None, address: str | None, country: str, ids: list[model.Identifier] | None
) -> model.Trader | None:
    if not (name or address or ids):
        return None
    return model.Trader(name=name, country=country, ids=ids, address=[address] if address else None)


def _declarations(text: str | None) -> list[model.Declaration] | None:
    return [model.Declaration(text=text)] if text else None


def _paper_item(number: int, one: PaperItem) -> model.Item:
    names = [one.scientific_name] if one.scientific_name else []
    kilos = one.net_weight_kg
    weight = model.Quantity(value=Decimal(kilos), unit="KGM") if kilos else None
    note = model.Note(subject="TTFT", text=one.treatment) if one.treatment else None
    return model.Item(
        sequence=str(number),
        scientific_names=names or None,
        common_names=[one.common_name] if one.common_name else None,
        descriptions=[one.description] if one.description else None,
        hs_code=one.hs_code,
        commodity=codes.commodity(one.hs_code or "", names) or None,
        net_weight=weight,
        packages=[model.Package(level="1", type_code=one.package_type, count=one.packages)]
        if one.packages
        else None,
        origins=[model.Origin(country=codes.alpha3(one.origin_country))]
        if one.origin_country
        else None,
        declarations=_declarations(one.declaration),
        treatments=[model.Treatment(notes=[note])] if note else None,
    )


def inspection_body(
    given: InspectionRecord, context: ReadContext
) -> tuple[PhytoBody, datetime | None]:
    """The inspection as a statement of its own; a time without zone is the post's wall clock.

    Where no post is known either, the instant is None and the text stays as it came.
    """
    at = given.inspected_at
    if at.tzinfo is None and context.post is not None:
        at = at.replace(tzinfo=zone_of(context.post.id, {context.post.id: context.post}))
    body = PhytoBody(
        statement="inspection",
        source="inspection",
        direction=None,
        certificate=model.Certificate(
            number=given.certificate_number, issuing_country=codes.alpha3(given.issuing_country)
        ),
        inspection=Inspection(
            inspected_at=at.isoformat(),
            result=given.result,
            method=given.method,
            sampled=given.sampled,
            laboratory=given.laboratory,
            remarks=given.remarks,
            officer=given.officer,
        ),
        pests=given.pests or None,
    )
    return body, at.astimezone(UTC) if at.tzinfo else None


def _draw_paper(value: Any, context: ReadContext) -> tuple[PhytoBody, datetime | None, str]:
    body = paper_body(PaperCertificate.model_validate(value))
    return body, None, body.certificate.issued or ""


def _draw_inspection(value: Any, context: ReadContext) -> tuple[PhytoBody, datetime | None, str]:
    given = InspectionRecord.model_validate(value)
    body, at = inspection_body(given, context)
    return body, at, given.inspected_at.isoformat()


def _draw_body(value: Any, context: ReadContext) -> tuple[PhytoBody, datetime | None, str]:
    body = PhytoBody.model_validate(value)
    issued = body.certificate.issued or ""
    at = Moment(issued).value
    aware = isinstance(at, datetime) and at.tzinfo is not None
    return body, at if isinstance(at, datetime) and aware else None, issued


def reader(draw: Draw) -> Callable[[bytes, ReadContext], Iterator[Item]]:
    """A reader of one JSON object or a list of them, each drawn into a body by `draw`."""

    def read(data: bytes, context: ReadContext) -> Iterator[Item]:
        try:
            if len(data) > MAX_BYTES:
                raise ValueError(f"{len(data)} bytes, more than {MAX_BYTES}")
            told = json.loads(data)
        except (ValueError, RecursionError) as error:
            yield rejection("$", Text(f"JSON tidak terbaca: {error}", f"unreadable JSON: {error}"))
            return
        rows = told if isinstance(told, list) else [told]
        for number, row in enumerate(rows):
            place = f"$[{number}]" if isinstance(told, list) else "$"
            try:
                body, at, text = draw(row, context)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                wrong = complaint(first)
                yield rejection(f"{place}.{where}".rstrip("."), wrong, str(row)[:500])
                continue
            yield Draft(place=place, body=body, occurred_at=at, occurred_text=text)

    return read


read_paper: Final = reader(_draw_paper)
read_inspection: Final = reader(_draw_inspection)
read_body: Final = reader(_draw_body)


def rejection(place: str, wrong: Text, raw: str = "") -> Rejection:
    """A part that could not become a record."""
    return Rejection(
        place=place,
        reason=Text(f"Isian tidak sesuai: {wrong.id}.", f"The entry does not fit: {wrong.en}."),
        mend=Text("Perbaiki isian itu, lalu putar ulang.", "Mend that entry, then replay."),
        raw=raw,
    )


def write_bodies(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """Bodies as a JSON list in UTF-8, as `read_body` reads them."""
    return json.dumps(list(bodies), ensure_ascii=False, indent=1).encode()


def sniffer(*words_: bytes) -> Callable[[bytes], int]:
    """Fairly sure when the JSON's head holds all these words."""

    def sniff(data: bytes) -> int:
        head = data.lstrip(b"\xef\xbb\xbf \t\r\n")
        return 85 if head[:1] in (b"{", b"[") and all(word in data for word in words_) else 0

    return sniff


FORMS: Final = (
    Form(
        "paper_certificate",
        Text("Sertifikat kertas", "Paper certificate"),
        PaperCertificate,
        "phyto_paper",
        "s",
    ),
    Form(
        "inspection",
        Text("Hasil pemeriksaan", "Inspection result"),
        InspectionRecord,
        "phyto_inspection",
        "p",
        time="inspected_at",
    ),
)
