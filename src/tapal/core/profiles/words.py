"""Conditions as sentences in both languages, with the values that were held against them."""

from __future__ import annotations

from collections.abc import Sequence

from tapal.core.finding import Compared
from tapal.core.profiles.decide import ExplainedCell
from tapal.core.profiles.fields import Value
from tapal.core.profiles.table import COUNTING, Field, Operand, Operator, Sort
from tapal.core.text import Text, same

_ALONE = (Operator.PRESENT, Operator.ABSENT)
NOT_TOLD = Text("tidak ada isinya", "not told")


def condition(field: Field, operator: Operator, operand: Operand) -> Text:
    """What a cell asks: Nationality any of Timor-Leste, Malaysia."""
    if operator in _ALONE:
        return Text("{f} {o}", "{f} {o}").fill(f=field.label, o=operator.label)
    return Text("{f} {o} {v}", "{f} {o} {v}").fill(
        f=field.label, o=operator.label, v=operand_said(field, operator, operand)
    )


def conditions(cells: Sequence[tuple[Field, Operator, Operand]]) -> Text:
    """The conditions of a row, joined."""
    said = [condition(*cell) for cell in cells]
    return Text("; ".join(s.id for s in said), "; ".join(s.en for s in said))


def operand_said(field: Field, operator: Operator, operand: Operand) -> Text:
    """An operand in words."""
    if operator in _ALONE:
        return operator.label
    counting = operator in COUNTING
    parts = [same(v) if counting else _one(field, v) for v in operand]
    if operator is Operator.BETWEEN:
        return Text(f"{parts[0].id} dan {parts[-1].id}", f"{parts[0].en} and {parts[-1].en}")
    return _listed(parts)


def value_said(field: Field, values: Sequence[Value]) -> Text:
    """What a record says there."""
    return _listed([_one(field, v) for v in values]) if values else NOT_TOLD


def compared(cell: ExplainedCell) -> Compared:
    """A condition as two values side by side."""
    asked = operand_said(cell.field, cell.operator, cell.operand)
    if cell.operator not in _ALONE:
        asked = Text("{o} {v}", "{o} {v}").fill(o=cell.operator.label, v=asked)
    return Compared(cell.field.label, value_said(cell.field, cell.values), asked, cell.fits)


def _listed(parts: Sequence[Text]) -> Text:
    return Text(", ".join(p.id for p in parts), ", ".join(p.en for p in parts))


def _one(field: Field, value: Value) -> Text:
    if isinstance(value, tuple):
        first, last = value
        text = first.strftime("%d-%m-%Y")
        return same(text if first == last else f"{text}..{last.strftime('%d-%m-%Y')}")
    if isinstance(value, float):
        return same(f"{value:.10g}")
    if field.codes and value in field.codes:
        return field.codes[value]
    if field.sort is Sort.DAY:
        return same("-".join(reversed(value.split("-"))))
    return same(value)
