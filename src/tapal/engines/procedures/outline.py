"""A diagram as text: its steps in the order in which they are reached, and where each leads."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from tapal.core.text import Text
from tapal.engines.procedures.diagram import BPMN, Diagram, bare, label_of
from tapal.engines.procedures.words import Step

_B: Final = f"{{{BPMN}}}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text. `step` is set for a human task; `ways` say under which answer what follows.

    `number` counts the human tasks, 0 for a line that is none.
    """

    id: str
    number: int
    label: Text
    type: str
    step: Step | None
    ways: tuple[Text, ...]


def outline(diagram: Diagram) -> tuple[Line, ...]:
    """The steps, choices, waits and ends of a diagram, nearest to its start first."""
    nodes = {n.get("id", ""): n for n in diagram.nodes()}
    order = _order(diagram, nodes)
    shown = [i for i in order if bare(nodes[i]) not in ("startEvent", "scriptTask")]
    numbers = {i: n for n, i in enumerate((i for i in shown if i in diagram.steps), start=1)}
    return tuple(
        Line(
            id=i,
            number=numbers.get(i, 0),
            label=label_of(nodes[i]),
            type=bare(nodes[i]),
            step=diagram.steps.get(i),
            ways=tuple(_ways(diagram, nodes, numbers, i)),
        )
        for i in shown
        if not _silent(nodes[i])
    )


def _silent(node: etree._Element) -> bool:
    """A gateway that only joins or splits says nothing to a reader."""
    return bare(node).endswith("Gateway") and not node.get("name")


def _order(diagram: Diagram, nodes: Mapping[str, etree._Element]) -> list[str]:
    after: dict[str, list[str]] = {i: [] for i in nodes}
    for flow in diagram.flows():
        after.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
    for node in diagram.process.iterchildren(f"{_B}boundaryEvent"):
        after.setdefault(node.get("attachedToRef", ""), []).append(node.get("id", ""))
    found: list[str] = []
    todo = deque(n.get("id", "") for n in diagram.process.iterchildren(f"{_B}startEvent"))
    while todo:
        now = todo.popleft()
        if now in nodes and now not in found:
            found.append(now)
            todo.extend(after[now])
    return found


def _ways(
    diagram: Diagram,
    nodes: Mapping[str, etree._Element],
    numbers: Mapping[str, int],
    id_: str,
) -> list[Text]:
    said = []
    for flow in diagram.flows():
        if flow.get("sourceRef") != id_:
            continue
        when = label_of(flow) if flow.get("name") else None
        for to in _targets(diagram, nodes, numbers, flow.get("targetRef", ""), frozenset({id_})):
            said.append(Text(f"{when.id}: {to.id}", f"{when.en}: {to.en}") if when else to)
    return list(dict.fromkeys(said))


def _targets(
    diagram: Diagram,
    nodes: Mapping[str, etree._Element],
    numbers: Mapping[str, int],
    id_: str,
    seen: frozenset[str],
) -> list[Text]:
    """Where an arrow leads to; through a gateway that says nothing to what lies behind it."""
    node = nodes.get(id_)
    if node is None or id_ in seen:
        return []
    if not _silent(node):
        return [_name(node, numbers)]
    behind = [f.get("targetRef", "") for f in diagram.flows() if f.get("sourceRef") == id_]
    return [t for b in behind for t in _targets(diagram, nodes, numbers, b, seen | {id_})]


def _name(node: etree._Element, numbers: Mapping[str, int]) -> Text:
    label, number = label_of(node), numbers.get(node.get("id", ""), 0)
    return Text(f"{number}. {label.id}", f"{number}. {label.en}") if number else label
