"""Reference data as the rules need it, read once and again when it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from django.db import connections, router, transaction
from django.db.models import F

from tapal.core.legal import LegalBook
from tapal.core.legal import LegalRow as Row
from tapal.core.record import Place as PlaceView
from tapal.store.models import Agency, Cursor, LegalRow, Place, Scope

T = TypeVar("T")

REFERENCE = "reference"


def version(name: str = REFERENCE) -> int:
    """How often this part of the reference data has changed."""
    # Bare: it is asked several times at every look, where building a query set costs more than it.
    with connections[router.db_for_read(Cursor)].cursor() as cursor:
        cursor.execute("SELECT position FROM store_cursor WHERE name = %s", [name])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def bump(name: str = REFERENCE) -> None:
    """Tell every process that this part of the reference data has changed."""
    Cursor.objects.get_or_create(name=name)
    Cursor.objects.filter(name=name).update(position=F("position") + 1)


def cached(read: Callable[[], T], name: str = REFERENCE) -> Callable[[], T]:
    """A reader that is asked again only when the reference data has a new version."""
    held: dict[int, T] = {}

    def get() -> T:
        now = version(name)
        if now not in held:
            fresh = read()
            held.clear()
            held[now] = fresh
        return held[now]

    _caches.append(held.clear)
    return get


_caches: list[Callable[[], None]] = []


def forget_too(clear: Callable[[], None]) -> None:
    """Have `forget` drop this as well: what a caller keeps by versions in its own way."""
    _caches.append(clear)


def forget() -> None:
    """Drop what this process remembers: another database is behind it now (tests, restore)."""
    for clear in _caches:
        clear()


def _read_legal() -> LegalBook:
    return LegalBook(
        Row(
            id=row.id,
            topic=row.topic,
            value=row.value,
            unit=row.unit,
            citation=row.citation,
            confidence=row.confidence,  # type: ignore[arg-type]
            selector=row.selector,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
            note=row.note,
        )
        for row in LegalRow.objects.order_by("id")
    )


def _read_places() -> Mapping[str, PlaceView]:
    return {
        row.id: PlaceView(
            id=row.id,
            name=row.name,
            type=row.type,
            province=row.province,
            neighbour=row.neighbour,
            zone=row.zone,
            lat=row.lat,
            lon=row.lon,
            opening_hours=row.opening_hours,
        )
        for row in Place.objects.all()
    }


legal_book = cached(_read_legal)
places = cached(_read_places)


def agency_with_role(role: str, on: date) -> str | None:
    """The code of the agency that holds a role on a day; of several words in a role any one counts."""
    for agency in Agency.objects.order_by("code"):
        words = agency.role.replace(",", " ").split()
        inside = (agency.valid_from is None or agency.valid_from <= on) and (
            agency.valid_to is None or on <= agency.valid_to
        )
        if inside and (agency.role == role or set(role.split()) <= set(words)):
            return agency.code
    return None


_scopes: dict[tuple[str, str, int], int] = {}
_caches.append(_scopes.clear)


def scope_number(owner: str, kind: str, sensitivity: int) -> int:
    """The interned number of a scope, made when it is new.

    One made in a transaction is remembered when that is committed: after a rollback it is gone.
    """
    key = (owner, kind, sensitivity)
    if key not in _scopes:
        scope, _ = Scope.objects.get_or_create(owner_id=owner, kind=kind, sensitivity=sensitivity)
        number = int(scope.pk)
        transaction.on_commit(lambda: _scopes.setdefault(key, number))
        return number
    return _scopes[key]
