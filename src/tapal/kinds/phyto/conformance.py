"""What a certificate's XML has against the schema, told as findings; the record is kept anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from tapal.core.finding import Finding, Weight
from tapal.core.text import Text
from tapal.formats.sps import Problem

RULE: Final = "ephyto_conformance"
READING_LABELS: Final[Mapping[str, Text]] = {
    RULE: Text("Menyimpang dari standar ePhyto", "Departs from the ePhyto standard"),
    "inspection_rows_differ": Text("Baris pemeriksaan berbeda", "Rows of the inspection differ"),
}
_SAID: Final[Mapping[str, Text]] = {
    "missing": Text("unsur wajib tidak ada", "a required element is missing"),
    "unknown_element": Text("unsur tidak dikenal skema", "an element that the schema lacks"),
    "unknown_attribute": Text("atribut tidak dikenal skema", "an attribute that the schema lacks"),
    "unexpected_children": Text("unsur di dalam teks", "elements inside a text"),
    "stray_text": Text("teks di luar unsur", "text outside an element"),
    "out_of_order": Text("urutan unsur salah", "elements are out of order"),
    "repeated": Text("unsur berulang", "an element is repeated"),
    "namespace": Text("ruang nama XML lain", "another XML namespace"),
    "not_a_code_number": Text("kode bukan angka", "a code is not a number"),
    "not_a_number": Text("jumlah bukan angka", "an amount is not a number"),
    "not_a_date": Text("tanggal tidak terbaca", "a date cannot be read"),
    "date_without_element": Text("tanggal tanpa DateTimeString", "a date without DateTimeString"),
    "not_base64": Text("lampiran rusak", "an attachment is broken"),
    "more_problems": Text("masih ada penyimpangan lain", "there are more departures"),
    "envelope_differs": Text(
        "amplop hub berbeda dari sertifikat", "the hub's envelope differs from the certificate"
    ),
}
# Characters of the sender's text that a sentence quotes.
_QUOTED: Final = 100
_OTHER: Final = Text("penyimpangan dari skema", "a departure from the schema")


def findings(problems: Iterable[Problem]) -> Iterator[Finding]:
    """One finding for each sort of departure, naming the first place and how often it occurs."""
    ordered = sorted(problems, key=lambda problem: (problem.code, problem.line))
    for code, group in groupby(ordered, key=lambda problem: problem.code):
        held = list(group)
        first = held[0]
        yield Finding(
            rule=RULE,
            weight=Weight.LOOK if code == "envelope_differs" else Weight.NOTE,
            text=_sentence(_SAID.get(code, _OTHER), first, len(held)),
            fields=_fields(held),
            about=code,
            data={"places": [problem.place for problem in held[:20]], "count": len(held)},
        )


def _sentence(said: Text, first: Problem, count: int) -> Text:
    quoted = f": {first.detail[:_QUOTED]}" if first.detail else ""
    # The way to the certificate through the envelopes around it tells an officer nothing.
    where = first.place.rpartition("/SPSCertificate")[2] or first.place
    return Text(
        f"XML ePhyto: {said.id} ({count}x), pertama di {where} baris {first.line}{quoted}",
        f"ePhyto XML: {said.en} ({count}x), first at {where} line {first.line}{quoted}",
    )


def _fields(problems: Iterable[Problem]) -> tuple[str, ...]:
    """A departure inside a party quotes what may tell of a person."""
    if any("Party" in problem.place for problem in problems):
        return ("exporter.name", "consignee.name")
    return ("certificate.number",)
