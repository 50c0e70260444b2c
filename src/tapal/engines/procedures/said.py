"""What a diagram says for the machine: conditions, script lines and times, all of them CEL or durations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from lxml import etree

from tapal.engines.procedures import cel
from tapal.engines.procedures.diagram import BPMN, Diagram, bare
from tapal.engines.procedures.words import KEPT_TYPES, KNOWN, Fault, fault

_B: Final = f"{{{BPMN}}}"
_DURATION: Final = re.compile(
    r"^P(?=.*[1-9])(?!$)(\d{1,4}D)?(T(?=\d)(\d{1,5}H)?(\d{1,6}M)?)?$", re.ASCII
)
MOST_SCRIPTS: Final = 20
_CLOCK: Final = re.compile(r"^[a-z][a-z0-9_.]{0,59}$")


def faults(diagram: Diagram) -> Iterator[Fault]:
    """What is wrong with what it says."""
    yield from _conditions(diagram)
    yield from _scripts(diagram)
    yield from _timers(diagram)


def _conditions(diagram: Diagram) -> Iterator[Fault]:
    """Conditions are CEL, stand only after gateways that choose, and something is always chosen."""
    gates = {n.get("id", ""): n for n in diagram.nodes() if bare(n).endswith("Gateway")}
    for flow in diagram.flows():
        said = flow.find(f"{_B}conditionExpression")
        gate = gates.get(flow.get("sourceRef", ""))
        chooses = gate is not None and bare(gate) != "parallelGateway"
        if said is None:
            continue
        yield from _expression(flow.get("id", ""), (said.text or "").strip(), diagram)
        if not chooses:
            yield fault(
                flow.get("id", ""),
                "Syarat hanya boleh sesudah gerbang yang memilih.",
                "A condition may stand only after a gateway that chooses.",
                "Pasang gerbang di depannya.",
                "Put a gateway before it.",
            )


def _scripts(diagram: Diagram) -> Iterator[Fault]:
    scripts = list(diagram.process.iterchildren(f"{_B}scriptTask"))
    if len(scripts) > MOST_SCRIPTS:
        yield fault(
            diagram.id,
            f"{len(scripts)} tugas skrip; paling banyak {MOST_SCRIPTS}.",
            f"{len(scripts)} script tasks; at most {MOST_SCRIPTS}.",
            "Hitung di lebih sedikit tempat.",
            "Reckon in fewer places.",
        )
    for node in scripts:
        try:
            found = cel.assignments(node.findtext(f"{_B}script") or "")
        except cel.BadExpression as wrong:
            yield _not_cel(node.get("id", ""), wrong)
            continue
        for name, expression in found:
            yield from _expression(node.get("id", ""), expression, diagram)
            if name in KNOWN:
                yield fault(
                    node.get("id", ""),
                    f"{name} diketahui sejak awal dan tidak boleh ditimpa.",
                    f"{name} is known from the start and may not be overwritten.",
                    "Pakai nama lain.",
                    "Use another name.",
                )
        if not found:
            yield fault(
                node.get("id", ""),
                "Tugas skrip ini kosong.",
                "This script task is empty.",
                "Tulis baris nama = ungkapan.",
                "Write lines of name = expression.",
            )


def _timers(diagram: Diagram) -> Iterator[Fault]:
    for node in diagram.process.iter(f"{_B}timerEventDefinition"):
        holder = node.getparent()
        place = holder.get("id", "") if holder is not None else ""
        said = timer_of(node)
        if said is None:
            yield fault(
                place,
                "Waktu harus berupa lama yang lebih dari nol (PT4H) atau jam bernama (clock:nama).",
                "Time must be a duration above nought (PT4H) or a named clock (clock:name).",
                "Isi timeDuration dengan salah satunya.",
                "Fill timeDuration with either.",
            )


def timer_of(node: etree._Element) -> str | None:
    """What a timer waits for, `P…` or `clock:name`; None where it says neither."""
    held = [e for e in node if bare(e) in ("timeDuration", "timeDate", "timeCycle")]
    if len(held) != 1 or bare(held[0]) != "timeDuration":
        return None
    said = (held[0].text or "").strip()
    named = said.startswith("clock:") and _CLOCK.match(said[6:])
    return said if named or _DURATION.match(said) else None


def _expression(place: str, expression: str, diagram: Diagram) -> Iterator[Fault]:
    """An expression must compile and ask only for what some step, script or the house says."""
    try:
        asked = cel.names(expression)
    except cel.BadExpression as wrong:
        yield _not_cel(place, wrong)
        return
    for name in sorted(asked - _said(diagram)):
        yield fault(
            place,
            f"Ungkapan ini menanyakan {name}, yang tidak diisi di mana pun.",
            f"The expression asks for {name}, which nothing fills in.",
            "Pakai nama isian dari tugas sebelumnya.",
            "Use the name of a field of an earlier task.",
        )


def _said(diagram: Diagram) -> set[str]:
    fields = {f.name for s in diagram.steps.values() for f in s.form if f.type in KEPT_TYPES}
    scripts = set()
    for node in diagram.process.iterchildren(f"{_B}scriptTask"):
        with suppress(cel.BadExpression):
            scripts |= {name for name, _ in cel.assignments(node.findtext(f"{_B}script") or "")}
    return fields | scripts | KNOWN


def _not_cel(place: str, wrong: cel.BadExpression) -> Fault:
    return fault(
        place,
        f"Bukan ungkapan CEL: {wrong}",
        f"Not a CEL expression: {wrong}",
        'Contoh: answer == "yes"',
        'Example: answer == "yes"',
    )
