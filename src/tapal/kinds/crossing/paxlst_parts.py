"""What one person's group of a passenger list is gathered in before it becomes models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tapal.core.finding import Compared, Weight
from tapal.core.text import Text
from tapal.formats.edifact import Message, Segment
from tapal.kinds.crossing.reading import Notes, clean

ROLES: Mapping[str, str] = {
    "FL": "passenger",
    "FM": "crew",
    "DDU": "transit_passenger",
    "DDT": "transit_crew",
}
"""Party function codes (3035) of NAD that begin a person."""


def role_of(nad: Segment) -> str:
    """The role of the person whom a NAD begins; "" for the sender and other parties."""
    return ROLES.get(nad.get(0).upper(), "")


@dataclass(slots=True)
class Group:
    """A person's NAD and the segments that follow it."""

    nad: Segment
    segments: list[Segment]

    def raw(self) -> str:
        """The group as text, for a reject."""
        return " ".join(plain(segment) for segment in (self.nad, *self.segments))


def parts_of(message: Message) -> tuple[list[Segment], list[Group]]:
    """The segments before the first person, and the group of each person, by whatever role.

    A party that travels not (the sender, a contact) keeps its own segments: they are no one else's.
    """
    heading: list[Segment] = []
    groups: list[Group] = []
    into, begun = heading, False
    for segment in message.segments:
        if segment.tag == "NAD":
            into = heading if not begun else []
            if role_of(segment) or (begun and _named(segment)):
                groups.append(Group(segment, []))
                into, begun = groups[-1].segments, True
                continue
        begun = begun or segment.tag == "TDT"
        if segment.tag != "CNT":
            into.append(segment)
    return heading, groups


_NO_TRAVELLERS = frozenset({"MS", "MR", "COT", "GI", "SR"})


def _named(nad: Segment) -> bool:
    """Whether a party has a person's name (C080) and is none of those that only send or answer."""
    return bool(nad.get(3)) and nad.get(0).upper() not in _NO_TRAVELLERS


@dataclass(slots=True)
class Parts:
    """Fields as they are gathered, before they become models."""

    near: date
    notes: Notes
    person: dict[str, str] = field(default_factory=dict)
    nationalities: list[str] = field(default_factory=list)
    journey: dict[str, object] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    pieces: int | None = None
    weight: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    early: list[Segment] = field(default_factory=list)  # of a document, before its DOC

    def keep(self, segment: Segment) -> None:
        """Keep a segment that has no field here, as it came."""
        self.extra[_free(segment.tag, self.extra)] = plain(segment)

    def refer(self, name: str, value: str) -> None:
        """Keep a reference beside others of its name."""
        if value and value not in self.references.values():
            self.references[_free(name, self.references)] = value

    def say(self, values: dict[str, str], name: str, value: str, label: Text, path: str) -> None:
        """Set a value that may be said once only; another one is told and kept beside it."""
        if values.setdefault(name, value) == value:
            return
        self.extra[_free(path, self.extra)] = value
        text = Text(
            "{label_id} disebut dua kali dengan nilai berlainan; yang pertama dipakai.",
            "{label_en} is given twice with different values; the first one is used.",
        )
        self.notes.note(
            "value_given_twice",
            text.fill(label_id=label.id, label_en=label.en),
            path,
            weight=Weight.LOOK,
            compared=(Compared(label, values[name], value, agree=False),),
            about=path,
        )


def _free(name: str, held: Mapping[str, str]) -> str:
    """The name, with a number where it is taken."""
    number, free = 1, name
    while free in held:
        number += 1
        free = f"{name} {number}"
    return free


def plain(segment: Segment) -> str:
    return clean("+".join([segment.tag, *(":".join(element) for element in segment.elements)]))
