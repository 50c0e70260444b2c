"""The ways through a diagram: arrows that hold, nodes that are reached and left, circles that stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tapal.engines.procedures.diagram import BPMN, NODES, Diagram, bare
from tapal.engines.procedures.words import VERDICTS, Fault, fault

_B: Final = f"{{{BPMN}}}"


def faults(diagram: Diagram) -> Iterator[Fault]:
    """What is wrong with the ways."""
    yield from _flows(diagram)
    yield from _gates(diagram)
    yield from _unreached(diagram)
    yield from _loops(diagram)
    yield from _unmanned(diagram)


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
    for held, timers in _timers_on(diagram).items():
        edges.setdefault(held, set()).update(timers)
    return edges


def _ids(diagram: Diagram, *types: str) -> list[str]:
    return [n.get("id", "") for n in diagram.nodes() if bare(n) in types]


def _reached(edges: Mapping[str, set[str]], begin: Iterable[str]) -> set[str]:
    todo = list(begin)
    seen = set(todo)
    while todo:
        fresh = edges.get(todo.pop(), set()) - seen
        seen |= fresh
        todo += fresh
    return seen


def _unmanned(diagram: Diagram) -> Iterator[Fault]:
    """An alert is closed by a person: on each way to an end that closes somebody answered a task.

    After a time that ran out a person must answer again before an end that judges; what waits in
    vain may only be referred. A task that its timer takes away was answered by nobody.
    """
    timers = _timers_on(diagram)
    answered = {task: timers.get(task, set()) for task in _ids(diagram, "userTask")}
    edges = {**_edges(diagram), **answered}
    closing = {end.id: end.closes for end in diagram.ends.values() if end.closes}
    untouched = _reached(edges, _ids(diagram, "startEvent"))
    late = _reached(edges, _ids(diagram, "boundaryEvent", "intermediateCatchEvent"))
    for id_, closes in closing.items():
        if id_ in untouched:
            yield fault(
                id_,
                "Akhir ini menutup peringatan, padahal ada jalan ke sini tanpa tugas orang.",
                "This end closes the alert, and one way to it passes no human task.",
                "Taruh tugas orang di setiap jalan ke akhir ini.",
                "Put a human task on every way to this end.",
            )
        elif id_ in late and closes in VERDICTS:
            yield fault(
                id_,
                "Waktu yang habis tidak boleh memutus peringatan: ada jalan dari penghitung waktu"
                " ke akhir ini tanpa tugas orang.",
                "Time that runs out may not judge an alert: a way from a timer reaches this end"
                " without a human task.",
                "Taruh tugas orang sesudah penghitung waktu, atau tutup sebagai referred.",
                "Put a human task after the timer, or close as referred.",
            )


def _timers_on(diagram: Diagram) -> dict[str, set[str]]:
    """The timers that hang on each node."""
    found: dict[str, set[str]] = {}
    for node in diagram.process.iterchildren(f"{_B}boundaryEvent"):
        found.setdefault(node.get("attachedToRef", ""), set()).add(node.get("id", ""))
    return found


def _unreached(diagram: Diagram) -> Iterator[Fault]:
    edges = _edges(diagram)
    seen = _reached(edges, _ids(diagram, "startEvent"))
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
