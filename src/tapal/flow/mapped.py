"""Saved mappings as formats of the road: `map:NAME` is the version in force, `map:NAME@3` the third."""

from __future__ import annotations

import re
from collections.abc import Callable

from tapal.core.actions import Actor
from tapal.core.kind import Kind
from tapal.core.reading import Format
from tapal.core.text import Text
from tapal.formats import mapped
from tapal.kinds import KINDS
from tapal.store.models import Message, Reject, SavedMapping

PREFIX = "map:"
_NAME = re.compile(r"map:([a-z0-9][a-z0-9-]{0,29})(?:@(\d{1,6}))?")
_ROW = re.compile(r"row \d+(?= |$)")
# Versions that live messages may be read by: a draft never.
LIVE = ("in_force", "followed", "ended")


def is_mapped(format: str) -> bool:
    """Whether the name of a format means a saved mapping."""
    return format.startswith(PREFIX)


def name_of(format: str) -> str:
    """The mapping's own name."""
    return format.removeprefix(PREFIX).partition("@")[0]


def chosen(format: str) -> tuple[Kind, Format] | None:
    """The kind and the format of a mapping; None where there is none that may be used.

    A version that is named is read by although another followed it: its messages are read on.
    """
    match = _NAME.fullmatch(format)
    if match is None:
        return None
    rows = SavedMapping.objects.filter(name=match[1], state__in=LIVE)
    rows = rows.filter(version=match[2]) if match[2] else rows.filter(state="in_force")
    row = rows.first()
    return made(row) if row else None


def made(row: SavedMapping) -> tuple[Kind, Format] | None:
    """A version, of whatever state, as a format with its kind."""
    kind = KINDS.get(row.kind)
    if kind is None or kind.mapped is None:
        return None
    table = mapped.Mapping.of(row.table)
    name = f"{PREFIX}{row.name}@{row.version}"
    return kind, mapped.format_of(name, table, kind, Text.of(row.label), row.owner_id)


def in_force(actor: Actor) -> list[tuple[str, Text]]:
    """The mappings that the actor's agency may hand tables in by: as formats, with their labels."""
    rows = SavedMapping.objects.filter(owner=actor.agency, state="in_force").order_by("name")
    return [(f"{PREFIX}{row.name}", Text.of(row.label)) for row in rows]


def newest(format: str) -> str:
    """The version in force of a mapping that a message was read by; any other format as it is."""
    if not is_mapped(format):
        return format
    row = SavedMapping.objects.filter(name=name_of(format), state="in_force").first()
    return f"{PREFIX}{row.name}@{row.version}" if row else format


def row_of(place: str, format: str) -> str:
    """The row that a place of a mapped message names, without its column; of others the place itself."""
    match = _ROW.match(place) if is_mapped(format) else None
    return match[0] if match else place


def refused_places(message: Message) -> Callable[[str], bool]:
    """Tells the rows of a message that were refused."""
    places = Reject.objects.filter(message=message).values_list("place", flat=True)
    rows = {row_of(place, message.format) for place in places}
    return lambda place: place in rows
