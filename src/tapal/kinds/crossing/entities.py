"""The persons, documents and vehicles that a crossing names, in FollowTheMoney's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tapal.core.entity import Entity
from tapal.core.record import Key
from tapal.kinds.crossing.keys import document_key

_GENDERS = {"M": "male", "F": "female"}

# Any in this file: a body is JSON.


def entities(body: Mapping[str, Any]) -> Iterator[Entity]:
    """The traveller first, then documents, companions, guardian and vehicle."""
    documents = [d for d in (body.get("document"), *(body.get("further_documents") or ())) if d]
    person = body.get("person") or {}
    settled = (body.get("decision") or {}).get("citizenship") == "foreigner"
    yield _traveller(person, documents, foreigner=settled)
    for index, document in enumerate(documents):
        path = "document" if index == 0 and body.get("document") else "further_documents"
        if document.get("number"):
            yield _document(document, path)
    for index, companion in enumerate(body.get("companions") or ()):
        yield _companion(companion, index)
    guardian = body.get("guardian") or {}
    if guardian.get("name"):
        yield Entity(
            "Person", _properties(name=guardian["name"]), "guardian", "guardian", ("guardian.name",)
        )
    vehicle = body.get("vehicle") or {}
    if vehicle.get("plate"):
        yield _vehicle(vehicle)


def full_name(person: Mapping[str, Any]) -> str:
    """Given names first; a single name stands alone."""
    names = (person.get("secondary_identifier"), person.get("primary_identifier"))
    return " ".join(name for name in names if name)


def _traveller(
    person: Mapping[str, Any], documents: list[Mapping[str, Any]], *, foreigner: bool
) -> Entity:
    """The holder; his country is his document's, unless it says nothing of whose citizen he is.

    So a visa, which this country gives to foreigners, and a document of ours whose holder was found
    to be a foreigner.
    """
    main = documents[0] if documents else {}
    state = main.get("issuing_state") or person.get("nationality")
    number = main.get("number")
    passport = main.get("document_class") in (None, "passport")
    anchor = document_key(state, number)
    return Entity(
        "Person",
        _properties(
            name=full_name(person),
            firstName=person.get("secondary_identifier"),
            lastName=person.get("primary_identifier"),
            birthDate=person.get("birth_date"),
            birthPlace=person.get("birth_place"),
            nationality=_nationalities(person),
            gender=_GENDERS.get(person.get("sex") or ""),
            country=person.get("nationality") if foreigner or _is_visa(main) else state,
            **{"passportNumber" if passport else "idNumber": number},
        ),
        "traveller",
        "person",
        _made_of(person, "person") + _made_of(main, "document"),
        (Key("document", anchor),) if anchor and not _is_visa(main) else (),
    )


def _is_visa(document: Mapping[str, Any]) -> bool:
    return document.get("document_class") == "visa"


def _nationalities(person: Mapping[str, Any]) -> list[str]:
    stated = (person.get("nationality"), *(person.get("other_nationalities") or ()))
    return [str(each) for each in stated if each and each != "XXX"]


def _document(document: Mapping[str, Any], path: str) -> Entity:
    passport = document.get("document_class") in (None, "passport")
    return Entity(
        "Passport" if passport else "Identification",
        _properties(
            number=document.get("number"),
            country=document.get("issuing_state"),
            type=document.get("document_class"),
            startDate=document.get("issued"),
            endDate=document.get("expires"),
        ),
        "document",
        path,
        _made_of(document, path),
    )


def _companion(companion: Mapping[str, Any], index: int) -> Entity:
    path = f"companions.{index}"
    state = companion.get("issuing_state") or companion.get("nationality")
    return Entity(
        "Person",
        _properties(
            name=full_name(companion),
            firstName=companion.get("secondary_identifier"),
            lastName=companion.get("primary_identifier"),
            birthDate=companion.get("birth_date"),
            nationality=_nationalities(companion),
            gender=_GENDERS.get(companion.get("sex") or ""),
            country=state,
            passportNumber=companion.get("document_number"),
        ),
        "companion",
        path,
        _made_of(companion, path),
    )


def _vehicle(vehicle: Mapping[str, Any]) -> Entity:
    return Entity(
        "Vehicle",
        _properties(
            registrationNumber=vehicle.get("plate"),
            country=vehicle.get("state"),
            type=vehicle.get("type"),
        ),
        "vehicle",
        "vehicle",
        _made_of(vehicle, "vehicle"),
    )


def _properties(**values: Any) -> dict[str, tuple[str, ...]]:
    """Each value as a list; one that is a list already keeps its parts."""
    return {
        name: tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for name, value in values.items()
        if value
    }


_IDENTIFYING = (
    "primary_identifier secondary_identifier birth_date nationality other_nationalities sex number"
    " issuing_state document_number plate state"
)
_SHOWN = frozenset(_IDENTIFYING.split())


def _made_of(part: Mapping[str, Any], path: str) -> tuple[str, ...]:
    return tuple(f"{path}.{name}" for name, value in part.items() if name in _SHOWN and value)
