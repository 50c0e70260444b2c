"""The walk over one certificate's XML into its dataclasses; what does not conform is told on the way."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from tapal.formats.sps.model import Certificate
from tapal.formats.sps.parts import (
    BARE,
    Attachment,
    Child,
    Code,
    Measure,
    Moment,
    Words,
    children,
    number,
)
from tapal.formats.xml_safe import all_text, line_of, local_name, split_name

# Problems kept of one certificate; a note says how many more there were.
MAX_PROBLEMS: Final = 200
# Characters of a sender's text that a problem quotes.
_QUOTED: Final = 2_000
_LEAVES: Final = (str, Words, Code, Measure, Moment, Attachment)
_ATTRIBUTES: Final[dict[type, tuple[str, ...]]] = {
    Words: ("languageID",),
    Code: ("schemeName", "schemeID", "listName", "listID"),
    Measure: ("unitCode",),
    Moment: ("format",),
    Attachment: ("filename", "fileName"),
}
_DATE_ELEMENTS: Final = ("DateTimeString", "DateTime")


@dataclass(frozen=True, slots=True)
class Problem:
    """One departure from the schema: a code, the element's path, its line, and what was found."""

    code: str
    place: str
    line: int
    detail: str


def path_of(element: etree._Element) -> str:
    """Return the element's path by local names, with an index where siblings share the name."""
    steps: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        name, parent = local_name(node), node.getparent()
        same = [] if parent is None else [c for c in parent if c.tag == node.tag]
        steps.append(f"{name}[{same.index(node) + 1}]" if len(same) > 1 else name)
        node = parent
    return "/" + "/".join(reversed(steps))


class Walk:
    """The walk over one certificate; collects problems and attachments on its way."""

    def __init__(self, prefix: str = "", line: int = 0) -> None:
        self.prefix = prefix
        self.line = line  # of the whole input, before the first of this document
        self.problems: list[Problem] = []
        self.more = 0
        self.attachments: dict[str, bytes] = {}
        self.namespaces: set[str] = set()

    def certificate(self, element: etree._Element) -> Certificate:
        read = self.branch(element, Certificate)
        assert isinstance(read, Certificate)
        if self.more:
            place, start = self.prefix + path_of(element), self.line + line_of(element)
            self.problems.append(Problem("more_problems", place, start, f"{self.more} more"))
        return read

    def report(self, code: str, element: etree._Element, detail: str, step: str = "") -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            self.more += 1
            return
        place = self.prefix + path_of(element) + (f"/{step}" if step else "")
        line = self.line + line_of(element)
        self.problems.append(Problem(code, place, line, detail[:_QUOTED]))

    # Any: the values are of the dataclass's own field types, told apart by its Child at run time.
    def branch(self, element: etree._Element, kind: type) -> Any:
        """Read an element with children into its dataclass."""
        known = children(kind)
        order = {child.tag: index for index, (_, child) in enumerate(known)}
        values: dict[str, Any] = {}
        latest, disordered = 0, False
        self.no_stray(element)
        for node in element:
            namespace, tag = split_name(node.tag)
            position = order.get(tag)
            if position is None:
                self.report("unknown_element", node, " ".join(all_text(node).split()))
                continue
            if position < latest and not disordered:
                disordered = True
                self.report("out_of_order", node, f"after {known[latest][1].tag}")
            latest = max(latest, position)
            name, child = known[position]
            self.namespace(node, namespace, child)
            self.place(values, name, child, node)
        for name, child in known:
            if child.required and not values.get(name):
                self.report("missing", element, f"{child.tag} is required", child.tag)
        return kind(**values)

    def no_stray(self, element: etree._Element) -> None:
        texts = [element.text, *(child.tail for child in element)]
        stray = " ".join(text.strip() for text in texts if text and text.strip())
        if stray:
            self.report("stray_text", element, stray)

    def namespace(self, node: etree._Element, namespace: str, child: Child) -> None:
        expected = (child.namespace,) if child.namespace != BARE else (BARE, namespace)
        if namespace not in expected and namespace not in self.namespaces:
            self.namespaces.add(namespace)
            self.report("namespace", node, f"{namespace or 'none'}, expected {child.namespace}")

    def place(self, values: dict[str, Any], name: str, child: Child, node: etree._Element) -> None:
        leaf = child.kind in _LEAVES
        value = self.leaf(node, child) if leaf else self.branch(node, child.kind)
        if child.many:
            values[name] = (*values.get(name, ()), value) if value else values.get(name, ())
            if child.limit and len(values[name]) > child.limit:
                self.report("repeated", node, f"the schema allows {child.limit}")
        elif values.get(name) and value:
            self.report("repeated", node, " ".join(all_text(node).split()))
        elif value:
            values[name] = value

    def leaf(self, node: etree._Element, child: Child) -> Any:
        """Read an element without children; empty ones count as absent."""
        if child.kind is Moment:
            return self.moment(node)
        if child.kind is Attachment:
            return self.attachment(node)
        scheme = self.attributes(node, _ATTRIBUTES.get(child.kind, ()))
        text = self.text(node)
        if not text:
            return None
        if child.check == "int" and not (text.lstrip("+-").isascii() and _is_int(text)):
            self.report("not_a_code_number", node, text)
        if (child.check == "number" or child.kind is Measure) and number(text) is None:
            self.report("not_a_number", node, text)
        return text if child.kind is str else child.kind(text, scheme)

    def text(self, node: etree._Element) -> str:
        if len(node):
            self.report("unexpected_children", node, " ".join(all_text(node).split()))
        return " ".join(all_text(node).split())

    def attributes(self, node: etree._Element, expected: tuple[str, ...]) -> str:
        """Return the first expected attribute's value and report all attributes but that one."""
        found = ""
        for key, value in node.attrib.items():
            namespace, name = split_name(str(key))
            if namespace:
                continue
            if name in expected and not found:
                found = str(value)
            elif value:
                self.report("unknown_attribute", node, f"{name}={value!s}")
        return found

    def moment(self, node: etree._Element) -> Moment | None:
        inner = next((c for c in node if split_name(str(c.tag))[1] in _DATE_ELEMENTS), None)
        source = node if inner is None else inner
        code = self.attributes(source, _ATTRIBUTES[Moment])
        text = self.text(source)
        if not text:
            return None
        if inner is None:
            self.report("date_without_element", node, f"{text}: not in a DateTimeString")
        else:
            self.no_stray(node)
            if len(node) > 1:
                self.report("unexpected_children", node, " ".join(all_text(node).split()))
        moment = Moment(text, code)
        if moment.value is None:
            self.report("not_a_date", node, text)
        return moment

    def attachment(self, node: etree._Element) -> Attachment | None:
        filename = self.attributes(node, _ATTRIBUTES[Attachment])
        encoded = "".join(all_text(node).split())
        if not encoded:
            return None
        try:
            content, decoded = base64.b64decode(encoded, validate=True), True
        except (binascii.Error, ValueError) as error:
            content, decoded = encoded.encode(), False
            self.report("not_base64", node, f"{filename or 'attachment'}: {error}")
        digest = hashlib.sha256(content).hexdigest()
        self.attachments[digest] = content
        return Attachment(filename, len(content), digest, decoded)


def _is_int(text: str) -> bool:
    digits = text[1:] if text[:1] in "+-" else text
    return digits.isdecimal() and len(digits) <= 10
