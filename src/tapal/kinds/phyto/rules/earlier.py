"""What earlier and later statements say of the same certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tapal.core.finding import Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text
from tapal.kinds.phyto import codes
from tapal.kinds.phyto.naming import certificate_key, plain

# Days around a record in which others with the same certificate are looked at: a withdrawal comes later.
SAME_CERTIFICATE: Final = History(keys=("certificate",), days=365, later=True)


def _same(record: RecordView, context: Context) -> Iterator[RecordView]:
    """Other statements about the very same certificate."""
    ours = _key(record)
    return (other for other in context.history if _key(other) == ours)


def _key(record: RecordView) -> object:
    country = str(record.get("certificate.issuing_country") or "")
    return certificate_key(country, str(record.get("certificate.number") or ""))


@rule(
    Text("Sertifikat ditarik menurut pernyataan lain", "Withdrawn by another statement"),
    history=SAME_CERTIFICATE,
)
def certificate_withdrawn_elsewhere(record: RecordView, context: Context) -> Iterator[Finding]:
    """Another statement about the same certificate says that it was withdrawn or rejected.

    Source: IPPC ePhyto: a withdrawal is sent as the same certificate with another status.
    """
    for other in _same(record, context):
        code = str(other.get("certificate.status_code") or "")
        if codes.status_effect(code) != "void" or _void(record):
            continue
        yield Finding(
            "certificate_withdrawn_elsewhere",
            Weight.ALERT,
            _declared(code, f"{other.received_at:%d-%m-%Y}"),
            fields=("certificate.number",),
            rests_on=(other.id,),
            about=other.id,
        )


def _void(record: RecordView) -> bool:
    return codes.status_effect(str(record.get("certificate.status_code") or "")) == "void"


def _declared(code: str, day: str) -> Text:
    label = codes.CERTIFICATE_STATUS[code]
    return Text(
        f"Sertifikat yang sama dinyatakan {label.id.lower()} (status {code}), diterima {day}.",
        f"The same certificate was declared {label.en.lower()} (status {code}), received {day}.",
    )


@rule(Text("Sertifikat sudah diganti", "Certificate replaced"), history=SAME_CERTIFICATE)
def certificate_replaced(record: RecordView, context: Context) -> Iterator[Finding]:
    """Another certificate of the same issuer says that it replaces this one.

    Source: IPPC ePhyto note ADRPN (number of the replaced certificate).
    """
    number = plain(str(record.get("certificate.number") or ""))
    country = record.get("certificate.issuing_country")
    for other in context.history:
        replaced = plain(str(other.get("certificate.replaces") or ""))
        if replaced != number or other.get("certificate.issuing_country") != country:
            continue
        yield Finding(
            "certificate_replaced",
            Weight.ALERT,
            Text(
                "Sertifikat ini telah digantikan oleh nomor {new}.",
                "This certificate has been replaced by number {new}.",
            ).fill(new=other.get("certificate.number")),
            fields=("certificate.number", "certificate.replaces"),
            rests_on=(other.id,),
            about=other.id,
        )


@rule(Text("Sertifikat pernah dipakai", "Certificate used before"), history=SAME_CERTIFICATE)
def certificate_used_before(record: RecordView, context: Context) -> Iterator[Finding]:
    """The same certificate already released, or had refused or destroyed, goods at another post.

    One certificate covers one consignment (ISPM 12).
    """
    for other in _same(record, context):
        ended = other.get("state") in ("released", "refused", "destroyed", "left")
        if not ended or other.place == record.place or record.get("state") != "open":
            continue
        yield Finding(
            "certificate_used_before",
            Weight.ALERT,
            Text(
                "Sertifikat ini sudah dipakai di {place} untuk barang lain.",
                "This certificate was already used at {place} for other goods.",
            ).fill(place=_place_name(other, context)),
            fields=("certificate.number",),
            rests_on=(other.id,),
            about=other.id,
        )


def _place_name(record: RecordView, context: Context) -> str:
    held = context.places.get(record.place or "")
    return held.name if held else record.place or "-"
