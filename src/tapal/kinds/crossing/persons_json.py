"""Read and write crossings as JSON: one object, a list, or an object a line.

An object is flat, as the counter's form sends it (`typed`), or shaped like the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from tapal.core.reading import Draft, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats.copies import Copies
from tapal.formats.utf16 import as_utf8
from tapal.kinds.crossing.model import Crossing
from tapal.kinds.crossing.reading import Notes, clean_all, no_name, post_of, when, zone_name
from tapal.kinds.crossing.table_cells import field_name, values_of_object
from tapal.kinds.crossing.typed import NAMES, draft_of, said_by

# What only this node's own officers may put into a record.
_OURS = ("decision", "protection")


_KEY = re.compile(r'"([^"\\]{1,60})"\s*:')


def sniff(head: bytes) -> int:
    """Sure when JSON begins and names fields of a crossing."""
    text = _text(head).lstrip()
    if text[:1] not in ("{", "["):
        return 0
    keys = set(map(field_name, _KEY.findall(text)))
    names = len(keys & {"person", *NAMES})
    person = keys & {"primary_identifier", "name", "mrz"}
    listing = "schema" in keys  # an entry of a list, as FollowTheMoney writes it
    return min(85, 40 + 10 * names) if person and names > 1 and not listing else 0


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield a record or a reject for each object, by its number."""
    number, copies = 0, Copies("item_repeated")
    for number, value in enumerate(_values(data), 1):
        place = f"item {number}"
        if isinstance(value, _Broken):
            yield _rejection(place, value.raw)
        elif not isinstance(value, dict):
            yield _rejection(place, str(value)[:200])
        elif isinstance(value.get("person"), dict):
            yield copies.marked(_shaped(value, context, place), _raw(value))
        else:
            values = values_of_object(value)
            read = draft_of(values, context, place=place, capture=_capture(values), raw=_raw(value))
            yield copies.marked(read, said_by(values))
    if not number:
        yield _rejection("item 1", "")


class _Broken:
    """A stretch that is no JSON."""

    def __init__(self, raw: str) -> None:
        self.raw = raw


def _text(data: bytes) -> str:
    return (as_utf8(data) or data).decode("utf-8-sig", "replace")


# Any: JSON.
def _raw(value: Any) -> str:
    """The value as text, for a reject; a part of it where it is nested too deep to write."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ", ".join(map(str, value))[:200]


# Any: JSON.
def _values(data: bytes) -> Iterator[Any]:
    text = _text(data)
    try:
        value = _unwrapped(json.loads(text))
    except (ValueError, RecursionError):
        yield from _pieces(text)
        return
    yield from value if isinstance(value, list) and value else [value]


# Any: JSON.
def _unwrapped(value: Any) -> Any:
    """The list that an object holds under a name of its own ("crossings", "data"), else the value."""
    if not isinstance(value, dict) or isinstance(value.get("person"), dict):
        return value
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    person = {"primary_identifier", "name", "mrz"} & set(map(field_name, value))
    return lists[0] if len(lists) == 1 and not person else value


_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,]*")


# Any: JSON.
def _pieces(text: str) -> Iterator[Any]:
    """The objects of a broken list up to where it breaks, or of a text with an object a line.

    A line that is none is reported by itself; in a list nothing after the break can be trusted.
    """
    listed = text.lstrip().startswith("[")
    end = len(text.rstrip().removesuffix("]").rstrip()) if listed else len(text.rstrip())
    position = text.index("[") + 1 if listed else 0
    while True:
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        if position >= end:
            break
        try:
            value, position = _DECODER.raw_decode(text, position)
            yield value
        except (ValueError, RecursionError):
            line_end = text.find("\n", position)
            stop = end if listed or line_end < 0 else line_end
            yield _Broken(text[position:stop][:200])
            position = stop


def _capture(value: Mapping[str, Any]) -> Any:
    given = value.get("capture")
    return given if given in ("form", "table", "document_scan") else "form"


def _shaped(value: dict[str, Any], context: ReadContext, place: str) -> Draft | Rejection:
    """A body as another node or a program writes it, with `post` and without acts of ours."""
    body = {name: part for name, part in value.items() if name not in _OURS}
    post = post_of(str(body.pop("post", "")), context) or context.post
    raw = _raw(value)
    try:
        crossing = Crossing.model_validate({"capture": "table", **clean_all(body)})
    except (ValidationError, RecursionError) as error:
        return _misfit(place, raw, error)
    if not crossing.person.primary_identifier:
        return no_name(place, raw)
    notes = Notes()
    at = None
    if crossing.local_time:
        zone = zone_name(crossing.zone or "")
        try:
            told = when(crossing.local_time, zone, post.zone if post else "", notes)
        except ValueError:
            notes.cannot_read("local_time", crossing.local_time, Text("Waktu lintas", "Time"))
            unread = {**(crossing.unread or {}), **notes.unread}
            crossing = crossing.model_copy(update={"unread": unread})
        else:
            at = told.at
            crossing = crossing.model_copy(update={"local_time": told.local, "zone": told.zone})
    return Draft(
        place,
        crossing,
        at,
        crossing.local_time or "",
        post.id if post else None,
        tuple(notes.findings),
    )


def _misfit(place: str, raw: str, error: Exception) -> Rejection:
    where, why = "", "nested too deep"
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where, why = ".".join(map(str, first["loc"])), first["msg"]
    return Rejection(
        f"{place} {where}".strip(),
        Text("Isian {where} tidak sesuai: {why}.", "Field {where} does not fit: {why}.").fill(
            where=where, why=why
        ),
        Text(
            "Perbaiki isian itu menurut skema lalu kirim lagi.",
            "Mend the field by the schema and send again.",
        ),
        raw,
    )


def _rejection(place: str, raw: str) -> Rejection:
    return Rejection(
        place,
        Text("Bukan objek JSON yang utuh.", "No whole JSON object."),
        Text(
            "Kirim satu objek JSON, sebuah daftar, atau satu objek tiap baris.",
            "Send one JSON object, a list, or an object a line.",
        ),
        raw,
    )


def write(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """The bodies as a JSON list, without what only this node may say."""
    kept = [{name: part for name, part in body.items() if name not in _OURS} for body in bodies]
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()
