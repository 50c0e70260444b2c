"""The ways through a diagram: arrows that hold, nodes that are reached and left, circles that stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tapal.engines.procedures.diagram import BPMN, NODES, Diagram, bare
from tapal.engines.procedures.words import Fault, fault

_B: Final = f"{{{BPMN}}}"


def faults(diagram: Diagram) -> Iterator[Fault]:
    """What is wrong with the ways."""
    yield from _flows(diagram)
    yield from _gates(diagram)
    yield from _unreached(diagram)
    yield from _loops(diagram)


def _flows(diagram: Diagram) -> Iterator[Fault]:
    known = {n.get("id", "") for n in diagram.nodes()}
    for flow in diagram.flows():
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in known:
                yield fault(
                    flow.get("id", ""),
                    f"Panah menunjuk {flow.get(end)} yang tidak ada.",
                    f"The arrow names {flow.get(end)}, which is not there.",
                    "Sambungkan panahnya.",
                    "Connect the arrow.",
                )


def _gates(diagram: Diagram) -> Iterator[Fault]:
    """A gateway that chooses must always find a way: exactly one has no condition and is its default."""
    gates = {n.get("id", ""): n for n in diagram.nodes() if bare(n).endswith("Gateway")}
    for id_, gate in gates.items():
        out = [f for f in diagram.flows() if f.get("sourceRef") == id_]
        if bare(gate) == "parallelGateway" or len(out) < 2:
            continue
        open_ways = [f for f in out if f.find(f"{_B}conditionExpression") is None]
        if len(open_ways) != 1 or gate.get("default") != open_ways[0].get("id"):
            yield fault(
                id_,
                "Gerbang ini tidak selalu punya jalan: harus tepat satu jalan bawaan.",
                "This gateway may have no way on: exactly one must be its default.",
                "Jadikan satu jalan tanpa syarat sebagai bawaan.",
                "Make one way without a condition the default.",
            )


def _edges(diagram: Diagram) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {n.get("id", ""): set() for n in diagram.nodes()}
    for flow in diagram.flows():
        edges.setdefault(flow.get("sourceRef", ""), set()).add(flow.get("targetRef", ""))
    for node in diagram.process.iterchildren(f"{_B}boundaryEvent"):
        edges.setdefault(node.get("attachedToRef", ""), set()).add(node.get("id", ""))
    return edges


def _unreached(diagram: Diagram) -> Iterator[Fault]:
    edges = _edges(diagram)
    todo = [n.get("id", "") for n in diagram.process.iterchildren(f"{_B}startEvent")]
    seen = set(todo)
    while todo:
        fresh = edges.get(todo.pop(), set()) - seen
        seen |= fresh
        todo += fresh
    for node in diagram.nodes():
        id_ = node.get("id", "")
        if node.tag in NODES and id_ not in seen:
            yield fault(
                id_,
                "Simpul ini tidak pernah tercapai dari awal.",
                "This node is never reached from the start.",
                "Sambungkan atau hapus.",
                "Connect it or take it out.",
            )
        elif node.tag in NODES and node.tag != f"{_B}endEvent" and not edges.get(id_):
            yield fault(
                id_,
                "Simpul ini buntu: tidak ada jalan ke akhir.",
                "This node is a dead end: no way on.",
                "Sambungkan ke simpul berikut.",
                "Connect it to the next node.",
            )


def _loops(diagram: Diagram) -> Iterator[Fault]:
    """A circle that no person and no time ever stops would run for ever."""
    stops = {
        n.get("id", "")
        for n in diagram.nodes()
        if bare(n) in ("userTask", "intermediateCatchEvent")
    }
    edges = {a: {b for b in bs if b not in stops} for a, bs in _edges(diagram).items()}
    left = {a: set(bs) for a, bs in edges.items() if a not in stops}
    # Take away what leads nowhere further; what stays goes in circles.
    while True:
        leaves = {a for a, bs in left.items() if not bs & left.keys()}
        if not leaves:
            break
        for leaf in leaves:
            del left[leaf]
    if left:
        yield fault(
            min(left),
            "Lingkaran tanpa orang dan tanpa waktu: tidak akan pernah berhenti.",
            "A circle without a person and without time: it would never stop.",
            "Taruh tugas orang atau penghitung waktu di dalamnya.",
            "Put a human task or a timer into it.",
        )
