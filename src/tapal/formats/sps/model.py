"""The UN/CEFACT SPSCertificate (D17A) as plain dataclasses; field order is the schema's order.

Each field carries a `Child`, the one description that reader and writer share. Texts are kept as
sent, but for runs of white space; `value` properties read them.
Source: SPSCertificate:17, RABIE:21, UDT:21 as the IPPC ePhyto hub publishes them.
"""

# ruff: noqa: RUF009 (each default is made by a helper that calls dataclasses.field)

from __future__ import annotations

from dataclasses import dataclass

from tapal.formats.sps.parts import (
    BARE,
    SPS,
    Attachment,
    Code,
    Measure,
    Moment,
    Words,
    many,
    one,
    text,
)


@dataclass(frozen=True, slots=True)
class DocumentNote:
    subject: str = text("Subject")
    contents: tuple[Words, ...] = many("Content", Words, limit=1)


@dataclass(frozen=True, slots=True)
class Note:
    subject: str = text("Subject")
    contents: tuple[Words, ...] = many("Content", Words)


@dataclass(frozen=True, slots=True)
class ReferencedDocument:
    issued: Moment | None = one("IssueDateTime", Moment)
    type_code: Code | None = one("TypeCode", Code, required=True)
    relationship: str = text("RelationshipTypeCode")
    id: Code | None = one("ID", Code)
    attachment: Attachment | None = one("AttachmentBinaryObject", Attachment)
    information: Words | None = one("Information", Words)


@dataclass(frozen=True, slots=True)
class Named:
    name: str = text("Name")


@dataclass(frozen=True, slots=True)
class Provider:
    name: str = text("Name")
    person: Named | None = one("SpecifiedSPSPerson", Named)


@dataclass(frozen=True, slots=True)
class Clause:
    id: str = text("ID", required=True, check="int")
    content: str = text("Content")


@dataclass(frozen=True, slots=True)
class Authentication:
    actual: Moment | None = one("ActualDateTime", Moment)
    place: Named | None = one("IssueSPSLocation", Named)
    provider: Provider | None = one("ProviderSPSParty", Provider)
    clauses: tuple[Clause, ...] = many("IncludedSPSClause", Clause)


@dataclass(frozen=True, slots=True)
class ExchangedDocument:
    name: str = text("Name")
    id: str = text("ID")
    type_code: str = text("TypeCode", required=True, check="int")
    status_code: str = text("StatusCode", required=True, check="int")
    issued: Moment | None = one("IssueDateTime", Moment)
    issuer: Named | None = one("IssuerSPSParty", Named)
    notes: tuple[DocumentNote, ...] = many("IncludedSPSNote", DocumentNote)
    references: tuple[ReferencedDocument, ...] = many(
        "ReferenceSPSReferencedDocument", ReferencedDocument
    )
    authentication: Authentication | None = one("SignatorySPSAuthentication", Authentication)


@dataclass(frozen=True, slots=True)
class Address:
    one: str = text("LineOne")
    two: str = text("LineTwo")
    three: str = text("LineThree")
    four: str = text("LineFour")
    five: str = text("LineFive")


@dataclass(frozen=True, slots=True)
class Party:
    name: str = text("Name")
    ids: tuple[Code, ...] = many("TypeCode", Code)
    address: Address | None = one("SpecifiedSPSAddress", Address)


@dataclass(frozen=True, slots=True)
class Country:
    id: Code | None = one("ID", Code)
    name: str = text("Name")


@dataclass(frozen=True, slots=True)
class Subdivision:
    name: str = text("Name")
    level: str = text("HierarchicalLevelCode")


@dataclass(frozen=True, slots=True)
class Origin:
    id: Code | None = one("ID", Code)
    name: str = text("Name")
    subdivision: Subdivision | None = one("SubordinateSPSCountrySubDivision", Subdivision)


@dataclass(frozen=True, slots=True)
class Examination:
    place: Named | None = one("OccurrenceSPSLocation", Named)


@dataclass(frozen=True, slots=True)
class Movement:
    id: str = text("ID")
    mode: str = text("ModeCode", required=True, check="int")
    means: Named | None = one("UsedSPSTransportMeans", Named)


