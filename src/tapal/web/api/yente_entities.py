"""Between yente's entities and the engine's questions and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pycountry

from tapal.core.entity import Entity
from tapal.core.text import Text
from tapal.engines.screening import Band, Query
from tapal.flow.screen import query_of
from tapal.flow.share.asking_lists import ListHit, SeenListing
from tapal.web.api.problems import BAD_REQUEST, Unfit
from tapal.web.api.yente_shapes import Example

# Any: JSON that a response's schema checks, here and below.
Shown = dict[str, Any]

ALL = "default"
# FollowTheMoney schemas that may be asked for, with those of lists that they cover.
_BODIES = ("Organization", "Company", "PublicBody")
_CRAFTS = ("Vessel", "Vehicle", "Airplane")
COVERED: Mapping[str, tuple[str, ...]] = {
    "Person": ("Person",),
    "Organization": _BODIES,
    "Company": ("Company",),
    "PublicBody": ("PublicBody",),
    "LegalEntity": ("LegalEntity", "Person", *_BODIES),
    "Vessel": ("Vessel",),
    "Vehicle": _CRAFTS,
    "Airplane": ("Airplane",),
}
EVERYTHING = "Thing"
_NAMES = ("name", "alias", "previousName", "weakAlias")
_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag")
_NUMBERS = ("passportNumber", "idNumber", "registrationNumber", "imoNumber", "number", "taxNumber")
# What a list is for in FollowTheMoney's topics; any other is a list of persons of interest.
_TOPICS = {
    "sanctions": "sanction",
    "sanctions_foreign": "sanction",
    "interpol_red": "wanted",
    "dpo": "wanted",
}
_SCORES = {"agree": 1.0, "unknown": 0.0, "differ": -1.0}
_FIELDS = {"birthDate": "birth_date", "document": "identifier"}
FEATURES: Mapping[str, str] = {
    "name": "Names by their words: spellings, sounds, what is left over, how rare they are.",
    "birth_date": "Birth dates, partial ones and slips among them.",
    "nationality": "Nationalities, flags and countries.",
    "identifier": "Numbers of documents, IMO numbers, registrations.",
    "gender": "Sex, by a field or a word of the name.",
    "band": "The whole score, with the band and the sentences that an officer reads.",
}
"""What `explanations` may hold, and what each compares."""


def question(example: Example) -> Query:
    """What the engine is asked. Raises Unfit for a schema that cannot be screened."""
    if example.schema_ not in (*COVERED, EVERYTHING):
        raise Unfit(
            BAD_REQUEST,
            Text("Skema {s} tidak dapat disaring.", "Schema {s} cannot be matched.").fill(
                s=example.schema_
            ),
            "schema",
        )
    names = tuple(v for prop in _NAMES for v in values(example, prop)) or _combined(example)
    countries = tuple(v for prop in _COUNTRIES for v in values(example, prop))
    properties = {
        "name": names,
        "birthDate": tuple(values(example, "birthDate"))[:1],
        "nationality": countries,
        "number": tuple(v for prop in _NUMBERS for v in values(example, prop)),
        "gender": tuple(values(example, "gender"))[:1],
    }
    return query_of(Entity(example.schema_, properties, role="query"))


def values(example: Example, name: str) -> Iterator[str]:
    """The texts of a property; nested entities and blanks are passed over."""
    given = example.properties.get(name, [])
    for value in [given] if isinstance(given, str) else given:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value).strip()
            if text:
                yield text


def _combined(example: Example) -> tuple[str, ...]:
    """A whole name of the parts of one, where no name is given."""
    parts = [next(values(example, part), "") for part in _PARTS]
    whole = " ".join(filter(None, parts))
    return (whole,) if whole else ()


def echoed(example: Example) -> Shown:
    """The question as it was understood."""
    properties = {name: list(values(example, name)) for name in example.properties}
    return {"id": example.id, "schema": example.schema_, "properties": properties}


def topic(seen: SeenListing) -> str:
    """What the entry's list is for."""
    return _TOPICS.get(seen.roll.code, "poi")


def countries(seen: SeenListing) -> list[str]:
    """The entry's countries as FollowTheMoney writes them."""
    return [_alpha2(code) for code in seen.listed.nationalities]


def entity(seen: SeenListing) -> Shown:
    """An entry as an entity: what screening needs and no more."""
    listed = seen.listed
    person, craft = listed.schema == "Person", listed.schema in _CRAFTS
    number = "passportNumber" if person else "registrationNumber"
    imo = [n for n, _ in listed.documents if craft and n.upper().startswith("IMO")]
    properties = {
        "name": list(listed.names),
        "alias": list(listed.aliases),
        "birthDate": list(listed.birth_dates),
        "nationality" if person else "flag" if craft else "country": countries(seen),
        number: [n for n, _ in listed.documents if n not in imo],
        "imoNumber": imo,
        "gender": [listed.gender] if listed.gender else [],
        "topics": [topic(seen)],
    }
    return {
        "id": listed.entity_id,
        "caption": next(iter((*listed.names, *listed.aliases)), listed.entity_id),
        "schema": listed.schema,
        "properties": {name: held for name, held in properties.items() if held},
        "datasets": [seen.roll.code],
        "referents": [],
        "target": True,
        "first_seen": None,
        "last_seen": seen.roll.imported_at,
        "last_change": seen.roll.imported_at,
    }


def scored(found: ListHit, threshold: float, language: str) -> Shown:
    """An entry that a query may be, with what speaks for and against it."""
    hit = found.hit
    sentences = " ".join(reason.say(language) for reason in hit.reasons)
    explanations: Shown = {
        _FIELDS.get(field, field): {
            "score": _SCORES[said],
            "detail": said,
            "query": ours or None,
            "candidate": theirs or None,
        }
        for field, ours, theirs, said in hit.compared
    }
    explanations["band"] = {"score": hit.score, "detail": f"{hit.band.value}: {sentences}"}
    return {
        **entity(found.seen),
        "score": hit.score,
        # Who cannot be told apart from others is no match, however high the score.
        "match": hit.score >= threshold and hit.band is not Band.TIE,
        "features": {name: told["score"] for name, told in explanations.items()},
        "explanations": explanations,
    }


def _alpha2(code: str) -> str:
    held = pycountry.countries.get(alpha_3=code.upper()) if len(code) == 3 else None
    return str(held.alpha_2 if held else code).lower()
