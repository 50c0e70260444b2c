"""Read IPPC ePhytos: an SPSCertificate becomes the body of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from tapal.core.country import HOME
from tapal.core.reading import Draft, Header, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats import sps
from tapal.kinds.phyto import attachments, codes, conformance, model
from tapal.kinds.phyto.issued import issued_as
from tapal.kinds.phyto.lines import line_item
from tapal.kinds.phyto.quarantine import PhytoBody, Unplaced


def sniff(data: bytes) -> int:
    """Sure when the head of the bytes names an SPSCertificate; unsure for an envelope of text."""
    if sps.looks_like(data):
        return 95
    return 40 if b"ephyto.ippc.int" in data else 0


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield a draft for each certificate, a rejection for what holds none or has no number."""
    try:
        results = sps.read(data)
    except sps.Unreadable as error:
        yield _unreadable(error, data)
        return
    yield from _header(results)
    for result in results:
        if isinstance(result, sps.Unreadable):
            yield _unreadable(result, b"")
        else:
            yield _draft(result, context)


def _header(results: Iterable[sps.Found | sps.Unreadable]) -> Iterator[Header]:
    """The hub's delivery, when the message is one delivery and no more."""
    envelopes = [r.envelope for r in results if isinstance(r, sps.Found) and r.envelope]
    if len(envelopes) == 1 and envelopes[0].delivery_number:
        yield Header(envelopes[0].sender, envelopes[0].delivery_number)


def _unreadable(error: sps.Unreadable, data: bytes) -> Rejection:
    return Rejection(
        place=f"{error.place} line {error.line}",
        reason=Text(
            f"Tidak ada SPSCertificate yang terbaca: {error.reason}",
            f"No readable SPSCertificate: {error.reason}",
        ),
        mend=Text(
            "Minta pengirim mengirim ulang berkas XML yang utuh, tanpa DOCTYPE.",
            "Ask the sender for the whole XML file again, without a DOCTYPE.",
        ),
        raw=data[:2000].decode("utf-8", "replace"),
    )


def _draft(found: sps.Found, context: ReadContext) -> Draft | Rejection:
    document = found.certificate.document
    if document is None or not document.id:
        return Rejection(
            place=f"{found.place}/SPSExchangedDocument/ID line {found.line}",
            reason=Text(
                "Sertifikat tanpa nomor tidak dapat dicocokkan dengan apa pun.",
                "A certificate without a number can be matched with nothing.",
            ),
            mend=Text(
                "Isi nomor sertifikat pada unsur ID, lalu putar ulang.",
                "Fill in the certificate's number in the ID element, then replay.",
            ),
        )
    moment = document.issued.value if document.issued else None
    aware = isinstance(moment, datetime) and moment.tzinfo is not None
    said = body(found, document)
    return Draft(
        place=found.place,
        body=said,
        occurred_at=moment if isinstance(moment, datetime) and aware else None,
        occurred_text=document.issued.text if document.issued else "",
        findings=tuple(conformance.findings(found.problems)),
        sent=issued_as(said, found.problems, context),
    )


def body(found: sps.Found, document: sps.ExchangedDocument) -> PhytoBody:
    """The certificate's values under the kind's own names; what has none stays a note."""
    consignment = found.certificate.consignment or sps.Consignment()
    lines = [
        line_item(line, group.cargo.type_code if group.cargo else "")
        for group in consignment.items
        for line in group.lines
    ]
    return PhytoBody(
        statement="certificate",
        source="ephyto",
        direction=direction(consignment),
        certificate=_certificate(document, consignment, found.envelope),
        exporter=_trader(consignment.consignor, consignment.export_country),
        consignee=_trader(consignment.consignee, consignment.import_country),
        consignment=_journey(document, consignment),
        items=lines or None,
        declarations=[
            model.Declaration(text=words.text, language=words.language or None)
            for words in _subject(document, "ADEDL")
        ]
        or None,
        notes=_notes(document),
        unplaced=_unplaced(document, found.problems),
        references=[_reference(one) for one in document.references] or None,
        envelope=_envelope(found.envelope),
    )


def direction(consignment: sps.Consignment) -> str | None:
    """Which way the goods go, seen from here; None when the certificate names others only."""
    if _country(consignment.import_country) == HOME:
        return "import"
    if _country(consignment.export_country) == HOME:
        return "export"
    return "transit" if HOME in map(_country, consignment.transit_countries) else None


def _certificate(
    document: sps.ExchangedDocument,
    consignment: sps.Consignment,
    envelope: sps.Envelope | None,
) -> model.Certificate:
    signing = document.authentication or sps.Authentication()
    provider = signing.provider or sps.Provider()
    sender = codes.alpha3(envelope.sender) if envelope else ""
    return model.Certificate(
        number=document.id,
        issuing_country=_country(consignment.export_country) or sender or None,
        type_code=document.type_code or None,
        status_code=document.status_code or None,
        name=document.name or None,
        issued=document.issued.text if document.issued else None,
        issuer=document.issuer.name or None if document.issuer else None,
        place=signing.place.name or None if signing.place else None,
        signed=signing.actual.text if signing.actual else None,
        provider=provider.name or None,
        signatory=provider.person.name or None if provider.person else None,
        clauses=[one.content for one in signing.clauses if one.content] or None,
        import_permit=_first(document, "ADIPEDL"),
        replaces=_first(document, "ADRPN"),
        replaces_reason=_first(document, "ADRPR"),
        replaces_date=_first(document, "ADRD"),
    )


