"""Things that a record speaks of, in FollowTheMoney's words as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tapal.core.record import Key


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, vessel, vehicle or document named in a record.

    `schema` and the property names are FollowTheMoney's (`Person`, `birthDate`); values are
    tuples of text, dates ISO 8601 and possibly partial, countries ISO 3166 alpha-3 as in ICAO
    9303. `role` is the part it plays (`traveller`, `companion`); `path` is where in the body it
    stands, `fields` the body paths that it was made from; `anchors` are the keys that identify it
    (a travel document), by which records about the same bearer are joined.
    """

    schema: str
    properties: Mapping[str, tuple[str, ...]] = field(hash=False)
    role: str
    path: str = ""
    fields: tuple[str, ...] = ()
    anchors: tuple[Key, ...] = ()

    def first(self, name: str) -> str:
        """The first value of a property, or nothing."""
        return next(iter(self.properties.get(name, ())), "")
