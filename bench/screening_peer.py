"""nomenklatura's logic-v2 behind a candidate step, where it is installed (`make peers`)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from importlib.util import find_spec
from math import log
from typing import Any

from anyascii import anyascii

from tapal.engines.screening import Band, Query

ALERT_FROM = 0.7
"""yente's default threshold."""
CANDIDATES = 50
Row = dict[str, str]


def available() -> bool:
    return find_spec("nomenklatura") is not None and find_spec("followthemoney") is not None


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", anyascii(text).lower()))


def _parts(text: str) -> set[str]:
    """Words and their first four letters, so that spellings that begin alike are candidates."""
    return {p for w in _words(text) for p in (w, f"^{w[:4]}")}


class Peer:
    """The 50 listings sharing most of a query's words (rarer ones count more), then logic-v2."""

    def __init__(self, entities: list[Row]) -> None:
        from nomenklatura.matching import get_algorithm
        from nomenklatura.matching.types import ScoringConfig

        self._algorithm: Any = get_algorithm("logic-v2")
        self._config: Any = ScoringConfig.defaults()
        self._asked = 0
        self._rows, self._made = entities, dict[int, Any]()
        self._postings: dict[str, list[int]] = defaultdict(list)
        for n, entity in enumerate(entities):
            names = f"{entity['name']} {entity['aliases']}"
            for part in _parts(names) | {f"#{entity['doc_number']}"}:
                self._postings[part].append(n)

    @staticmethod
    def _entity(key: str, schema: str, properties: dict[str, list[str]]) -> Any:
        from followthemoney import ValueEntity, model

        entity = ValueEntity(model[schema], {"id": key, "properties": {}})
        for name, values in properties.items():
            for value in values:
                # As yente reads a query: values cleaned, dates and countries normalised.
                entity.unsafe_add(entity.schema.properties[name], value, fuzzy=True)
        return entity

    def _listed(self, n: int) -> Any:
        """A listing as an entity, made once."""
        if n not in self._made:
            self._made[n] = self._read(self._rows[n])
        return self._made[n]

    def _read(self, row: Row) -> Any:
        names = [row["name"], *(a for a in row["aliases"].split(";") if a)]
        born, number = [row["dob"]] if row["dob"] else [], row["doc_number"]
        return self._entity(
            row["id"],
            row["schema"],
            _properties(row["schema"], names, born, row["nationality"], number),
        )

    def _new(self, schema: str, properties: dict[str, list[str]]) -> Any:
        """An entity never seen before: what is read of a name is kept under the entity's id."""
        self._asked += 1
        return self._entity(f"asked-{self._asked}", schema, properties)

    def pair(self, row: Row) -> float:
        """The score of a pair of names."""
        one, other = (self._new(row["schema"], {"name": [row[n]]}) for n in ("name1", "name2"))
        return float(self._algorithm.compare(one, other, self._config).score)

    def answer(self, asked: Query) -> list[tuple[str, str]]:
        """Alerts, best first, as (entity id, band)."""
        return self.scored(asked, self.candidates(asked))

    def candidates(self, asked: Query) -> list[Any]:
        """The listings that share most of a query's words, as entities."""
        number = asked.documents[0][0] if asked.documents else ""
        shared: Counter[int] = Counter()
        for part in _parts(" ".join(asked.names)) | ({f"#{number}"} if number else set()):
            held = self._postings.get(part, ())
            for n in held:
                shared[n] += log(1 + len(self._rows) / len(held))  # type: ignore[assignment]
        return [self._listed(n) for n, _ in shared.most_common(CANDIDATES)]

    def scored(self, asked: Query, candidates: list[Any]) -> list[tuple[str, str]]:
        """Those of the candidates that logic-v2 alerts on."""
        number = asked.documents[0][0] if asked.documents else ""
        born = [asked.birth_date] if asked.birth_date else []
        nationality = asked.nationalities[0] if asked.nationalities else ""
        properties = _properties(asked.schema, list(asked.names), born, nationality, number)
        mine = self._new(asked.schema, properties)
        scored = []
        for theirs in candidates:
            if not theirs.schema.can_match(mine.schema):
                continue
            result = self._algorithm.compare(mine, theirs, self._config)
            if result.score >= ALERT_FROM:
                scored.append((result.score, theirs.id))
        scored.sort(reverse=True)
        return [(who, str(Band.ALERT)) for _, who in scored]


def _properties(
    schema: str, names: list[str], born: list[str], country: str, number: str
) -> dict[str, list[str]]:
    countries = [country.lower()] if country else []
    if schema == "Person":
        return {
            "name": names,
            "birthDate": born,
            "nationality": [_alpha2(c) for c in countries],
            "passportNumber": [number] if number else [],
        }
    place = "flag" if schema == "Vessel" else "country"
    key = "imoNumber" if schema == "Vessel" else "registrationNumber"
    return {
        "name": names,
        place: [_alpha2(c) for c in countries],
        key: [number] if number else [],
    }


def _alpha2(country: str) -> str:
    import pycountry

    found = pycountry.countries.get(alpha_3=country.upper())
    return str(found.alpha_2).lower() if found else country
