"""What a model's field is, as far as a form needs to know: its sort, its choices, its words."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tapal.core.marking import Mark
from tapal.core.text import Text, same

Sort = Literal[
    "text", "area", "date", "time", "number", "yes", "choice", "many", "lines", "group", "rows"
]
# A text that may be longer gets more lines.
LONG = 200
YES_NO = (("true", Text("Ya", "Yes")), ("false", Text("Tidak", "No")))


@dataclass(frozen=True, slots=True)
class Shape:
    """One field of a model. `model` is that of a group or of the rows of a list."""

    name: str
    label: Text
    sort: Sort
    required: bool
    choices: tuple[tuple[str, Text], ...] = ()
    model: type[BaseModel] | None = None
    max_length: int | None = None
    hint: Text | None = None
    default: str | bool | list[str] = ""
    suggest: tuple[tuple[str, Text], ...] = ()


def shapes(model: type[BaseModel]) -> list[Shape]:
    """The fields of a model in their order."""
    return [_shape(name, info) for name, info in model.model_fields.items()]


def words_of(name: str, info: FieldInfo) -> Text:
    """A field's label: its mark's, or a `Text` beside its type; at worst its name."""
    for each in info.metadata:
        if isinstance(each, Mark):
            return each.label
        if isinstance(each, Text):
            return each
    title = info.title or name.replace("_", " ").capitalize()
    return same(title)


def codes_of(info: FieldInfo) -> Mapping[str, Text] | None:
    """The words of the codes that the field may hold, where its mark lists them."""
    return next((m.codes for m in info.metadata if isinstance(m, Mark) and m.codes), None)


def _shape(name: str, info: FieldInfo) -> Shape:
    kind, optional = _without_none(info.annotation)
    longest = max(_lengths(info.annotation, info.metadata), default=0)
    open_bool = optional or info.is_required()
    sort, choices, model = _sort(kind, open_bool, codes_of(info), longest)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    hint = extra.get("hint")
    return Shape(
        name=name,
        label=words_of(name, info),
        sort=sort,
        required=info.is_required(),
        choices=choices,
        model=model,
        max_length=longest or None,
        hint=Text(*map(str, hint)) if isinstance(hint, list | tuple) and len(hint) == 2 else None,
        default=_default(info),
        suggest=_suggested(extra.get("suggest")),
    )


# Any: a schema's extra may hold any JSON.
def _suggested(listed: Any) -> tuple[tuple[str, Text], ...]:
    """Values that are offered while typing, each with its words in both languages."""
    return tuple((str(value), Text(str(id_), str(en))) for value, id_, en in listed or ())


def _default(info: FieldInfo) -> str | bool | list[str]:
    """What a fresh form shows: the model's own default."""
    value = None if info.is_required() else info.get_default(call_default_factory=False)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return list(value)
    return "" if value is None or isinstance(value, BaseModel | list | tuple | dict) else str(value)


# Any: metadata and annotations may be any object that typing builds.
def _lengths(annotation: Any, metadata: Sequence[Any] = ()) -> Iterator[int]:
    """The longest lengths that a field's constraints name, also inside `Annotated[...] | None`."""
    for each in metadata:
        length = getattr(each, "max_length", None)
        if isinstance(length, int):
            yield length
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from _lengths(inner, more)
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _lengths(part)


# Any: a type annotation may be any object that typing builds.
def _without_none(annotation: Any) -> tuple[Any, bool]:
    """The annotation without `Annotated` and `| None`, and whether None was allowed."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [a for a in get_args(annotation) if a is not type(None)]
        inner, _ = _without_none(parts[0]) if len(parts) == 1 else (annotation, True)
        return inner, len(parts) < len(get_args(annotation))
    return annotation, False


def _sort(
    kind: Any, open_bool: bool, codes: Mapping[str, Text] | None, longest: int
) -> tuple[Sort, tuple[tuple[str, Text], ...], type[BaseModel] | None]:
    if get_origin(kind) in (list, tuple):
        inner, _ = _without_none(get_args(kind)[0])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return "rows", (), inner
        listed = _choices(inner, codes)
        return ("many" if listed else "lines"), listed, None
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "group", (), kind
    if kind is bool:
        # A yes or no that must be answered, or may be left open, is asked; else it is a box to tick.
        return ("choice", YES_NO, None) if open_bool else ("yes", (), None)
    if listed := _choices(kind, codes):
        return "choice", listed, None
    if kind is date:
        return "date", (), None
    if kind is datetime:
        return "time", (), None
    if kind in (int, float, Decimal):
        return "number", (), None
    return ("area" if longest > LONG else "text"), (), None


def _choices(kind: Any, codes: Mapping[str, Text] | None) -> tuple[tuple[str, Text], ...]:
    codes = codes or {}
    if get_origin(kind) is Literal:
        return tuple((str(v), codes.get(str(v), same(str(v)))) for v in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(
            (str(e.value), getattr(e, "label", codes.get(str(e.value), same(str(e.value)))))
            for e in kind
        )
    return tuple(codes.items())
