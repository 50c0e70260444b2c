"""The UN Security Council's consolidated list (XML): individuals and entities.

Source: the schema sc-sanctions.xsd of the United Nations. Names come in up to four parts, aliases
with their quality, dates as a day, a year or a span of years.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tapal.core.text import Text
from tapal.formats import xml_safe
from tapal.formats.listing import MAX_BYTES, Fault, Item, ListingRow, partial_date, unpack

ROOT = "CONSOLIDATED_LIST"
MAX_ELEMENTS = 5_000_000
"""The list of 2026 has 36,000."""
MAX_SPAN = 12
"""Years of birth that a span may name one by one; of a longer one nothing can be compared."""

_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_WHOLE = {"INDIVIDUAL": "Person", "ENTITY": "Organization"}
_WEAK = frozenset({"low"})
_SEXES = {"male": "male", "female": "female"}
AUTHORITY = "UN Security Council"


def read(data: bytes) -> Iterator[Item]:
    """Read the list; one bad entry is a fault that names it, and stops no other."""
    try:
        root = xml_safe.parse(unpack(data), max_bytes=MAX_BYTES, max_elements=MAX_ELEMENTS)
    except xml_safe.Unreadable as wrong:
        yield _fault(f"line {wrong.line}", f"XML tidak terbaca: {wrong.reason}",
                     f"The XML cannot be read: {wrong.reason}")  # fmt: skip
        return
    except ValueError:
        yield _fault(
            "file", "Berkas terkompresi rusak atau terlalu besar.", "The packed file is broken."
        )
        return
    if xml_safe.local_name(root) != ROOT:
        yield _fault("line 1", f"Bukan {ROOT}.", f"This is no {ROOT}.")
        return
    for element in root.iter(*_WHOLE):
        yield from _entry(element)


def _entry(element: etree._Element) -> Iterator[Item]:
    place = f"line {xml_safe.line_of(element)}, {element.tag}"
    number = _said(element, "REFERENCE_NUMBER")
    entity_id = number or _said(element, "DATAID")
    name = " ".join(part for tag in _NAMES if (part := _said(element, tag)))
    strong, weak = _aliases(element)
    if not entity_id:
        yield _fault(place, "REFERENCE_NUMBER tidak ada.", "The REFERENCE_NUMBER is missing.", name)
        return
    if not name and not strong:
        yield _fault(f"{place} {entity_id}", "Entri ini tanpa nama.", "This entry has no name.")
        return
    for written in _birth_texts(element):
        if partial_date(written) is None:
            wrong = _fault(
                f"{place} {entity_id}, DATE_OF_BIRTH",
                f"“{written[:60]}” tidak terbaca.",
                f"“{written[:60]}” cannot be read.",
            )
            yield Fault(wrong.place, wrong.reason, wrong.mend, written[:200], taken=True)
    original = _said(element, "NAME_ORIGINAL_SCRIPT")
    yield ListingRow(
        entity_id=entity_id,
        schema=_WHOLE[str(element.tag)],
        names=(name,) if name else strong[:1],
        aliases=tuple(dict.fromkeys((*strong, *((original,) if original else ())))),
        weak_aliases=weak,
        birth_dates=_births(element),
        nationalities=_values(element, "NATIONALITY"),
        documents=tuple(_documents(element)),
        gender=_SEXES.get(_said(element, "GENDER").lower()),
        authority=AUTHORITY,
        number=number,
        legal_basis=_said(element, "UN_LIST_TYPE"),
        valid_from=partial_date(_said(element, "LISTED_ON")),
        reason=_said(element, "COMMENTS1"),
        place=place,
    )


def _said(element: etree._Element, tag: str) -> str:
    """The text of a part, its white space made plain."""
    return " ".join((element.findtext(tag) or "").split())


def _values(element: etree._Element, tag: str) -> tuple[str, ...]:
    texts = (" ".join((v.text or "").split()) for v in element.iterfind(f"{tag}/VALUE"))
    return tuple(dict.fromkeys(t for t in texts if t))


def _aliases(element: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    strong: list[str] = []
    weak: list[str] = []
    for alias in element.iterfind(f"{element.tag}_ALIAS"):
        name = _said(alias, "ALIAS_NAME")
        if name:
            (weak if _said(alias, "QUALITY").lower() in _WEAK else strong).append(name)
    return tuple(dict.fromkeys(strong)), tuple(dict.fromkeys(weak))


def _birth_texts(element: etree._Element) -> Iterator[str]:
    for born in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        yield from (t for tag in ("DATE", "YEAR") if (t := _said(born, tag)))
    yield from (
        t for alias in element.iterfind("INDIVIDUAL_ALIAS") if (t := _said(alias, "DATE_OF_BIRTH"))
    )


def _births(element: etree._Element) -> tuple[str, ...]:
    found = [d for text in _birth_texts(element) if (d := partial_date(text))]
    for born in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        first, last = _said(born, "FROM_YEAR"), _said(born, "TO_YEAR")
        if partial_date(first) and partial_date(last):
            years = range(int(first[:4]), int(last[:4]) + 1)
            found += [str(year) for year in years] if len(years) <= MAX_SPAN else []
    return tuple(dict.fromkeys(found))


def _documents(element: etree._Element) -> Iterator[tuple[str, str | None]]:
    for paper in element.iterfind("INDIVIDUAL_DOCUMENT"):
        number = _said(paper, "NUMBER")
        if number:
            yield (
                number,
                _said(paper, "ISSUING_COUNTRY") or _said(paper, "COUNTRY_OF_ISSUE") or None,
            )


def _fault(place: str, said_id: str, said_en: str, raw: str = "") -> Fault:
    mend = Text("Unduh ulang daftarnya dari PBB.", "Download the list from the UN again.")
    return Fault(place, Text(said_id, said_en), mend, raw[:200])