@dataclass(frozen=True, slots=True)
class Seal:
    id: str = text("ID", ns=BARE)


@dataclass(frozen=True, slots=True)
class Equipment:
    id: str = text("ID", ns=BARE)
    seal: Seal | None = one("AffixedSPSSeal", Seal)


@dataclass(frozen=True, slots=True)
class Classification:
    system: str = text("SystemName")
    code: str = text("ClassCode")
    names: tuple[Words, ...] = many("ClassName", Words)


@dataclass(frozen=True, slots=True)
class Package:
    level: str = text("LevelCode", required=True, check="int")
    type_code: str = text("TypeCode")
    quantity: str = text("ItemQuantity", required=True, check="number")


@dataclass(frozen=True, slots=True)
class Period:
    start: Moment | None = one("StartDateTime", Moment)
    end: Moment | None = one("EndDateTime", Moment)
    duration: Measure | None = one("DurationMeasure", Measure)


@dataclass(frozen=True, slots=True)
class Characteristic:
    descriptions: tuple[Words, ...] = many("Description", Words)
    value: Measure | None = one("ValueMeasure", Measure)


@dataclass(frozen=True, slots=True)
class Process:
    type_code: str = text("TypeCode")
    period: Period | None = one("CompletionSPSPeriod", Period)
    characteristics: tuple[Characteristic, ...] = many(
        "ApplicableSPSProcessCharacteristic", Characteristic
    )


@dataclass(frozen=True, slots=True)
class LineItem:
    sequence: str = text("SequenceNumeric", required=True, check="int")
    descriptions: tuple[Words, ...] = many("Description", Words)
    common_names: tuple[Words, ...] = many("CommonName", Words)
    scientific_names: tuple[Words, ...] = many("ScientificName", Words)
    intended_uses: tuple[Words, ...] = many("IntendedUse", Words)
    net_weight: Measure | None = one("NetWeightMeasure", Measure)
    gross_weight: Measure | None = one("GrossWeightMeasure", Measure)
    net_volume: Measure | None = one("NetVolumeMeasure", Measure)
    gross_volume: Measure | None = one("GrossVolumeMeasure", Measure)
    notes: tuple[Note, ...] = many("AdditionalInformationSPSNote", Note)
    classifications: tuple[Classification, ...] = many(
        "ApplicableSPSClassification", Classification
    )
    packages: tuple[Package, ...] = many("PhysicalSPSPackage", Package)
    origins: tuple[Origin, ...] = many("OriginSPSCountry", Origin)
    processes: tuple[Process, ...] = many("AppliedSPSProcess", Process)


@dataclass(frozen=True, slots=True)
class Cargo:
    type_code: str = text("TypeCode", ns=BARE)


@dataclass(frozen=True, slots=True)
class ConsignmentItem:
    cargo: Cargo | None = one("NatureIdentificationSPSCargo", Cargo, ns=BARE)
    lines: tuple[LineItem, ...] = many("IncludedSPSTradeLineItem", LineItem)


@dataclass(frozen=True, slots=True)
class Consignment:
    consignor: Party | None = one("ConsignorSPSParty", Party)
    consignee: Party | None = one("ConsigneeSPSParty", Party)
    export_country: Country | None = one("ExportSPSCountry", Country)
    import_country: Country | None = one("ImportSPSCountry", Country)
    transit_countries: tuple[Country, ...] = many("TransitSPSCountry", Country)
    unloading_place: Country | None = one("UnloadingBaseportSPSLocation", Country)
    examination: Examination | None = one("ExaminationSPSEvent", Examination)
    movements: tuple[Movement, ...] = many("MainCarriageSPSTransportMovement", Movement)
    # Senders with several containers repeat it, although the hub's schema allows one.
    equipment: tuple[Equipment, ...] = many("UtilizedSPSTransportEquipment", Equipment, limit=1)
    items: tuple[ConsignmentItem, ...] = many("IncludedSPSConsignmentItem", ConsignmentItem)


@dataclass(frozen=True, slots=True)
class Certificate:
    document: ExchangedDocument | None = one("SPSExchangedDocument", ExchangedDocument, ns=SPS)
    consignment: Consignment | None = one("SPSConsignment", Consignment, ns=SPS)
