"""Read SPSCertificates from any wrapping; what does not conform is reported, never raised."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from tapal.formats.sps.model import Certificate
from tapal.formats.sps.walk import Problem, Walk, path_of
from tapal.formats.xml_safe import MAX_BYTES, Unreadable, line_of, local_name, parse

# Certificates read from one document.
MAX_CERTIFICATES: Final = 1_000
_HEADER: Final = {
    "From": "sender",
    "To": "receiver",
    "CertificateType": "certificate_type",
    "CertificateStatus": "certificate_status",
    "NPPOCertificateNumber": "certificate_number",
    "hubDeliveryNumber": "delivery_number",
    "HUBTrackingInfo": "tracking",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """The hub's header around a certificate."""

    sender: str = ""
    receiver: str = ""
    certificate_type: str = ""
    certificate_status: str = ""
    certificate_number: str = ""
    delivery_number: str = ""
    tracking: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One certificate, where it stood, its problems, and its attachments' bytes by SHA-256."""

    certificate: Certificate
    place: str
    line: int
    problems: tuple[Problem, ...] = ()
    envelope: Envelope | None = None
    attachments: dict[str, bytes] = field(default_factory=dict)


def looks_like(data: bytes) -> bool:
    """Tell from the first 64 KB whether the bytes may hold an SPSCertificate."""
    head = data[:65536]
    return b"SPSCertificate" in head or "SPSCertificate".encode("utf-16-le") in head


def read(data: bytes) -> tuple[Found | Unreadable, ...]:
    """Return each certificate in the document, or why one of several could not be read.

    Accepts a bare SPSCertificate, one inside SOAP or hub envelopes, and one that an envelope
    carries as escaped text. Raises Unreadable when there is nothing to return.
    """
    try:
        found = _collect(parse(data), "", 0, nested=False)
    except Unreadable:
        found = _salvaged(data)
        if not any(isinstance(one, Found) for one in found):
            raise
    if not found:
        raise Unreadable("/", 0, "no SPSCertificate element")
    return tuple(found)


_ROOT = re.compile(
    rb"(?:<\?xml\b[^>]{0,200}\?>\s{0,99})?<((?:[\w.-]{1,40}:)?(?:SPSCertificate|Envelope))\b"
)


def _salvaged(data: bytes) -> list[Found | Unreadable]:
    """The certificates of documents that stand one after another, or have other text around them."""
    found: list[Found | Unreadable] = []
    if len(data) > MAX_BYTES or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return found
    spans, around = _documents(data)
    for number, (start, end) in enumerate(spans, 1):
        prefix = f"/document[{number}]" if len(spans) > 1 else ""
        line = data.count(b"\n", 0, start)
        try:
            found += _collect(parse(data[start:end]), prefix, line, nested=False)
        except Unreadable as error:
            found.append(Unreadable(prefix + error.place, line + error.line, error.reason))
    stray = b" ".join(b" ".join(around).split())[:80].decode("utf-8", "replace")
    told = (Problem("stray_text", "/", 1, stray),) if stray else ()
    return [_with_problems(one, told) for one in found]


def _documents(data: bytes) -> tuple[list[tuple[int, int]], list[bytes]]:
    """Where whole documents begin and end, and what stands around them."""
    spans: list[tuple[int, int]] = []
    around, position = [], 0
    while len(spans) < MAX_CERTIFICATES and (match := _ROOT.search(data, position)):
        closing = b"</" + match[1] + b">"
        end = data.find(closing, match.end())
        if end < 0:
            break
        around.append(data[position : match.start()])
        position = end + len(closing)
        spans.append((match.start(), position))
    return spans, [*around, data[position:]]


def _with_problems(one: Found | Unreadable, told: tuple[Problem, ...]) -> Found | Unreadable:
    return replace(one, problems=(*told, *one.problems)) if isinstance(one, Found) else one


def _collect(
    root: etree._Element, prefix: str, line: int, *, nested: bool
) -> list[Found | Unreadable]:
    found: list[Found | Unreadable] = []
    for element in root.iter():
        if len(found) >= MAX_CERTIFICATES:
            reason = f"more than {MAX_CERTIFICATES} certificates: the rest was not read"
            return [*found, Unreadable(prefix + "/", line + line_of(element), reason)]
        if local_name(element) == "SPSCertificate":
            found.append(_certificate(element, prefix, line))
        elif not nested and _carries_text(element):
            found.extend(_unwrap(element, prefix, line))
    return found


def _certificate(element: etree._Element, prefix: str, line: int) -> Found | Unreadable:
    walk = Walk(prefix, line)
    read = walk.certificate(element)
    place, start = prefix + path_of(element), line + line_of(element)
    found = Found(read, place, start, tuple(walk.problems), None, walk.attachments)
    return _with_envelope(found, _envelope(element.getparent()))


def _carries_text(element: etree._Element) -> bool:
    name = local_name(element)
    return name in ("Content", "ePhytoXML") and "SPSCertificate" in (element.text or "")


def _unwrap(element: etree._Element, prefix: str, line: int) -> list[Found | Unreadable]:
    """Read the document that a hub envelope carries as text in its Content."""
    text = element.text or ""
    # Lines of the inner document count on from the line on which its first character stands.
    before = text[: len(text) - len(text.lstrip())].count("\n")
    place, line = prefix + path_of(element), line + line_of(element) + before - 1
    envelope = _envelope(element.getparent())
    try:
        inner = parse(text.strip().encode())
    except Unreadable as error:
        return [Unreadable(place + error.place, line + error.line, error.reason)]
    found = _collect(inner, place, line, nested=True)
    return [_with_envelope(one, envelope) for one in found]


def _with_envelope(one: Found | Unreadable, envelope: Envelope | None) -> Found | Unreadable:
    if isinstance(one, Unreadable) or envelope is None:
        return one
    problems = (*one.problems, *_disagreements(one, envelope))
    return replace(one, problems=problems, envelope=envelope)


def _envelope(parent: etree._Element | None) -> Envelope | None:
    if parent is None:
        return None
    values = {
        _HEADER[local_name(child)]: (child.text or "").strip()
        for child in parent
        if local_name(child) in _HEADER
    }
    return Envelope(**values) if "certificate_number" in values else None


def _disagreements(one: Found, envelope: Envelope) -> list[Problem]:
    document = one.certificate.document
    if document is None:
        return []
    pairs = (
        ("NPPOCertificateNumber", envelope.certificate_number, document.id),
        ("CertificateType", envelope.certificate_type, document.type_code),
        ("CertificateStatus", envelope.certificate_status, document.status_code),
    )
    return [
        Problem("envelope_differs", one.place, one.line, f"{name} {outer!r}, inside {inner!r}")
        for name, outer, inner in pairs
        if outer and outer != inner
    ]
