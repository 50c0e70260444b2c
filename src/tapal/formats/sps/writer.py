"""Write an SPSCertificate that validates against the IPPC hub's schema, or say why it cannot."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from tapal.formats.sps.model import Certificate
from tapal.formats.sps.parts import (
    RABIE,
    SPS,
    UDT,
    Attachment,
    Child,
    Code,
    Measure,
    Moment,
    Words,
    children,
    number,
)

_PREFIXES: Final = {"rsm": SPS, "ram": RABIE, "udt": UDT}
_ATTRIBUTE: Final[dict[type, tuple[str, str]]] = {
    Words: ("language", "languageID"),
    Measure: ("unit", "unitCode"),
}


class NotConforming(ValueError):
    """The certificate would not validate; `reasons` names each place and what is wrong there."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def write(certificate: Certificate, attachments: Mapping[str, bytes] | None = None) -> bytes:
    """Return UTF-8 XML; `attachments` holds the attached files' bytes by SHA-256.

    Raises NotConforming when a required element is empty, a number or a date cannot be read, an
    element that the schema allows once stands twice, or an attachment's bytes are missing.
    """
    writing = _Writing(attachments or {})
    root = etree.Element(f"{{{SPS}}}SPSCertificate", nsmap=_PREFIXES)
    writing.branch(root, certificate, "/SPSCertificate")
    if writing.reasons:
        raise NotConforming(tuple(writing.reasons))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


class _Writing:
    def __init__(self, attachments: Mapping[str, bytes]) -> None:
        self.attachments = attachments
        self.reasons: list[str] = []

    # Any: a value is of its field's type, told apart by its Child at run time.
    def branch(self, element: etree._Element, value: Any, place: str) -> None:
        for name, child in children(value.__class__):
            held = getattr(value, name)
            here = f"{place}/{child.tag}"
            if child.required and not held:
                self.reasons.append(f"{here}: required")
            many = child.many
            if child.limit and len(held) > child.limit:
                self.reasons.append(f"{here}: the schema allows {child.limit}, not {len(held)}")
            for index, one in enumerate(held if many else (held,)):
                if one:
                    self.node(element, child, one, f"{here}[{index + 1}]" if many else here)

    def node(self, parent: etree._Element, child: Child, value: Any, place: str) -> None:
        name = f"{{{child.namespace}}}{child.tag}" if child.namespace else child.tag
        element = etree.SubElement(parent, name)
        if isinstance(value, str):
            self.checked(element, child, value, place)
        elif isinstance(value, Moment):
            self.moment(element, value, place)
        elif isinstance(value, Attachment):
            self.attachment(element, value, place)
        elif isinstance(value, Words | Code | Measure):
            self.leaf(element, value, place)
        else:
            self.branch(element, value, place)

    def text(self, element: etree._Element, text: str, place: str) -> None:
        try:
            element.text = text
        except ValueError:
            self.reasons.append(f"{place}: holds characters that XML cannot carry")

    def checked(self, element: etree._Element, child: Child, text: str, place: str) -> None:
        value = number(text) if child.check else None
        whole = value is not None and value == value.to_integral_value() and "." not in text
        if child.check == "number" and value is None:
            self.reasons.append(f"{place}: {text!r} is not a number")
        elif child.check == "int" and not (whole and value is not None and abs(value) < 2**31):
            self.reasons.append(f"{place}: {text!r} is not a code number")
        self.text(element, text, place)

    def leaf(self, element: etree._Element, value: Words | Code | Measure, place: str) -> None:
        if isinstance(value, Measure) and value.value is None:
            self.reasons.append(f"{place}: {value.text!r} is not a number")
        if isinstance(value, Code):
            # A party's code names its list, an identifier its scheme.
            key, held = ("listName" if "TypeCode" in element.tag else "schemeName"), value.scheme
        else:
            attribute, key = _ATTRIBUTE[type(value)]
            held = getattr(value, attribute)
        if held:
            element.set(key, held)
        self.text(element, value.text, place)

    def moment(self, element: etree._Element, value: Moment, place: str) -> None:
        read = value.value
        if read is None:
            self.reasons.append(f"{place}: {value.text!r} is not a date")
            return
        inner = etree.SubElement(element, f"{{{UDT}}}DateTimeString")
        # The hub's DateTimeString has no format attribute: other formats are written as ISO 8601.
        self.text(inner, read.isoformat() if value.format else value.text, place)

    def attachment(self, element: etree._Element, value: Attachment, place: str) -> None:
        content = self.attachments.get(value.sha256)
        if content is None:
            self.reasons.append(f"{place}: the bytes of {value.filename!r} are not at hand")
            return
        if value.filename:
            element.set("filename", value.filename)
        encoded = base64.b64encode(content) if value.decoded else content
        self.text(element, encoded.decode(), place)