# Subjects that have a field of their own when they hold one text.
_SINGLE = frozenset({"ADIPEDL", "ADRPN", "ADRPR", "ADRD"})
_LISTED = frozenset({"ADEDL", "DMCL"})


def _subject(document: sps.ExchangedDocument, subject: str) -> list[sps.Words]:
    return [w for note in document.notes if note.subject == subject for w in note.contents]


def _first(document: sps.ExchangedDocument, subject: str) -> str | None:
    return next((words.text for words in _subject(document, subject)), None)


def _notes(document: sps.ExchangedDocument) -> list[model.Note] | None:
    """Every note without a field of its own, and the repeats of those that have one."""
    kept, seen = [], set()
    for note in document.notes:
        for words in note.contents:
            single = note.subject in _SINGLE and note.subject not in seen
            seen.add(note.subject)
            if not single and note.subject not in _LISTED and not note.subject.startswith("/"):
                language = words.language or None
                kept.append(model.Note(subject=note.subject, text=words.text, language=language))
    return kept or None


# Departures from the schema whose text stands nowhere else in the body.
_NO_PLACE = frozenset({"unknown_element", "unknown_attribute", "repeated", "stray_text"})


def _unplaced(
    document: sps.ExchangedDocument, problems: Iterable[sps.Problem]
) -> list[Unplaced] | None:
    """Texts outside the schema; our own writer hands them on as notes whose subject is their place."""
    told = [Unplaced(place=p.place, text=p.detail) for p in problems if p.code in _NO_PLACE]
    kept = [
        Unplaced(place=note.subject, text=words.text)
        for note in document.notes
        for words in note.contents
        if note.subject.startswith("/")
    ]
    return [one for one in (*kept, *told) if one.text] or None


def _country(country: sps.Country | None) -> str | None:
    if country is None or country.id is None:
        return None
    return codes.alpha3(country.id.text)


def _name(country: sps.Country | None) -> str | None:
    return country.name or None if country else None


def _journey(document: sps.ExchangedDocument, consignment: sps.Consignment) -> model.Consignment:
    entry = consignment.unloading_place
    examined = consignment.examination.place if consignment.examination else None
    return model.Consignment(
        export_country=_country(consignment.export_country),
        export_country_name=_name(consignment.export_country),
        import_country=_country(consignment.import_country),
        import_country_name=_name(consignment.import_country),
        transit_countries=[
            _country(one) or one.name for one in consignment.transit_countries if one
        ]
        or None,
        point_of_entry=entry.id.text if entry and entry.id else None,
        point_of_entry_name=_name(entry),
        examined_at=examined.name or None if examined else None,
        marks=[words.text for words in _subject(document, "DMCL")] or None,
        transport=[
            model.Transport(
                mode=one.mode or None,
                number=one.id or None,
                means=one.means.name or None if one.means else None,
            )
            for one in consignment.movements
        ]
        or None,
        containers=[
            model.Container(number=one.id or None, seal=one.seal.id or None if one.seal else None)
            for one in consignment.equipment
            if one.id or (one.seal and one.seal.id)
        ]
        or None,
    )


def _trader(found: sps.Party | None, country: sps.Country | None) -> model.Trader | None:
    if found is None:
        return None
    address = found.address or sps.Address()
    lines = (address.one, address.two, address.three, address.four, address.five)
    return model.Trader(
        name=found.name or None,
        country=_country(country),
        ids=[model.Identifier(number=c.text, scheme=c.scheme or None) for c in found.ids] or None,
        address=[line for line in lines if line] or None,
    )


def _reference(found: sps.ReferencedDocument) -> model.Reference:
    information, named = attachments.split(found.information.text if found.information else "")
    if found.attachment:
        attached = found.attachment
        named = {
            "filename": attached.filename or None,
            "size": attached.size,
            "sha256": attached.sha256,
            "whole": attached.decoded,
        }
    return model.Reference(
        number=found.id.text if found.id else None,
        scheme=found.id.scheme or None if found.id else None,
        type_code=found.type_code.text if found.type_code else None,
        type_list=found.type_code.scheme or None if found.type_code else None,
        relationship=found.relationship or None,
        issued=found.issued.text if found.issued else None,
        information=information or None,
        language=found.information.language or None if found.information else None,
        **named,
    )


def _envelope(found: sps.Envelope | None) -> model.Envelope | None:
    if found is None:
        return None
    return model.Envelope(
        sender=found.sender or None,
        receiver=found.receiver or None,
        delivery_number=found.delivery_number or None,
        tracking=found.tracking or None,
    )
