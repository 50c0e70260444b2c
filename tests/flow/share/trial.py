"""A kind of this test's own, with one field for each thing that a mark can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from tapal.core.entity import Entity
from tapal.core.kind import Kind
from tapal.core.marking import ANY_PURPOSE, Mark, Purpose, Sensitivity
from tapal.core.record import Key, KeyType
from tapal.core.text import Text, same

S = Sensitivity
LAW = frozenset({Purpose.LAW_ENFORCEMENT})
PROTECTION = frozenset({Purpose.PROTECTION})


class Person(BaseModel):
    surname: Annotated[str, Mark("Marga", "Surname", S.RESTRICTED, True)]
    given: Annotated[str | None, Mark("Nama", "Given names", S.RESTRICTED, True)] = None
    born: Annotated[str | None, Mark("Lahir", "Born", S.RESTRICTED, True)] = None


class Trial(BaseModel):
    way: Annotated[str, Mark("Arah", "Way", S.OPEN, purposes=ANY_PURPOSE)]
    number: Annotated[str | None, Mark("Nomor", "Number", S.INTERNAL, True)] = None
    person: Person | None = None
    companions: list[Person] | None = None
    secret: Annotated[str | None, Mark("Rahasia", "Secret", S.CONFIDENTIAL)] = None
    fear: Annotated[str | None, Mark("Takut", "Fear", S.WITHHELD, True)] = None
    crime: Annotated[str | None, Mark("Pidana", "Crime", S.RESTRICTED, True, LAW)] = None
    shelter: Annotated[str | None, Mark("Rumah", "Shelter", S.INTERNAL, True, PROTECTION)] = None


# Any: bodies are JSON shaped by Trial.
def keys(body: Mapping[str, Any]) -> Iterator[Key]:
    if body.get("number"):
        yield Key("paper", f"IDN:{body['number']}")


def entities(body: Mapping[str, Any]) -> Iterator[Entity]:
    for person in [body["person"], *body.get("companions", [])] if "person" in body else []:
        name = " ".join(p for p in (person.get("given"), person["surname"]) if p)
        yield Entity("Person", {"name": (name,)}, role="traveller")


TRIAL = Kind(
    name="trial",
    label=Text("uji", "trial"),
    plural=Text("uji", "trials"),
    mission="M1",
    icon="user",
    owner_role="immigration",
    model=Trial,
    formats=(),
    key_types=(KeyType("paper", same("paper"), ("number",)),),
    keys=keys,
    entities=entities,
    title=lambda body: str(body.get("way", "")),
    summary=("way",),
    sensitivity=lambda body: S.RESTRICTED,
    samples=Path(),
)
