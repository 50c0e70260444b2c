"""What each field is: its label, who may see it, whether it tells of a person, and what for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from tapal.core.text import Text


class Sensitivity(IntEnum):
    """How far a field or a record may travel; a clause names the highest level it opens."""

    OPEN = 0
    INTERNAL = 1
    RESTRICTED = 2
    CONFIDENTIAL = 3
    # What only the owner's own officers with the power for it may see: no agreement reaches it.
    WITHHELD = 4

    @property
    def label(self) -> Text:
        return _SENSITIVITY_LABELS[self]


_SENSITIVITY_LABELS = {
    Sensitivity.OPEN: Text("terbuka", "open"),
    Sensitivity.INTERNAL: Text("internal", "internal"),
    Sensitivity.RESTRICTED: Text("terbatas", "restricted"),
    Sensitivity.CONFIDENTIAL: Text("rahasia", "confidential"),
    Sensitivity.WITHHELD: Text("ditahan", "withheld"),
}


class Purpose(StrEnum):
    """Why somebody looks. Each look names one; a field opens only for the purposes it lists."""

    BORDER_CONTROL = "border_control"
    CUSTOMS = "customs"
    QUARANTINE = "quarantine"
    HEALTH = "health"
    PROTECTION = "protection"
    LAW_ENFORCEMENT = "law_enforcement"
    STATISTICS = "statistics"
    OVERSIGHT = "oversight"

    @property
    def label(self) -> Text:
        return _PURPOSE_LABELS[self]


_PURPOSE_LABELS = {
    Purpose.BORDER_CONTROL: Text("pemeriksaan perbatasan", "border control"),
    Purpose.CUSTOMS: Text("kepabeanan", "customs"),
    Purpose.QUARANTINE: Text("karantina", "quarantine"),
    Purpose.HEALTH: Text("kekarantinaan kesehatan", "health"),
    Purpose.PROTECTION: Text("pelindungan", "protection"),
    Purpose.LAW_ENFORCEMENT: Text("penegakan hukum", "law enforcement"),
    Purpose.STATISTICS: Text("statistik", "statistics"),
    Purpose.OVERSIGHT: Text("pengawasan", "oversight"),
}

ANY_PURPOSE = frozenset(Purpose)
CHECKS = frozenset(Purpose) - {Purpose.STATISTICS}


@dataclass(frozen=True, slots=True)
class Mark:
    """Metadata of a body field: `Annotated[str | None, Mark("Nomor", "Number", …)]`."""

    id: str
    en: str
    sensitivity: Sensitivity
    personal: bool = False
    purposes: frozenset[Purpose] = CHECKS
    # Codes with their words, for a field that holds a code: the screen shows the word.
    codes: Mapping[str, Text] | None = field(default=None, hash=False, compare=False)

    @property
    def label(self) -> Text:
        return Text(self.id, self.en)


def strictest(marks: Iterable[Mark]) -> Sensitivity:
    """The level that a sentence built from these fields inherits."""
    return max((mark.sensitivity for mark in marks), default=Sensitivity.INTERNAL)


class Unmarked(TypeError):
    """A body field without a `Mark`: the kind cannot be shared safely and is refused."""


@lru_cache(maxsize=256)
def marked_fields(model: type[BaseModel]) -> Mapping[str, Mark]:
    """Every leaf of a body model by its dotted path, lists being transparent.

    `companions: list[Person]` gives `companions.birth_date`. A list of plain values is one leaf.
    Raises Unmarked, naming the path.
    """
    found: dict[str, Mark] = {}
    for name, info in model.model_fields.items():
        inner = nested_model(info.annotation)
        mark = next((m for m in info.metadata if isinstance(m, Mark)), None)
        if inner is not None:
            found.update({f"{name}.{path}": m for path, m in marked_fields(inner).items()})
        elif mark is None:
            raise Unmarked(f"{model.__name__}.{name} has no Mark")
        else:
            found[name] = mark
    return found


# Any: a type annotation may be any object that typing builds.
def nested_model(annotation: Any) -> type[BaseModel] | None:
    """The model inside `Model`, `Model | None`, `list[Model]`, `tuple[Model, ...]`, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is None:
        return None
    return next((m for m in map(nested_model, get_args(annotation)) if m is not None), None)
