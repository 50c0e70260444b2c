"""What a kind gives to the lake: the columns of its non-personal fields, typed by its body's model."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from tapal.core.kind import Kind
from tapal.core.marking import Sensitivity, nested_model

# What a lake holds at most: no record above it, and never a field that tells of a person.
LAKE_LEVEL = Sensitivity.RESTRICTED
# An amount is a whole number of millionths of its unit: sums are exact.
MILLIONTHS = 1_000_000
LONGEST_TEXT = 200
_LARGEST = 2**63 - 1


class ColumnType(StrEnum):
    """What a column of the lake holds."""

    TEXT = "text"
    WHOLE = "whole"
    AMOUNT = "amount"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class LakeColumn:
    """One column: the body path it comes from, its type, and whether a record has several values."""

    path: str
    type: ColumnType
    many: bool

    @property
    def name(self) -> str:
        return column_name(self.path)

    # Any: JSON values of a body.
    def value(self, found: list[Any]) -> Any:
        """The values of a body at the path as the column holds them; None where there is nothing."""
        kept = [v for v in (_converted(self.type, each) for each in found) if v is not None]
        if self.many:
            return kept or None
        return kept[0] if kept else None


def column_name(path: str) -> str:
    """The column of a body path: no dots, and never the name of a column of the envelope."""
    return "f_" + path.replace(".", "__")


def lake_columns(kind: Kind) -> tuple[LakeColumn, ...]:
    """The lake's columns of a kind. Raises TypeError for a field that no column can hold."""
    return tuple(_column(kind.model, path) for path in kind.lake)


def _column(model: type[BaseModel], path: str) -> LakeColumn:
    many, annotation = False, None
    node: type[BaseModel] | None = model
    for part in path.split("."):
        if node is None:
            raise TypeError(f"{model.__name__}.{path} leads nowhere")
        annotation = node.model_fields[part].annotation
        many |= _is_list(annotation)
        node = nested_model(annotation)
    return LakeColumn(path, _type(annotation, path), many)


# Any: a type annotation may be any object that typing builds.
def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return True
    return get_origin(annotation) is not None and any(map(_is_list, get_args(annotation)))


def _type(annotation: Any, path: str) -> ColumnType:
    leaves = set(_leaves(annotation)) - {type(None)}
    if leaves <= {str}:
        return ColumnType.TEXT
    for leaf, found in (
        (bool, ColumnType.FLAG),
        (int, ColumnType.WHOLE),
        (Decimal, ColumnType.AMOUNT),
    ):
        if leaves == {leaf}:
            return found
    raise TypeError(f"the lake has no column for {path}: {leaves}")


def _leaves(annotation: Any) -> list[type]:
    origin = get_origin(annotation)
    if origin is None:
        return [annotation]
    if origin is Literal:
        return [type(value) for value in get_args(annotation)]
    inner = get_args(annotation)[:1] if origin is Annotated else get_args(annotation)
    return [leaf for each in inner if each is not Ellipsis for leaf in _leaves(each)]


def _converted(type_: ColumnType, value: Any) -> Any:
    """One value; what does not fit its column is left out, never bent into it."""
    if type_ is ColumnType.TEXT:
        return value[:LONGEST_TEXT] if isinstance(value, str) else None
    if type_ is ColumnType.FLAG:
        return value if isinstance(value, bool) else None
    if type_ is ColumnType.WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if whole and abs(value) <= _LARGEST else None
    try:
        amount = Decimal(str(value))
        scaled = int((amount * MILLIONTHS).to_integral_value()) if amount.is_finite() else None
    except (InvalidOperation, OverflowError):
        return None
    return scaled if scaled is not None and abs(scaled) <= _LARGEST else None
