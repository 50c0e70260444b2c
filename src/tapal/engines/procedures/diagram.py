"""Reading a diagram: BPMN 2.0 as bpmn-js writes it, with Tapal's words in its extension elements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from tapal.core.text import Text
from tapal.engines.procedures.words import (
    HEAD_POINTS,
    NAMESPACE,
    End,
    Field,
    FieldType,
    Head,
    Option,
    Step,
)
from tapal.formats.xml_safe import Unreadable, local_name, parse, split_name

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LARGEST_BYTES: Final = 1_000_000
MOST_ELEMENTS: Final = 5_000
_B, _T = f"{{{BPMN}}}", f"{{{NAMESPACE}}}"
NODES: Final = frozenset(
    f"{_B}{name}"
    for name in (
        "startEvent",
        "endEvent",
        "userTask",
        "scriptTask",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "boundaryEvent",
        "intermediateCatchEvent",
    )
)


@dataclass(frozen=True)
class Diagram:
    """A procedure's diagram, read. `sha256` of its bytes is its name among versions.

    `reasons` are the alert reasons that start it, one with `:*` for all of that sort; `signers` the
    agencies that sign a version before it is in force; `head` is what its print says above the steps.
    """

    sha256: str
    root: etree._Element
    process: etree._Element
    id: str
    name: Text
    purpose: Text
    reasons: tuple[str, ...]
    signers: tuple[str, ...]
    steps: dict[str, Step]
    ends: dict[str, End]
    head: Head

    def nodes(self) -> Iterator[etree._Element]:
        """The flow nodes of the process, those that no procedure may hold as well."""
        return (e for e in self.process if e.get("id") and local_name(e) != "sequenceFlow")

    def flows(self) -> Iterator[etree._Element]:
        """The sequence flows."""
        return self.process.iterchildren(f"{_B}sequenceFlow")


def read(data: bytes) -> Diagram:
    """Read a diagram. Raises Unreadable when it is no BPMN with one executable process."""
    root = parse(data, max_bytes=LARGEST_BYTES, max_elements=MOST_ELEMENTS)
    if root.tag != f"{_B}definitions":
        raise Unreadable("/", 0, "not a BPMN 2.0 definitions element")
    processes = [p for p in root.iter(f"{_B}process") if p.get("isExecutable") == "true"]
    if len(processes) != 1:
        raise Unreadable("/", 0, f"{len(processes)} executable processes; there must be one")
    process = processes[0]
    told = extension(process, "procedure")
    given = attributes(told)
    return Diagram(
        sha256=hashlib.sha256(data).hexdigest(),
        root=root,
        process=process,
        id=process.get("id", ""),
        name=label_of(process),
        purpose=_words(process),
        reasons=tuple(given.get("reasons", "").split()),
        signers=tuple(given.get("signedBy", "").split()),
        steps={s.id: s for s in map(_step, process.iterchildren(f"{_B}userTask"))},
        ends={e.id: e for e in map(_end, process.iterchildren(f"{_B}endEvent"))},
        head=_head(attributes(extension(process, "head"))),
    )


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """Tapal's own element of this name under a node's extension elements."""
    return node.find(f"{_B}extensionElements/{_T}{name}")


def attributes(node: etree._Element | None) -> dict[str, str]:
    """A node's attributes; none where there is no node."""
    return {} if node is None else {str(k): str(v) for k, v in node.attrib.items()}


def in_english(data: bytes) -> bytes:
    """The same diagram with its English words as names, for looking at alone."""
    root = parse(data, max_bytes=LARGEST_BYTES, max_elements=MOST_ELEMENTS)
    for node in root.iter():
        told = extension(node, "label") if isinstance(node.tag, str) else None
        if told is not None and told.get("en") and node.get("name"):
            node.set("name", told.get("en", ""))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def bare(node: etree._Element) -> str:
    """A node's BPMN name, with its namespace where that is another."""
    namespace, name = split_name(str(node.tag))
    return name if namespace == BPMN else f"{{{namespace}}}{name}"


def label_of(node: etree._Element) -> Text:
    told = extension(node, "label")
    name = node.get("name", "") or node.get("id", "")
    return Text(name, told.get("en", name) if told is not None else name)


def _words(node: etree._Element) -> Text:
    """What a node's documentation says, and Tapal's English beside it."""
    words = " ".join((node.findtext(f"{_B}documentation") or "").split())
    told = extension(node, "text")
    return Text(words, (told.get("en", "") if told is not None else "") or words)


def points(said: str) -> list[str]:
    """The points of a list that an attribute holds: what stands between semicolons."""
    return [point for each in said.split(";") if (point := " ".join(each.split()))]


def _head(given: dict[str, str]) -> Head:
    lists = {name: _points(given, name) for name in HEAD_POINTS}
    laws, related = given.get("laws", "").split(), given.get("related", "").split()
    return Head(given.get("number", "").strip(), tuple(laws), tuple(related), **lists)


def _points(given: dict[str, str], name: str) -> tuple[Text, ...]:
    said, english = points(given.get(name, "")), points(given.get(f"{name}En", ""))
    beside = english if len(english) == len(said) else said
    return tuple(map(Text, said, beside))


def _step(node: etree._Element) -> Step:
    told, form = extension(node, "step"), extension(node, "form")
    given = attributes(told)
    return Step(
        id=node.get("id", ""),
        label=label_of(node),
        text=_words(node),
        power=given.get("power", ""),
        agency=given.get("agency", "owner"),
        at_post=given.get("at", "post") == "post",
        clock=given.get("clock", ""),
        not_by=given.get("notBy", ""),
        private=given.get("private") == "true",
        form=tuple(map(_field, form.iterchildren(f"{_T}field"))) if form is not None else (),
    )


def _field(node: etree._Element) -> Field:
    kind: FieldType = node.get("type", "line")  # type: ignore[assignment]  # held by check
    return Field(
        name=node.get("name", ""),
        type=kind,
        label=Text(node.get("label", ""), node.get("labelEn", "") or node.get("label", "")),
        required=node.get("required", "true") == "true",
        options=tuple(
            Option(
                each.get("value", ""),
                Text(each.get("label", ""), each.get("labelEn", "") or each.get("label", "")),
            )
            for each in node.iterchildren(f"{_T}option")
        ),
        hint=Text(hint, node.get("hintEn", "") or hint) if (hint := node.get("hint", "")) else None,
    )


def _end(node: etree._Element) -> End:
    told = extension(node, "end")
    return End(
        node.get("id", ""), label_of(node), told.get("closes", "") if told is not None else ""
    )
