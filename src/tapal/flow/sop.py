"""The head of a procedure as a printed SOP: its dates, its legal basis, who may do it and with what.

Laws are rows `law.title`: each is printed with its confidence, and one that no longer holds says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tapal.core.legal import CONFIDENCE_LABELS
from tapal.core.text import Text, same
from tapal.engines.procedures import Diagram
from tapal.flow.law import in_force
from tapal.flow.officers import roles
from tapal.store.models import LegalRow, Procedure

LAW = "law.title"
PATTERN = "permenpan_35_2012"
"""The law whose pattern the print follows."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the steps; `revised` is None for a first version, `number` may be empty."""

    number: str
    made: datetime
    revised: datetime | None
    in_force: datetime | None
    laws: tuple[Text, ...]
    qualifications: tuple[Text, ...]
    related: tuple[Text, ...]
    equipment: tuple[Text, ...]
    warnings: tuple[Text, ...]
    records: tuple[Text, ...]
    pattern: Text

    def parts(self) -> tuple[tuple[Text, tuple[Text, ...]], ...]:
        """The six lists of the pattern, in its order: those that stand side by side follow each other."""
        return (
            (Text("Dasar hukum", "Legal basis"), self.laws),
            (Text("Kualifikasi pelaksana", "Qualifications"), self.qualifications),
            (Text("Keterkaitan", "Related SOPs"), self.related),
            (Text("Peralatan/perlengkapan", "Equipment"), self.equipment),
            (Text("Peringatan", "Warnings"), self.warnings),
            (Text("Pencatatan dan pendataan", "What is recorded"), self.records),
        )


def head_of(row: Procedure, diagram: Diagram) -> Head:
    """The head of one version."""
    head = diagram.head
    first = Procedure.objects.filter(name=row.name).order_by("version").defer("xml")[0]
    return Head(
        number=head.number,
        made=first.made_at,
        revised=row.made_at if row.version > first.version else None,
        in_force=row.in_force_at,
        laws=tuple(map(law_said, head.laws)),
        qualifications=(*head.qualifications, *_mandates(diagram)),
        related=tuple(map(_named, head.related)),
        equipment=head.equipment,
        warnings=head.warnings,
        records=head.records,
        pattern=law_said(PATTERN),
    )


def known_laws() -> frozenset[str]:
    """The codes of laws that a diagram may name."""
    rows = LegalRow.objects.filter(topic=LAW).values_list("selector", flat=True)
    return frozenset(selector.get("law", "") for selector in rows)


def law_said(code: str) -> Text:
    """A law by the row that is in force, with its confidence; the last one where none is any more."""
    today = timezone.localdate()
    rows = [r for r in LegalRow.objects.filter(topic=LAW) if r.selector.get("law") == code]
    rows.sort(key=lambda r: (in_force(r, today), str(r.valid_from or "")))
    if not rows:
        return Text("{c} (tidak dikenal)", "{c} (not known)").fill(c=code)
    row = rows[-1]
    told = Text.of(row.value) if isinstance(row.value, dict) else same(str(row.value))
    if row.confidence != "checked":
        told = Text("{t} ({c})", "{t} ({c})").fill(t=told, c=CONFIDENCE_LABELS[row.confidence])
    if not in_force(row, today):
        ended = Text(
            "{t}: tidak berlaku lagi, tinjau SOP ini", "{t}: not in force, review this SOP"
        )
        told = ended.fill(t=told)
    return told


def _mandates(diagram: Diagram) -> list[Text]:
    """The roles whose powers its steps ask for: nobody else is given the tasks."""
    powers = {step.power for step in diagram.steps.values()}
    held = [role.label for role in roles().values() if role.powers & powers]
    mandate = Text("Bermandat: {role}", "Holds the mandate: {role}")
    return (
        [mandate.fill(role=Text(", ".join(r.id for r in held), ", ".join(r.en for r in held)))]
        if held
        else []
    )


def _named(name: str) -> Text:
    """Another procedure by its newest version's name."""
    row = Procedure.objects.filter(name=name).order_by("-version").defer("xml").first()
    return Text.of(row.label) if row is not None else same(name)
