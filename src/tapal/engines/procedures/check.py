"""What a diagram may hold: refused with the place, a sentence and the mend, before anything runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tapal.core.text import Text
from tapal.engines.procedures import heading, said, shape, ways
from tapal.engines.procedures.diagram import BPMN, NODES, Diagram, bare, read
from tapal.engines.procedures.words import CLOSINGS, KNOWN, NAMESPACE, Fault, Step, fault
from tapal.formats.xml_safe import Unreadable, split_name

_B: Final = f"{{{BPMN}}}"
_NAMESPACES: Final = frozenset(
    {
        BPMN,
        NAMESPACE,
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)
# Attributes in which tools name namespaces and schemas, not addresses to be opened.
_NAMING: Final = frozenset({"targetNamespace", "typeLanguage", "expressionLanguage", "exporter"})
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://|^\s*(javascript|data|file):", re.IGNORECASE)
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_TYPES: Final = frozenset({"choice", "yes_no", "date", "number", "line", "text"})
_AMONG: Final = frozenset({"sequenceFlow", "laneSet", "documentation", "extensionElements"})
_ASIDE: Final = frozenset({"textAnnotation", "association", "group"})
MOST_NODES: Final = 200
MOST_FIELDS: Final = 30
MOST_OPTIONS: Final = 50


@lru_cache(maxsize=128)
def checked(data: bytes) -> tuple[Diagram | None, tuple[Fault, ...]]:
    """The diagram and everything that is wrong with it; None where it cannot be read at all."""
    try:
        diagram = read(data)
    except Unreadable as wrong:
        return None, (
            Fault(
                wrong.place,
                Text("Bagan tidak terbaca: {r}.", "The diagram cannot be read: {r}.").fill(
                    r=wrong.reason
                ),
                Text("Simpan lagi dari penyunting bagan.", "Save it again from the editor."),
            ),
        )
    return diagram, tuple(_faults(diagram))


def _faults(diagram: Diagram) -> Iterator[Fault]:
    yield from _foreign(diagram)
    yield from shape.faults(diagram)
    yield from _nodes(diagram)
    yield from _ends(diagram)
    yield from heading.faults(diagram)
    for step in diagram.steps.values():
        yield from _step(step, diagram)
    yield from ways.faults(diagram)
    yield from said.faults(diagram)


def _foreign(diagram: Diagram) -> Iterator[Fault]:
    """Namespaces that are not ours, and addresses anywhere in words or attributes."""
    for node in diagram.root.iter():
        place = node.get("id") or bare(node)
        if split_name(str(node.tag))[0] not in _NAMESPACES:
            yield fault(
                place,
                f"Unsur {bare(node)} bukan BPMN dan bukan milik Tapal.",
                f"Element {bare(node)} is neither BPMN nor Tapal's.",
                "Hapus unsur itu.",
                "Take the element out.",
            )
        words = [node.text or "", node.tail or ""]
        words += [str(v) for k, v in node.attrib.items() if _own_attribute(str(k))]
        for word in words:
            if _ADDRESS.search(str(word)):
                yield fault(
                    place,
                    f"Alamat luar tidak boleh ada di bagan: {str(word)[:60]}",
                    f"An outside address may not stand in a diagram: {str(word)[:60]}",
                    "Tulis rujukannya dengan kata-kata.",
                    "Write the reference in words.",
                )


def _own_attribute(name: str) -> bool:
    namespace, bare_name = split_name(name)
    return bare_name not in _NAMING and not (
        namespace.endswith("XMLSchema-instance") and bare_name == "schemaLocation"
    )


def _nodes(diagram: Diagram) -> Iterator[Fault]:
    nodes = list(diagram.nodes())
    starts = [n for n in nodes if n.tag == f"{_B}startEvent"]
    if len(starts) != 1:
        yield fault(
            diagram.id,
            f"Ada {len(starts)} peristiwa awal; harus satu.",
            f"There are {len(starts)} start events; there must be one.",
            "Sisakan satu awal.",
            "Keep one start.",
        )
    if not diagram.ends:
        yield fault(
            diagram.id,
            "Tidak ada peristiwa akhir.",
            "There is no end event.",
            "Tambahkan satu akhir.",
            "Add an end.",
        )
    if len(nodes) > MOST_NODES:
        yield fault(
            diagram.id,
            f"{len(nodes)} simpul; paling banyak {MOST_NODES}.",
            f"{len(nodes)} nodes; at most {MOST_NODES}.",
            "Bagi menjadi beberapa prosedur.",
            "Split it into several procedures.",
        )
    for node in nodes:
        if node.tag not in NODES and bare(node) not in _AMONG | _ASIDE:
            yield fault(
                node.get("id", ""),
                f"Jenis simpul {bare(node)} tidak dijalankan.",
                f"Nodes of type {bare(node)} are not run.",
                "Pakai tugas orang, gerbang, penghitung waktu, atau baris nama = ungkapan.",
                "Use human tasks, gateways, timers, or lines of name = expression.",
            )
    yield from _events(diagram)


def _ends(diagram: Diagram) -> Iterator[Fault]:
    for end in diagram.ends.values():
        if end.closes and end.closes not in CLOSINGS:
            yield fault(
                end.id,
                f"Peringatan tidak dapat ditutup sebagai {end.closes}.",
                f"An alert cannot be closed as {end.closes}.",
                f"Pilih salah satu: {', '.join(sorted(CLOSINGS))}; kosongkan agar tetap terbuka.",
                f"Choose one of {', '.join(sorted(CLOSINGS))}; leave it empty to keep the alert open.",
            )


def _events(diagram: Diagram) -> Iterator[Fault]:
    """Events may be plain, an end may terminate, what is caught may only be time."""
    allowed = {
        "startEvent": set(),
        "endEvent": {"terminateEventDefinition"},
        "boundaryEvent": {"timerEventDefinition"},
        "intermediateCatchEvent": {"timerEventDefinition"},
    }
    for node in diagram.nodes():
        if bare(node) not in allowed:
            continue
        held = {bare(e) for e in node if bare(e).endswith("EventDefinition")}
        wanted = allowed[bare(node)]
        caught = bare(node) in ("boundaryEvent", "intermediateCatchEvent")
        if held - wanted or (caught and held != wanted):
            yield fault(
                node.get("id", ""),
                "Peristiwa ini tidak dijalankan; yang dijalankan hanya awal, akhir dan waktu.",
                "This event is not run; only start, end and time are.",
                "Pakai penghitung waktu.",
                "Use a timer.",
            )


def _step(step: Step, diagram: Diagram) -> Iterator[Fault]:
    if not step.power:
        yield fault(
            step.id,
            "Tugas ini tidak menyebut wewenang pelakunya.",
            "This task does not name the power of its doer.",
            "Isi wewenang pada tugas itu.",
            "Fill in the power on the task.",
        )
    if step.not_by and step.not_by not in diagram.steps:
        yield fault(
            step.id,
            f"Empat mata menunjuk tugas {step.not_by} yang tidak ada.",
            f"Four eyes names task {step.not_by}, which is not there.",
            "Sebut tugas yang ada.",
            "Name a task that is there.",
        )
    widest = max((len(f.options) for f in step.form), default=0)
    if len(step.form) > MOST_FIELDS or widest > MOST_OPTIONS:
        yield fault(
            step.id,
            f"Paling banyak {MOST_FIELDS} isian, dan {MOST_OPTIONS} pilihan pada satu isian.",
            f"At most {MOST_FIELDS} fields, and {MOST_OPTIONS} options in one.",
            "Bagi menjadi beberapa langkah.",
            "Split it into several steps.",
        )
    seen: set[str] = set()
    for field in step.form:
        bad_options = field.type == "choice" and (
            len(field.options) < 2 or not all(_NAME.match(o.value) for o in field.options)
        )
        taken = field.name in seen or field.name in KNOWN
        wrong = not _NAME.match(field.name) or taken or field.type not in _TYPES
        if wrong or bad_options or not field.label.id:
            yield fault(
                step.id,
                f"Isian {field.name or '?'} salah: nama, jenis, judul atau pilihannya.",
                f"Field {field.name or '?'} is wrong: its name, type, label or options.",
                "Nama: huruf kecil tanpa spasi, sekali saja, dan bukan yang diketahui sejak awal;"
                " pilihan paling sedikit dua.",
                "Name: lower case without spaces, once, and none that is known from the start; a"
                " choice has two options at least.",
            )
        seen.add(field.name)
