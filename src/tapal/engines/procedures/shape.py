"""The shape of a diagram: what may stand in what, and names that stand once.

The library looks for arrows, scripts and times at any depth, so one that hides where nobody
draws it would be run though no eye and no check had met it: it is refused instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from tapal.engines.procedures.diagram import BPMN, Diagram, bare
from tapal.engines.procedures.words import NAMESPACE, Fault, fault
from tapal.formats.xml_safe import split_name

_TOLD: Final = frozenset({"documentation", "extensionElements"})
_NODE: Final = _TOLD | {"incoming", "outgoing"}
_EVENT: Final = _NODE | {"timerEventDefinition", "terminateEventDefinition"}
_INSIDE: Final[dict[str, frozenset[str]]] = {
    "definitions": frozenset({"process", "collaboration", "category"}),
    "collaboration": _TOLD | {"participant", "textAnnotation", "association", "group"},
    "participant": _TOLD,
    "category": _TOLD | {"categoryValue"},
    "laneSet": _TOLD | {"lane"},
    "childLaneSet": _TOLD | {"lane"},
    "lane": _TOLD | {"flowNodeRef", "childLaneSet"},
    "sequenceFlow": _TOLD | {"conditionExpression"},
    "userTask": _NODE,
    "scriptTask": _NODE | {"script"},
    "startEvent": _EVENT,
    "endEvent": _EVENT,
    "boundaryEvent": _EVENT,
    "intermediateCatchEvent": _EVENT,
    "exclusiveGateway": _NODE,
    "parallelGateway": _NODE,
    "inclusiveGateway": _NODE,
    "timerEventDefinition": _TOLD | {"timeDuration", "timeDate", "timeCycle"},
    "textAnnotation": _TOLD | {"text"},
}
"""What BPMN may stand in what. A process is not among them: its nodes are looked at one by one."""
_ONCE: Final = frozenset({"script", "conditionExpression", "timeDuration", "extensionElements"})
_ID: Final = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,59}$")
_PROCESS_ID: Final = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_REASON: Final = re.compile(r"^[a-z][a-z0-9_]{0,59}(:(\*|[A-Za-z0-9_.-]{1,80}))?$")


def faults(diagram: Diagram) -> Iterator[Fault]:
    """What is wrong with the shape."""
    yield from _misplaced(diagram)
    yield from _names(diagram)
    if not _PROCESS_ID.match(diagram.id):
        yield fault(
            diagram.id or "process",
            "Prosedur harus punya id: huruf kecil, angka dan garis bawah, paling panjang 40.",
            "The process needs an id of lower-case letters, digits and low lines, at most 40.",
            "Isi id pada proses itu.",
            "Fill in the id of the process.",
        )
    for reason in diagram.reasons:
        if not _REASON.match(reason):
            yield fault(
                diagram.id,
                f"{reason} bukan alasan peringatan.",
                f"{reason} is no reason of an alert.",
                "Tulis seperti list_match:tangkal atau list_match:*.",
                "Write it like list_match:tangkal or list_match:*.",
            )


def _misplaced(diagram: Diagram) -> Iterator[Fault]:
    for node in diagram.root.iter():
        if node is diagram.root or not isinstance(node.tag, str) or _may_stand(node):
            continue
        yield fault(
            node.get("id") or bare(node),
            f"Unsur {bare(node)} tidak boleh berada di sini.",
            f"Element {bare(node)} may not stand here.",
            "Hapus unsur itu, atau gambar di tempatnya.",
            "Take the element out, or draw it in its place.",
        )


def _may_stand(node: etree._Element) -> bool:
    """Whether a node may stand where it does; what is in other namespaces holds nothing of BPMN."""
    holder = node.getparent()
    if holder is None:
        return True
    outer, inner = split_name(str(holder.tag))[0], split_name(str(node.tag))[0]
    name = bare(node)
    if inner != BPMN:
        return outer != BPMN or bare(holder) in ("extensionElements", "definitions")
    if outer != BPMN or bare(holder) == "extensionElements":
        return False
    if name in _ONCE and len([e for e in holder if e.tag == node.tag]) > 1:
        return False
    return bare(holder) == "process" or name in _INSIDE.get(bare(holder), frozenset())


def _names(diagram: Diagram) -> Iterator[Fault]:
    """Every element that is run has a name, and no name stands twice in the whole file."""
    ids = Counter(i for node in diagram.root.iter() if (i := node.get("id")) is not None)
    for name, times in sorted(ids.items()):
        if times > 1:
            yield fault(
                name,
                f"Id {name} dipakai {times} kali.",
                f"The id {name} is used {times} times.",
                "Beri setiap unsur id sendiri.",
                "Give each element an id of its own.",
            )
    for node in diagram.process:
        if bare(node) in _TOLD or split_name(str(node.tag))[0] == NAMESPACE:
            continue
        if not _ID.match(node.get("id", "")):
            yield fault(
                node.get("id") or bare(node),
                f"Unsur {bare(node)} tanpa id, atau idnya lebih dari 60 huruf.",
                f"Element {bare(node)} has no id, or one of more than 60 characters.",
                "Beri id yang pendek.",
                "Give it a short id.",
            )
