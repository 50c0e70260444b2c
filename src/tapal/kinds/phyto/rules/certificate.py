"""What the certificate says of itself: status, dates, type, destination."""

from __future__ import annotations

from collections.abc import Iterator

from tapal.core.country import HOME
from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text
from tapal.data.states import state_said
from tapal.kinds.phyto import codes
from tapal.kinds.phyto.clocks import arrival_day, day_of, shown, single, zone_of
from tapal.kinds.phyto.rules.sure import unsure

_UNSURE = Text(" (arti kode belum diverifikasi)", " (the code's meaning is unchecked)")
_MAX_AGE = "quarantine.certificate_max_age_days"


@rule(Text("Sertifikat ditarik penerbitnya", "Certificate withdrawn"))
def certificate_withdrawn(record: RecordView, context: Context) -> Iterator[Finding]:
    """The certificate's status says that its issuer withdrew or rejected it.

    Source: IPPC ePhyto StatusCode; meanings of 40 and 41 are inferred and shown as unchecked.
    """
    code = str(record.get("certificate.status_code") or "")
    if codes.status_effect(code) != "void":
        return
    label = codes.CERTIFICATE_STATUS[code]
    sure = _UNSURE if codes.status_confidence(code) != "checked" else Text("", "")
    yield Finding(
        "certificate_withdrawn",
        Weight.ALERT,
        Text(
            f"Sertifikat berstatus {code}, {label.id.lower()}{sure.id}: tanyakan kepada penerbitnya sebelum dipakai.",
            f"The certificate's status is {code}, {label.en.lower()}{sure.en}: ask its issuer before it is used.",
        ),
        fields=("certificate.status_code", "certificate.number"),
    )


@rule(Text("Status sertifikat tidak dikenal", "Unknown certificate status"))
def certificate_status_unknown(record: RecordView, context: Context) -> Iterator[Finding]:
    """The status of an ePhyto is none that says whether it was issued or withdrawn, or is not given.

    Source: IPPC ePhyto StatusCode, as far as its codes are known here (codes/certificate_status.csv).
    """
    code = str(record.get("certificate.status_code") or "")
    if codes.status_effect(code) or (not code and record.get("source") != "ephyto"):
        return
    known = codes.CERTIFICATE_STATUS.get(code)
    label = Text(f" ({known.id.lower()})", f" ({known.en.lower()})") if known else Text("", "")
    code = code or "-"
    yield Finding(
        "certificate_status_unknown",
        Weight.LOOK,
        Text(
            f"Status sertifikat {code}{label.id} tidak berarti telah terbit: tanyakan kepada penerbitnya.",
            f"Certificate status {code}{label.en} does not say that it was issued: ask its issuer.",
        ),
        fields=("certificate.status_code", "certificate.number"),
    )


@rule(Text("Masa berlaku sertifikat habis", "Certificate expired"))
def certificate_expired(record: RecordView, context: Context) -> Iterator[Finding]:
    """The certificate's own last day of validity lies before the day of arrival at the post."""
    last = day_of(record.get("certificate.valid_until"), zone_of(record.place, context.places))
    arrived = arrival_day(record, context.places)
    if last is None or last >= arrived:
        return
    yield Finding(
        "certificate_expired",
        Weight.ALERT,
        Text(
            "Sertifikat berlaku sampai {last}; barang tiba {arrived}.",
            "The certificate was valid until {last}; the goods arrived on {arrived}.",
        ).fill(last=shown(last), arrived=shown(arrived)),
        fields=("certificate.valid_until",),
        compared=(_days("Berlaku sampai", "Valid until", str(last), str(arrived)),),
    )


