"""Read one trade line of an ePhyto: names, quantities, origins, treatments, notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tapal.formats import sps
from tapal.kinds.phyto import codes, model


@dataclass(slots=True)
class _Sorted:
    """A line's notes and classes sorted into those with a field of their own and the rest."""

    declarations: list[model.Declaration] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    original_certificate: str | None = None
    original_country: str | None = None
    notes: list[model.Note] = field(default_factory=list)
    hs_code: str | None = None
    eppo_code: str | None = None
    classes: list[model.Classification] = field(default_factory=list)


def line_item(line: sps.LineItem, cargo_type: str) -> model.Item:
    """The line's values; a measure that is no number stays a note under its element's name."""
    found = _sorted_notes(line)
    _sort_classes(line, found)
    names = texts(line.scientific_names)
    found.notes += [
        model.Note(subject="PhysicalSPSPackage", text=f"{one.level} {one.type_code}".strip())
        for one in line.packages
        if not one.quantity and (one.level or one.type_code)
    ]

    def amount(element: str, measure: sps.Measure | None) -> model.Quantity | None:
        return quantity(measure, found.notes, element)

    return model.Item(
        sequence=line.sequence or None,
        scientific_names=names or None,
        eppo_code=found.eppo_code,
        common_names=texts(line.common_names) or None,
        descriptions=texts(line.descriptions) or None,
        intended_uses=texts(line.intended_uses) or None,
        hs_code=found.hs_code,
        commodity=codes.commodity(found.hs_code or "", names) or None,
        net_weight=amount("NetWeightMeasure", line.net_weight),
        gross_weight=amount("GrossWeightMeasure", line.gross_weight),
        net_volume=amount("NetVolumeMeasure", line.net_volume),
        gross_volume=amount("GrossVolumeMeasure", line.gross_volume),
        packages=[_package(one) for one in line.packages if one.quantity] or None,
        classifications=found.classes or None,
        origins=[_origin(one) for one in line.origins] or None,
        marks=found.marks or None,
        original_certificate=found.original_certificate,
        original_country=found.original_country,
        cargo_type=cargo_type or None,
        declarations=found.declarations or None,
        treatments=[_treatment(one) for one in line.processes] or None,
        notes=found.notes or None,
    )


def texts(words: Iterable[sps.Words]) -> list[str]:
    """The texts in order; the same text in a second language is not repeated."""
    return list(dict.fromkeys(one.text for one in words))


def quantity(
    measure: sps.Measure | None, notes: list[model.Note], element: str
) -> model.Quantity | None:
    """The amount with its unit; what is no number goes to the notes."""
    if measure is None:
        return None
    if measure.value is None:
        notes.append(model.Note(subject=element, text=f"{measure.text} {measure.unit}".strip()))
        return None
    return model.Quantity(value=measure.value, unit=measure.unit or None)


def _sorted_notes(line: sps.LineItem) -> _Sorted:
    found = _Sorted()
    for note in line.notes:
        for words in note.contents:
            language = words.language or None
            if note.subject == "ADTLIL":
                found.declarations.append(model.Declaration(text=words.text, language=language))
            elif note.subject == "DMTLIL":
                found.marks.append(words.text)
            elif note.subject == "RPCRF" and found.original_certificate is None:
                found.original_certificate = words.text
            elif note.subject == "RPCCO" and found.original_country is None:
                found.original_country = codes.alpha3(words.text)
            else:
                kept = model.Note(subject=note.subject, text=words.text, language=language)
                found.notes.append(kept)
    return found


def _sort_classes(line: sps.LineItem, found: _Sorted) -> None:
    for one in line.classifications:
        system = one.system.upper()
        names = texts(one.names)
        if system == "HS" and one.code and not found.hs_code and not names:
            found.hs_code = one.code
        elif system.startswith("EPPO") and one.code and not found.eppo_code and not names:
            found.eppo_code = one.code.upper()
        elif one.code or names:
            if system == "HS" and not found.hs_code:
                found.hs_code = one.code or None
            kept = model.Classification(
                system=one.system or None, code=one.code or None, name="; ".join(names) or None
            )
            found.classes.append(kept)


def _package(package: sps.Package) -> model.Package:
    return model.Package(
        level=package.level or None,
        type_code=package.type_code or None,
        count=package.quantity,
    )


def _origin(origin: sps.Origin) -> model.Origin:
    area = origin.subdivision or sps.Subdivision()
    return model.Origin(
        country=codes.alpha3(origin.id.text) if origin.id else None,
        country_name=origin.name or None,
        area=area.name or None,
        area_level=area.level or None,
    )


def _treatment(process: sps.Process) -> model.Treatment:
    """A characteristic's first description is its code; the others, or its measure, the value."""
    notes: list[model.Note] = []
    single: dict[str, str] = {}
    chemicals: list[str] = []
    measures: dict[str, model.Quantity | None] = {}
    for one in process.characteristics:
        code, *said = one.descriptions or (sps.Words(""),)
        if code.text in ("TTCO", "TTTM") and one.value and code.text not in measures:
            measures[code.text] = quantity(one.value, notes, code.text)
        elif one.value:
            text = f"{one.value.text} {one.value.unit}".strip()
            notes.append(model.Note(subject=code.text or "ValueMeasure", text=text))
        elif code.text and not said:
            # Senders write what was done without the code that should say what it is.
            notes.append(model.Note(subject="Description", text=code.text))
        for words in said:
            if code.text == "TTCH":
                chemicals.append(words.text)
            elif code.text in ("TTL1", "TTL2") and code.text not in single:
                single[code.text] = words.text
            else:
                language = words.language or None
                notes.append(model.Note(subject=code.text, text=words.text, language=language))
    period = process.period or sps.Period()
    return model.Treatment(
        process=process.type_code or None,
        type_code=single.get("TTL1"),
        detail_code=single.get("TTL2"),
        chemicals=chemicals or None,
        concentration=measures.get("TTCO"),
        temperature=measures.get("TTTM"),
        started=period.start.text if period.start else None,
        ended=period.end.text if period.end else None,
        duration=quantity(period.duration, notes, "DurationMeasure"),
        notes=notes or None,
    )
