"""Write bodies as ePhytos that validate against the IPPC hub's schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.formats import sps
from tapal.kinds.phyto import attachments, codes

# What the schema requires and a paper certificate may lack: UNECE 1001 "mutually defined",
# UNECE Rec 19 "mode not specified".
_OTHER_DOCUMENT: Final = "ZZZ"
_MODE_UNKNOWN: Final = "0"

# Any: bodies are JSON shaped by PhytoBody.
Body = Mapping[str, Any]


def write(bodies: Sequence[Body]) -> bytes:
    """Return one SPSCertificate, or several under one root.

    Attached files are not part of a body: a reference names their file and hash in its text.
    Raises Rejected, naming the place, for a body that cannot be written so that it validates.
    """
    written = [_write(body) for body in bodies]
    if len(written) == 1:
        return written[0]
    inner = b"".join(one.split(b"?>", 1)[1] for one in written)
    return b"<?xml version='1.0' encoding='UTF-8'?>\n<Certificates>" + inner + b"</Certificates>\n"


def _write(body: Body) -> bytes:
    try:
        return sps.write(certificate(body))
    except sps.NotConforming as error:
        place, _, wrong = error.reasons[0].partition(": ")
        raise Rejected(
            Text(f"Tidak dapat ditulis sebagai ePhyto: {wrong}", f"No ePhyto: {wrong}"),
            Text("Lengkapi bidang itu.", "Complete that field."),
            place=place,
        ) from error


def certificate(body: Body) -> sps.Certificate:
    """The body under the format's names."""
    return sps.Certificate(_document(body), _consignment(body))


def _text(part: Body | None, name: str) -> str:
    return str((part or {}).get(name) or "")


def _moment(part: Body, name: str) -> sps.Moment | None:
    return sps.Moment(_text(part, name)) if part.get(name) else None


def _code(text: str, scheme: str = "") -> sps.Code | None:
    return sps.Code(text, scheme) if text else None


def _named(text: str) -> sps.Named | None:
    return sps.Named(text) if text else None


def _words(texts: Iterable[str] | None) -> tuple[sps.Words, ...]:
    return tuple(sps.Words(text) for text in texts or ())


def _document(body: Body) -> sps.ExchangedDocument:
    head: Body = body["certificate"]
    provider = sps.Provider(_text(head, "provider"), _named(_text(head, "signatory")))
    clauses = tuple(
        sps.Clause(str(number), text) for number, text in enumerate(head.get("clauses") or (), 1)
    )
    signing = sps.Authentication(
        _moment(head, "signed"),
        _named(_text(head, "place")),
        provider if provider != sps.Provider() else None,
        clauses,
    )
    return sps.ExchangedDocument(
        name=_text(head, "name"),
        id=_text(head, "number"),
        type_code=_text(head, "type_code"),
        status_code=_text(head, "status_code"),
        issued=_moment(head, "issued"),
        issuer=_named(_text(head, "issuer")),
        notes=tuple(_document_notes(body)),
        references=tuple(_reference(one) for one in body.get("references") or ()),
        authentication=signing if signing != sps.Authentication() else None,
    )


def _document_notes(body: Body) -> Iterable[sps.DocumentNote]:
    head: Body = body["certificate"]
    journey: Body = body.get("consignment") or {}
    singles = (
        ("ADIPEDL", "import_permit"),
        ("ADRPN", "replaces"),
        ("ADRPR", "replaces_reason"),
        ("ADRD", "replaces_date"),
    )
    for one in body.get("declarations") or ():
        yield _note("ADEDL", one["text"], _text(one, "language"))
    for subject, name in singles:
        if head.get(name):
            yield _note(subject, head[name])
    for mark in journey.get("marks") or ():
        yield _note("DMCL", mark)
    for one in body.get("notes") or ():
        yield _note(one["subject"], one["text"], _text(one, "language"))
    for one in body.get("unplaced") or ():
        yield _note(one["place"], one["text"])


def _note(subject: str, text: str, language: str = "") -> sps.DocumentNote:
    return sps.DocumentNote(subject, (sps.Words(text, language),))


def _reference(one: Body) -> sps.ReferencedDocument:
    information = _text(one, "information")
    if one.get("sha256"):
        information = f"{information} {attachments.note(one)}".strip()
    return sps.ReferencedDocument(
        issued=_moment(one, "issued"),
        type_code=sps.Code(_text(one, "type_code") or _OTHER_DOCUMENT, _text(one, "type_list")),
        relationship=_text(one, "relationship"),
        id=_code(_text(one, "number"), _text(one, "scheme")),
        information=sps.Words(information, _text(one, "language")) if information else None,
    )


def _country(part: Body, name: str) -> sps.Country | None:
    code, title = _text(part, name), _text(part, f"{name}_name")
    country = sps.Country(_code(codes.alpha2(code)), title)
    return country if code or title else None


def _party(part: Body | None) -> sps.Party | None:
    if not part:
        return None
    lines = [*(part.get("address") or ()), "", "", "", "", ""][:5]
    ids = tuple(sps.Code(one["number"], _text(one, "scheme")) for one in part.get("ids") or ())
    return sps.Party(_text(part, "name"), ids, sps.Address(*lines) if any(lines) else None)


