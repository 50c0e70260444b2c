"""A kind with a name, a number and a way: what the bench's questions are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from tapal.core.entity import Entity
from tapal.core.kind import Kind
from tapal.core.marking import ANY_PURPOSE, Mark, Sensitivity
from tapal.core.record import Key, KeyType
from tapal.core.text import Text, same

S = Sensitivity


class Document(BaseModel):
    number: Annotated[str, Mark("Nomor", "Number", S.INTERNAL, True)]


class Person(BaseModel):
    name: Annotated[str, Mark("Nama", "Name", S.INTERNAL, True)]
    born: Annotated[str, Mark("Lahir", "Born", S.INTERNAL, True)]


class Bench(BaseModel):
    way: Annotated[str, Mark("Arah", "Way", S.OPEN, purposes=ANY_PURPOSE)]
    document: Document
    person: Person
    note: Annotated[str, Mark("Catatan", "Note", S.RESTRICTED)]


# Any: bodies are JSON shaped by Bench.
def keys(body: Mapping[str, Any]) -> Iterator[Key]:
    yield Key("document", f"IDN:{body['document']['number']}")


def entities(body: Mapping[str, Any]) -> Iterator[Entity]:
    yield Entity("Person", {"name": (body["person"]["name"],)}, role="traveller")


BENCH = Kind(
    name="bench",
    label=Text("uji", "bench"),
    plural=Text("uji", "bench"),
    mission="M1",
    icon="user",
    owner_role="bench",
    model=Bench,
    formats=(),
    key_types=(KeyType("document", same("document"), ("document.number",)),),
    keys=keys,
    entities=entities,
    title=lambda body: str(body.get("way", "")),
    summary=("way",),
    sensitivity=lambda body: S.RESTRICTED,
    samples=Path(),
)