@rule(Text("Sertifikat bertanggal sesudah tiba", "Certificate dated after arrival"))
def certificate_not_yet_valid(record: RecordView, context: Context) -> Iterator[Finding]:
    """The certificate is dated after the day of arrival: it was issued for goods already on the way.

    Source: ISPM 12, a certificate is issued before dispatch.
    """
    issued = day_of(record.get("certificate.issued"), zone_of(record.place, context.places))
    arrived = arrival_day(record, context.places)
    if issued is None or issued <= arrived or record.get("direction") == "export":
        return
    yield Finding(
        "certificate_not_yet_valid",
        Weight.ALERT,
        Text(
            "Sertifikat bertanggal {issued}, sesudah barang tiba {arrived}.",
            "The certificate is dated {issued}, after the goods' arrival on {arrived}.",
        ).fill(issued=shown(issued), arrived=shown(arrived)),
        fields=("certificate.issued",),
        compared=(_days("Tanggal terbit", "Issued", str(issued), str(arrived)),),
    )


@rule(Text("Sertifikat terlalu lama", "Certificate too old"), legal=[_MAX_AGE])
def certificate_too_old(record: RecordView, context: Context) -> Iterator[Finding]:
    """More days lie between issue and arrival than the legal row allows; silent until it is entered.

    Source: legal row quarantine.certificate_max_age_days (days).
    """
    issued = day_of(record.get("certificate.issued"), zone_of(record.place, context.places))
    arrived = arrival_day(record, context.places)
    settled = context.legal.settle(_MAX_AGE, arrived)
    allowed = single(settled)
    if issued is None or not isinstance(allowed, int) or (arrived - issued).days <= allowed:
        return
    age, tail = (arrived - issued).days, unsure(settled.rows)
    yield Finding(
        "certificate_too_old",
        Weight.ALERT if settled.certain else Weight.LOOK,
        Text(
            f"Sertifikat terbit {age} hari sebelum tiba; batasnya {allowed} hari.{tail.id}",
            f"The certificate was issued {age} days before arrival; the limit is {allowed}.{tail.en}",
        ),
        fields=("certificate.issued",),
        compared=(_days("Tanggal terbit", "Issued", str(issued), str(arrived)),),
        cites=settled.rows,
    )


@rule(Text("Jenis sertifikat tidak sesuai", "Wrong type of certificate"))
def certificate_wrong_type(record: RecordView, context: Context) -> Iterator[Finding]:
    """The document is neither a phytosanitary certificate (851) nor one for re-export (657).

    Source: UN/CEFACT SPSCertificate TypeCode; ISPM 12.
    """
    if record.get("statement") != "certificate":
        return
    code = str(record.get("certificate.type_code") or "")
    if code in codes.PHYTOSANITARY:
        return
    label = codes.CERTIFICATE_TYPES.get(code, Text("jenis tidak dikenal", "an unknown type"))
    yield Finding(
        "certificate_wrong_type",
        Weight.ALERT,
        Text(
            f"Jenis dokumen {code or '-'} ({_inside(label.id)}) bukan sertifikat fitosanitari.",
            f"Document type {code or '-'} ({_inside(label.en)}) is no phytosanitary certificate.",
        ),
        fields=("certificate.type_code",),
    )


@rule(Text("Sertifikat untuk negara lain", "Certificate for another country"))
def certificate_for_other_country(record: RecordView, context: Context) -> Iterator[Finding]:
    """Neither destination, transit nor dispatch of the certificate is Indonesia."""
    destination = record.get("consignment.import_country")
    if record.get("statement") != "certificate" or record.get("direction") or not destination:
        return
    yield Finding(
        "certificate_for_other_country",
        Weight.LOOK,
        Text(
            "Sertifikat ditujukan kepada {there}, bukan {here}.",
            "The certificate is addressed to {there}, not to {here}.",
        ).fill(there=state_said(str(destination)), here=state_said(HOME)),
        fields=("consignment.import_country",),
        compared=(
            Compared(
                Text("Negara tujuan", "Importing country"),
                state_said(str(destination)),
                state_said(HOME),
                agree=False,
            ),
        ),
    )


def _inside(label: str) -> str:
    """A label within a sentence: without its capital, abbreviations as they are."""
    return label[:1].lower() + label[1:]


def _days(id_: str, en: str, ours: str, arrived: str) -> Compared:
    return Compared(Text(f"{id_} / tiba", f"{en} / arrived"), ours, arrived, agree=False)