def _consignment(body: Body) -> sps.Consignment:
    journey: Body = body.get("consignment") or {}
    entry = sps.Country(
        _code(_text(journey, "point_of_entry")), _text(journey, "point_of_entry_name")
    )
    examined = _named(_text(journey, "examined_at"))
    numbered = list(enumerate(body.get("items") or (), 1))
    return sps.Consignment(
        consignor=_party(body.get("exporter")),
        consignee=_party(body.get("consignee")),
        export_country=_country(journey, "export_country"),
        import_country=_country(journey, "import_country"),
        transit_countries=tuple(
            sps.Country(sps.Code(codes.alpha2(one)))
            for one in journey.get("transit_countries") or ()
        ),
        unloading_place=entry if entry != sps.Country() else None,
        examination=sps.Examination(examined) if examined else None,
        movements=tuple(
            sps.Movement(
                _text(one, "number"),
                _text(one, "mode") or _MODE_UNKNOWN,
                _named(_text(one, "means")),
            )
            for one in journey.get("transport") or ()
        ),
        equipment=tuple(
            sps.Equipment(_text(one, "number"), sps.Seal(one["seal"]) if one.get("seal") else None)
            for one in journey.get("containers") or ()
        ),
        items=tuple(
            sps.ConsignmentItem(
                sps.Cargo(cargo) if cargo else None,
                tuple(_line(number, item) for number, item in group),
            )
            for cargo, group in groupby(numbered, key=lambda pair: _text(pair[1], "cargo_type"))
        ),
    )


def _measure(part: Body, name: str) -> sps.Measure | None:
    held = part.get(name)
    return sps.Measure(str(held["value"]), _text(held, "unit")) if held else None


def _line(number: int, item: Body) -> sps.LineItem:
    return sps.LineItem(
        sequence=_text(item, "sequence") or str(number),
        descriptions=_words(item.get("descriptions")),
        common_names=_words(item.get("common_names")),
        scientific_names=_words(item.get("scientific_names")),
        intended_uses=_words(item.get("intended_uses")),
        net_weight=_measure(item, "net_weight"),
        gross_weight=_measure(item, "gross_weight"),
        net_volume=_measure(item, "net_volume"),
        gross_volume=_measure(item, "gross_volume"),
        notes=tuple(_line_notes(item)),
        classifications=tuple(_classes(item)),
        packages=tuple(
            sps.Package(_text(one, "level") or "1", _text(one, "type_code"), one["count"])
            for one in item.get("packages") or ()
        ),
        origins=tuple(_origin(one) for one in item.get("origins") or ()),
        processes=tuple(_process(one) for one in item.get("treatments") or ()),
    )


def _line_notes(item: Body) -> Iterable[sps.Note]:
    for one in item.get("declarations") or ():
        yield sps.Note("ADTLIL", (sps.Words(one["text"], _text(one, "language")),))
    for mark in item.get("marks") or ():
        yield sps.Note("DMTLIL", (sps.Words(mark),))
    if item.get("original_certificate"):
        yield sps.Note("RPCRF", _words([item["original_certificate"]]))
    if item.get("original_country"):
        yield sps.Note("RPCCO", _words([codes.alpha2(item["original_country"])]))
    for one in item.get("notes") or ():
        yield sps.Note(one["subject"], (sps.Words(one["text"], _text(one, "language")),))


def _classes(item: Body) -> Iterable[sps.Classification]:
    others = item.get("classifications") or ()
    if item.get("hs_code") and not any(_text(one, "system").upper() == "HS" for one in others):
        yield sps.Classification("HS", item["hs_code"])
    if item.get("eppo_code"):
        yield sps.Classification("EPPO", item["eppo_code"])
    for one in others:
        name = _text(one, "name")
        names = (sps.Words(name),) if name else ()
        yield sps.Classification(_text(one, "system"), _text(one, "code"), names)


def _origin(one: Body) -> sps.Origin:
    area = sps.Subdivision(_text(one, "area"), _text(one, "area_level"))
    return sps.Origin(
        _code(codes.alpha2(_text(one, "country"))),
        _text(one, "country_name"),
        area if area != sps.Subdivision() else None,
    )


def _process(one: Body) -> sps.Process:
    period = sps.Period(_moment(one, "started"), _moment(one, "ended"), _measure(one, "duration"))
    return sps.Process(
        _text(one, "process"),
        period if period != sps.Period() else None,
        tuple(_characteristics(one)),
    )


def _characteristics(one: Body) -> Iterable[sps.Characteristic]:
    for note in one.get("notes") or ():
        said = sps.Words(note["text"], _text(note, "language"))
        yield sps.Characteristic((sps.Words(note["subject"]), said))
    for chemical in one.get("chemicals") or ():
        yield sps.Characteristic(_words(["TTCH", chemical]))
    for code, name in (("TTCO", "concentration"), ("TTTM", "temperature")):
        if one.get(name):
            yield sps.Characteristic(_words([code]), _measure(one, name))
    for code, name in (("TTL1", "type_code"), ("TTL2", "detail_code")):
        if one.get(name):
            yield sps.Characteristic(_words([code, one[name]]))
