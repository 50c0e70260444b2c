"""From what was typed, or stands in a list, to a body of the kind."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tapal.core.country import HOME
from tapal.core.reading import ReadContext
from tapal.kinds.phyto import codes, model
from tapal.kinds.phyto.clocks import zone_of
from tapal.kinds.phyto.forms import InspectionRecord, PaperCertificate, PaperItem
from tapal.kinds.phyto.quarantine import Inspection, PhytoBody


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
    return body, _instant(at)


def _instant(at: datetime) -> datetime | None:
    """The time in UTC; None without a zone, and at the ends of the calendar where there is none."""
    try:
        return at.astimezone(UTC) if at.tzinfo else None
    except OverflowError:
        return None
