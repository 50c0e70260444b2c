"""A form laid out: fields with their words, values and errors, groups, and rows that can be added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

from pydantic import BaseModel

from tapal.core.text import Text
from tapal.web.forms.shape import Shape, Sort, shapes

# This many choices stand open beside each other; more go into a list.
OPEN_CHOICES = 4


@dataclass(slots=True)
class Field:
    """One input. `path` is its name in the form: `companions.0.birth_date`."""

    path: str
    id: str
    label: Text
    sort: Sort
    required: bool
    value: str | bool | list[str]
    choices: tuple[tuple[str, Text], ...] = ()
    max_length: int | None = None
    hint: Text | None = None
    errors: list[Text] = field(default_factory=list)
    suggest: tuple[tuple[str, Text], ...] = ()
    is_group = False

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for a screen reader."""
        parts = [f"{self.id}-hint"] if self.hint or self.sort in ("date", "time", "lines") else []
        return " ".join([*parts, *([f"{self.id}-error"] if self.errors else [])])

    @property
    def fixed(self) -> bool:
        """True when there is nothing to choose: the only choice, already made."""
        return self.sort == "choice" and len(self.choices) == 1 and bool(self.value)

    @property
    def open_choices(self) -> bool:
        """True when the choices stand open: the officer sees all and presses one key."""
        return self.sort == "choice" and len(self.choices) <= OPEN_CHOICES


@dataclass(slots=True)
class Group:
    """Fields that belong together. `add` names the list that grows by a row at the press of a button."""

    path: str
    label: Text
    entries: list[Entry]
    add: str = ""
    is_group = True


Entry = Union[Field, Group]  # noqa: UP007  (the parts name each other)


def plan(
    model: type[BaseModel],
    given: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[Text]] | None = None,
    *,
    prefix: str = "",
    rows: Mapping[str, int] | None = None,
) -> list[Entry]:
    """Lay a form out. `given` are answers by path as typed; `rows` how many rows each list shows.

    `prefix` keeps the ids of several forms on one page apart.
    """
    return _entries(model, "", _Told(given or {}, errors or {}, rows or {}, prefix))


def fields_of(entries: Iterable[Entry]) -> Iterator[Field]:
    """All fields in their order, those inside groups too."""
    for entry in entries:
        if isinstance(entry, Group):
            yield from fields_of(entry.entries)
        else:
            yield entry


def first_to_fill(entries: Sequence[Entry]) -> str:
    """Where the cursor belongs: the first field that is wrong, else the first that must be filled."""
    fields = [each for each in fields_of(entries) if not each.fixed]
    wrong = (each.path for each in fields if each.errors)
    open_ = (each.path for each in fields if each.required and not each.value)
    return next(wrong, "") or next(open_, "") or next((each.path for each in fields), "")


@dataclass(frozen=True, slots=True)
class _Told:
    given: Mapping[str, Any]
    errors: Mapping[str, list[Text]]
    rows: Mapping[str, int]
    prefix: str


def _entries(model: type[BaseModel], base: str, told: _Told) -> list[Entry]:
    found: list[Entry] = []
    for shape in shapes(model):
        path = f"{base}{shape.name}"
        if shape.sort == "group" and shape.model:
            found.append(Group(path, shape.label, _entries(shape.model, f"{path}.", told)))
        elif shape.sort == "rows" and shape.model:
            found.append(_rows(shape, shape.model, path, told))
        else:
            found.append(_field(shape, path, told))
    return found


def _rows(shape: Shape, model: type[BaseModel], path: str, told: _Told) -> Group:
    numbers = range(told.rows.get(path, 0))
    return Group(
        path,
        shape.label,
        [
            Group(
                f"{path}.{n}",
                Text(f"{shape.label.id} {n + 1}", f"{shape.label.en} {n + 1}"),
                _entries(model, f"{path}.{n}.", told),
            )
            for n in numbers
        ],
        add=path,
    )


def _field(shape: Shape, path: str, told: _Told) -> Field:
    value = told.given.get(path, shape.default)
    if shape.sort == "lines" and isinstance(value, list):
        value = "\n".join(value)
    return Field(
        path=path,
        id=f"{told.prefix}{path}".replace(".", "-"),
        label=shape.label,
        sort=shape.sort,
        # A field inside rows or groups that may be left out altogether is not forced by the browser.
        required=shape.required and "." not in path,
        value=value,
        choices=shape.choices,
        max_length=shape.max_length,
        hint=shape.hint,
        errors=list(told.errors.get(path, ())),
        suggest=shape.suggest,
    )
