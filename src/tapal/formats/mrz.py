"""Read machine readable zones: TD1, TD2, TD3, MRV-A and MRV-B.

`read(data)` yields every document in a stream of lines, and a problem for every line that is none.
Nothing is corrected silently: a document's values are what was read; what was padded, what does
not fit its field and which check digits fail is told apart, with suggestions where a usual OCR
confusion explains it. Never raises.

Source: ICAO Doc 9303 parts 3 to 7.
"""

from __future__ import annotations

from collections.abc import Iterator

from tapal.formats.mrz_fields import Check, Document, Place, Problem, parse
from tapal.formats.mrz_find import Line, best, lines_of, lost, zone_like
from tapal.formats.mrz_layout import BY_NAME, Layout, check_digit


def read(data: bytes) -> Iterator[Document | Problem]:
    """Yield the documents of a stream and a problem for each line or broken zone that is none."""
    lines = lines_of(data)
    index = ordinal = 0
    while index < len(lines):
        found = best(lines[index : index + 3])
        if found is None:
            count = lost(lines[index : index + 6])
            value = "\n".join(line.text[:90] for line in lines[index : index + count])
            yield Problem("not_mrz", Place(0, lines[index].number), value=value)
            index += count
            continue
        ordinal += 1
        place = Place(ordinal, lines[index].number)
        yield parse(found.layout, found.rows, place=place, codes=found.codes)
        used = found.used
        if found.rest:
            lines[index + used - 1] = Line(lines[index + used - 1].number, found.rest)
            used -= 1
        index += used


def read_one(text: str) -> Document | None:
    """The first document in a text, as a scanner at a counter sends it; None when there is none."""
    items = read(text.encode("utf-8", "replace"))
    return next((item for item in items if isinstance(item, Document)), None)


__all__ = [
    "BY_NAME",
    "Check",
    "Document",
    "Layout",
    "Place",
    "Problem",
    "check_digit",
    "parse",
    "read",
    "read_one",
    "zone_like",
]
