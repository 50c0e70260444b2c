"""The words of a procedure: what a diagram holds and what a run says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tapal.core.text import Text

NAMESPACE = "urn:tapal:procedure:1"
"""The namespace of what Tapal adds to BPMN 2.0: who does a step, its form, its clock, its outcome."""

FieldType = Literal["choice", "yes_no", "date", "number", "line", "text"]
KNOWN: frozenset[str] = frozenset(
    {"alert", "record", "reason", "rules", "kind", "weight", "agency", "place"}
)
"""What every run knows from its start: ids, the alert's reason, the rules that spoke, its weight."""
KEPT_TYPES: frozenset[str] = frozenset({"choice", "yes_no", "date", "number"})
"""Answers that go on with the run, for its gateways; words stay with the task that they answer."""

CLOSINGS: frozenset[str] = frozenset({"true", "false", "explained", "referred"})
"""What an end may find an alert to be."""
VERDICTS: frozenset[str] = CLOSINGS - {"referred"}
"""Those that judge: a person says them, never the time that ran out."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a step's form. `name` is the word under which gateways know the answer."""

    name: str
    type: FieldType
    label: Text
    required: bool = True
    options: tuple[Option, ...] = ()
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A human task: who does it, what is asked of him, by when.

    `agency` is a code, `role:` and words of an agency's role, `owner` for the agency whose alert it
    is, or `list_owner` for the authority of the list that was hit; `at_post` says that it is done
    at the alert's own post; `clock` names a rule row; `not_by` names a step whose doer may not do
    this one (four eyes); `private` is a step that only those who hold its power may see.
    """

    id: str
    label: Text
    text: Text
    power: str
    agency: str = "owner"
    at_post: bool = True
    clock: str = ""
    not_by: str = ""
    private: bool = False
    form: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the steps of a printed SOP.

    `number` is the agency's own number of it; `laws` are codes of the rows `law.title` that it rests
    on; `related` are names of other procedures; the others are points, one line each.
    """

    number: str = ""
    laws: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    qualifications: tuple[Text, ...] = ()
    equipment: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()
    records: tuple[Text, ...] = ()


HEAD_POINTS: tuple[str, ...] = ("qualifications", "equipment", "warnings", "records")
"""The lists of a head: points between semicolons, the English ones beside them."""


@dataclass(frozen=True, slots=True)
class End:
    """An end of a procedure; `closes` is what the alert was found to be there, empty to leave it open."""

    id: str
    label: Text
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a diagram is refused: the element, what is wrong, and the mend."""

    place: str
    reason: Text
    mend: Text


def fault(place: str, id: str, en: str, mend_id: str, mend_en: str) -> Fault:
    """A fault in both languages."""
    return Fault(place, Text(id, en), Text(mend_id, mend_en))


@dataclass(frozen=True, slots=True)
class Host:
    """What a run asks of the house: the time (aware UTC) and when a named clock that starts now runs out."""

    now: datetime
    clock: Callable[[str, datetime], datetime | None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A step that waits for a person. `key` tells two passings of the same step apart."""

    key: str
    step: Step


@dataclass(frozen=True, slots=True)
class Moved:
    """A run after a move.

    `state` is JSON; `due` is when its next timer fires; `passed` are the ids of the diagram's
    elements that this move completed, in order; `ended` are the ends that were reached by it.
    """

    state: Mapping[str, Any]
    ready: tuple[Ready, ...]
    due: datetime | None
    passed: tuple[str, ...]
    ended: tuple[End, ...]
    done: bool
