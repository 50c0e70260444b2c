"""What a table may ask of: the marked fields of a kind and what is known besides, each with its sort."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tapal.core.finding import Finding, Weight
from tapal.core.marking import Mark, Sensitivity, nested_model
from tapal.core.profiles.table import Field, Sort
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text, same

CONTEXT = "context."
MOST_EARLIER = 20
"""So many earlier records are counted: history brings the newest under a key, 20 at least."""
YES_NO: Mapping[str, Text] = {"true": Text("ya", "yes"), "false": Text("tidak", "no")}
WEEKDAYS: Mapping[str, Text] = {
    "1": Text("Senin", "Monday"),
    "2": Text("Selasa", "Tuesday"),
    "3": Text("Rabu", "Wednesday"),
    "4": Text("Kamis", "Thursday"),
    "5": Text("Jumat", "Friday"),
    "6": Text("Sabtu", "Saturday"),
    "7": Text("Minggu", "Sunday"),
}

# A day as a record may know it: the first and the last that a partial date may mean.
Span = tuple[date, date]
Value = str | float | Span


@dataclass(frozen=True, slots=True)
class Case:
    """One record as a profile sees it: what it says, what is known, what was found.

    `level` says how far a finding tells: those above the profile's own level stay unknown to it.
    """

    view: RecordView
    context: Context
    found: tuple[Finding, ...] = ()
    level: Callable[[Finding], Sensitivity] = lambda finding: Sensitivity.RESTRICTED

    @property
    def moment(self) -> datetime:
        """When it happened at its post, or was received where that is not known."""
        place = self.context.places.get(self.view.place or "")
        at = self.view.occurred_at or self.view.received_at
        return at.astimezone(_zone(place.zone)) if place and place.zone else at

    @property
    def day(self) -> date:
        return self.moment.date()


Reader = Callable[[Case, Sensitivity], tuple[Value, ...]]


def _context_fields() -> Mapping[str, tuple[Field, Reader]]:
    S = Sensitivity
    field = Field
    named = (
        (field("place", Text("Pos", "Post"), Sort.CODE, S.INTERNAL), _place),
        (field("place_type", Text("Jenis pos", "Type of post"), Sort.CODE, S.INTERNAL), _type),
        (field("neighbour", Text("Negara tetangga", "Neighbour"), Sort.CODE, S.INTERNAL), _next),
        (field("hour", Text("Jam di pos", "Hour at the post"), Sort.NUMBER, S.INTERNAL, cycle=24),
         _hour),
        (field("weekday", Text("Hari", "Day of the week"), Sort.CODE, S.INTERNAL, codes=WEEKDAYS),
         _weekday),
        (field("findings", Text("Temuan aturan", "Findings of rules"), Sort.CODE, S.RESTRICTED,
               True), _findings),
        (field("earlier_7", Text("Catatan sebelumnya, 7 hari", "Earlier records, 7 days"),
               Sort.NUMBER, S.RESTRICTED, True, most=MOST_EARLIER), _earlier(7)),
        (field("earlier_30", Text("Catatan sebelumnya, 30 hari", "Earlier records, 30 days"),
               Sort.NUMBER, S.RESTRICTED, True, most=MOST_EARLIER), _earlier(30)),
        (field("earlier_365", Text("Catatan sebelumnya, 365 hari", "Earlier records, 365 days"),
               Sort.NUMBER, S.RESTRICTED, True, most=MOST_EARLIER), _earlier(365)),
        (field("earlier_alerts",
               Text("Catatan sebelumnya yang berperingatan", "Earlier records with an alert"),
               Sort.NUMBER, S.RESTRICTED, True, most=MOST_EARLIER), _earlier_alerts),
    )  # fmt: skip
    return {
        f"{CONTEXT}{f.name}": (
            Field(
                f"{CONTEXT}{f.name}",
                f.label,
                f.sort,
                f.sensitivity,
                f.personal,
                f.codes,
                f.cycle,
                f.most,
            ),
            reader,
        )
        for f, reader in named
    }


def context_fields(codes: Mapping[str, Mapping[str, Text]]) -> Mapping[str, Field]:
    """What is known besides the record; `codes` are the words of posts, their types and so on."""
    return {
        name: Field(
            name,
            f.label,
            f.sort,
            f.sensitivity,
            f.personal,
            codes.get(name, f.codes),
            f.cycle,
            f.most,
        )
        for name, (f, _) in _CONTEXT.items()
    }


def body_fields(model: type[BaseModel]) -> Mapping[str, Field]:
    """Each marked field of a body that has values one can ask of; tables of free keys have none."""
    return {field.name: field for field in _walk(model, "", None)}


def _walk(model: type[BaseModel], base: str, above: Text | None) -> Iterator[Field]:
    for name, info in model.model_fields.items():
        path, inner = f"{base}{name}", nested_model(info.annotation)
        if inner is not None:
            words = (*info.metadata, *_parts(info.annotation))
            label = next((m for m in words if isinstance(m, Text)), None)
            yield from _walk(inner, f"{path}.", above if label is None else _in(above, label))
            continue
        mark = next((m for m in info.metadata if isinstance(m, Mark)), None)
        sort = _sort(info, mark)
        if mark is not None and sort is not None:
            label = _in(above, mark.label)
            codes = mark.codes or _choices(info.annotation)
            yield Field(path, label, sort, mark.sensitivity, mark.personal, codes)


def _in(above: Text | None, label: Text) -> Text:
    return label if above is None else Text(f"{above.id}: {label.id}", f"{above.en}: {label.en}")


# Any: a type annotation may be any object that typing builds, here and below.
def _parts(annotation: Any) -> Iterator[Any]:
    """The annotation and all that it is made of, in unions, lists and `Annotated`."""
    yield annotation
    if get_origin(annotation) is Literal:
        return
    for part in get_args(annotation):
        yield from _parts(part)


def _sort(info: FieldInfo, mark: Mark | None) -> Sort | None:
    parts = list(_parts(info.annotation))
    if dict in parts or any(get_origin(p) is dict for p in parts):
        return None
    if (mark and mark.codes) or bool in parts or any(get_origin(p) is Literal for p in parts):
        return Sort.CODE
    if any(p in parts for p in (int, float, Decimal)):
        return Sort.NUMBER
    if date in parts or any(_is_day(p) for p in (*parts, *info.metadata)):
        return Sort.DAY
    return Sort.TEXT if str in parts else None


def _is_day(part: Any) -> bool:
    """True for a text whose pattern admits days, whole or in part, and no other words."""
    pattern = getattr(part, "pattern", None)
    if get_origin(part) is Annotated or not isinstance(pattern, str):
        return False
    return all(re.search(pattern, text) for text in ("1999", "1999-12-31")) and not re.search(
        pattern, "word"
    )


def _choices(annotation: Any) -> Mapping[str, Text] | None:
    parts = list(_parts(annotation))
    if bool in parts:
        return YES_NO
    found = next((p for p in parts if get_origin(p) is Literal), None)
    return None if found is None else {str(c): same(str(c)) for c in get_args(found)}


def reader_of(field: Field) -> Reader:
    """How the values of a field are read from a case, each in the type of its sort."""
    known = _CONTEXT.get(field.name)
    if known is not None:
        return known[1]
    parts, typed = tuple(field.name.split(".")), _TYPED[field.sort]

    def read(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
        raw = leaves(case.view.body, parts)
        return tuple(v for v in map(typed, raw) if v is not None) if raw else ()

    return read


def leaves(node: Any, parts: tuple[str, ...]) -> tuple[Any, ...]:
    """Every value at a path, lists being transparent; nothing where nothing was told."""
    for depth, part in enumerate(parts):
        if isinstance(node, list):
            rest = parts[depth:]
            return tuple(value for each in node for value in leaves(each, rest))
        if not isinstance(node, dict):
            return ()
        node = node.get(part)
        if node is None:
            return ()
    if isinstance(node, list):
        return tuple(value for value in node if value is not None)
    return (node,)


def _code(raw: Any) -> str:
    return ("true" if raw else "false") if isinstance(raw, bool) else str(raw)


def _number(raw: Any) -> float | None:
    try:
        return float(raw)
    except (TypeError, ValueError):
        return None


@lru_cache(maxsize=4096)
def span(text: str) -> Span | None:
    """The days that a date, whole or in part, may mean; None for what is no date."""
    try:
        first = date.fromisoformat(f"{text[:10]}-01-01"[:10])
    except ValueError:
        return None
    if len(text) == len("2026"):
        return first, first.replace(month=12, day=31)
    if len(text) == len("2026-01"):
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return first, after - timedelta(days=1)
    return first, first


_TYPED: Mapping[Sort, Callable[[Any], Value | None]] = {
    Sort.CODE: _code,
    Sort.TEXT: lambda raw: str(raw).casefold(),
    Sort.NUMBER: _number,
    Sort.DAY: lambda raw: span(str(raw)),
}


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _place(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    return (case.view.place,) if case.view.place else ()


def _type(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    place = case.context.places.get(case.view.place or "")
    return (place.type,) if place and place.type else ()


def _next(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    place = case.context.places.get(case.view.place or "")
    return (place.neighbour,) if place and place.neighbour else ()


def _hour(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    """The hour; nothing where only a day was told."""
    text = case.view.occurred_text
    day_only = text and sum(c.isdigit() for c in text) <= len("20260101")
    if case.view.occurred_at is None or day_only:
        return ()
    return (float(case.moment.hour),)


def _weekday(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    return () if case.view.occurred_at is None else (str(case.day.isoweekday()),)


def seen_findings(case: Case, ceiling: Sensitivity) -> Iterable[Finding]:
    """The findings that a profile of this level may know."""
    return (f for f in case.found if case.level(f) <= ceiling)


def _findings(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(f.rule for f in seen_findings(case, ceiling)))


def earlier(case: Case, days: int | None) -> list[RecordView]:
    """Earlier records of the same kind and owner that share a key, these days back."""
    view = case.view
    at = view.occurred_at or view.received_at
    found = []
    for other in case.context.history:
        then = other.occurred_at or other.received_at
        alike = other.kind == view.kind and other.owner == view.owner
        if alike and then < at and (days is None or at - then <= timedelta(days=days)):
            found.append(other)
    return found


def _earlier(days: int) -> Reader:
    def read(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
        return (float(min(len(earlier(case, days)), MOST_EARLIER)),)

    return read


def _earlier_alerts(case: Case, ceiling: Sensitivity) -> tuple[Value, ...]:
    alerted = sum(other.weight >= Weight.ALERT for other in earlier(case, None))
    return (float(min(alerted, MOST_EARLIER)),)


_CONTEXT = _context_fields()
