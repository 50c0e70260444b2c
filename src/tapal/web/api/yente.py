"""Screening as OpenSanctions' yente offers it: its addresses, its shapes, this node's keys and lists.

A client of yente comes with `base_url` at `/api/v1/yente` and its key. Each question passes the
reading door: only lists that the key's account may see are there at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import StringConstraints

from tapal.core.errors import Missing, Unavailable
from tapal.core.text import Text
from tapal.flow.share import Door
from tapal.flow.share.asking_lists import MOST_LOOKED, SeenListing
from tapal.flow.share.rolls import OpenRoll
from tapal.flow.unscreened import lists_held
from tapal.web.api import yente_entities as entities
from tapal.web.api import yente_shapes as shapes
from tapal.web.api.callers import AUTH, Bearer, door_of
from tapal.web.api.problems import BAD_REQUEST, Unfit, language_of
from tapal.web.api.reading import Why

SCOPE = "screen"
ALGORITHM = "tapal"
# Names by which clients ask for whatever is best here.
_ALGORITHMS = (ALGORITHM, "best")
_FEATURES = {name: {"description": told} for name, told in entities.FEATURES.items()}
_ABOUT = "Log odds of what agrees and differs, each level with its own weight (docs/screening.md)."


class ApiKey(Bearer):
    """`Authorization: ApiKey …`, as yente's clients send it."""

    openapi_scheme = "apikey"


router = Router(auth=[*AUTH, ApiKey()])

Dataset = Annotated[str, StringConstraints(max_length=80)]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which entries a client asked to see."""

    schemas: Collection[str] | None = None
    without_schemas: Collection[str] = ()
    countries: Collection[str] = ()
    topics: Collection[str] = ()
    without: Collection[str] = ()

    def wants(self, seen: SeenListing) -> bool:
        schema = seen.listed.schema
        return (
            (self.schemas is None or schema in self.schemas)
            and schema not in self.without_schemas
            and seen.listed.entity_id not in self.without
            and (not self.topics or entities.topic(seen) in self.topics)
            and (not self.countries or not {*self.countries}.isdisjoint(entities.countries(seen)))
        )


# Any: ninja checks the answer against the response's schema, here and below.
@router.post("match/{dataset}", response=shapes.MatchOut, summary="Screen a batch of entities")
def match(
    request: HttpRequest,
    response: HttpResponse,
    dataset: Dataset,
    body: shapes.MatchIn,
    given: Query[shapes.MatchFilters],
    purpose: Why = None,
) -> Any:
    """Whom each of the questions may be, best first.

    Without `cutoff` all that an officer would be shown comes back; `match` tells the alerts apart.
    """
    door = door_of(request, SCOPE, purpose)
    rolls = _chosen(door, dataset, given)
    if given.algorithm not in _ALGORITHMS:
        raise _refused(
            f"Algoritma {given.algorithm} tidak ada.", f"Invalid algorithm: {given.algorithm}."
        )
    asked = {name: each for name, each in body.queries.items() if each is not None}
    if not asked:
        raise _refused("Tidak ada pertanyaan.", "No queries provided.")
    queries = {name: entities.question(each) for name, each in asked.items()}
    narrowed = Narrowed(
        without_schemas=given.exclude_schema,
        topics=given.topics,
        without=given.exclude_entity_ids,
    )
    least = None if given.cutoff is None else min(given.cutoff, given.threshold)
    speak = language_of(request)
    responses = {}
    for name, query in queries.items():
        found = door.screen(query, rolls=rolls, wanted=narrowed.wants, limit=shapes.MOST_RESULTS)
        told = [entities.scored(each, given.threshold, speak) for each in found]
        told = [each for each in told if least is None or each["score"] > least]
        responses[name] = {
            "status": 200,
            "results": told[: given.limit],
            "total": {"value": sum(each["match"] for each in told), "relation": "eq"},
            "query": entities.echoed(asked[name]),
        }
    response["X-Batch-Size"] = str(len(responses))
    return {"responses": responses, "matcher": _FEATURES, "limit": given.limit}


@router.get("search/{dataset}", response=shapes.SearchOut, summary="Search entries by text")
def search(
    request: HttpRequest,
    dataset: Dataset,
    given: Query[shapes.SearchFilters],
    purpose: Why = None,
) -> Any:
    """Entries whose name, in any spelling, or document number is like the text; without text, all in order.

    All filters must be met at once. Facets count what a text found.
    """
    door = door_of(request, SCOPE, purpose)
    # Every entry of a list is a target.
    rolls = _chosen(door, dataset, given, given.datasets) if given.target is not False else ()
    schema, start, end = given.schema_, given.offset, given.offset + given.limit
    if schema != entities.EVERYTHING and schema not in entities.COVERED:
        raise _refused(f"Skema {schema} tidak dikenal.", f"Invalid schema: {schema}.")
    narrowed = Narrowed(
        schemas=None if schema == entities.EVERYTHING else entities.COVERED[schema],
        without_schemas=given.exclude_schema,
        countries=[country.lower() for country in given.countries],
        topics=given.topics,
    )
    relation, facets = "eq", {}
    if text := given.q.strip():
        found = door.looked_up(text, rolls=rolls, wanted=narrowed.wants)
        page, total = found[start:end], len(found)
        relation = "gte" if total >= MOST_LOOKED else "eq"
        facets = {name: _facet(name, found) for name in given.facets}
    else:
        page, total = door.listings(
            rolls=rolls, wanted=narrowed.wants, start=start, limit=given.limit
        )
    return {
        "results": [entities.entity(seen) for seen in page],
        "facets": facets,
        "total": {"value": total, "relation": relation},
        "limit": given.limit,
        "offset": start,
    }


@router.get(
    "entities/{path:entity_id}/adjacent/{prop}",
    response=shapes.AdjacentPropertyOut,
    summary="What is beside it by one property",
)
def adjacent_by(
    request: HttpRequest,
    entity_id: str,
    prop: shapes.Name,
    given: Query[shapes.AdjacentFilters],
    purpose: Why = None,
) -> Any:
    """No entry, whatever the property; one that the caller may not see answers as a missing one."""
    door_of(request, SCOPE, purpose).listing(entity_id)
    return {
        "results": [],
        "total": {"value": 0},
        "limit": given.limit,
        "offset": given.offset,
    }


@router.get(
    "entities/{path:entity_id}/adjacent", response=shapes.AdjacentOut, summary="What is beside it"
)
def adjacent(request: HttpRequest, entity_id: str, purpose: Why = None) -> Any:
    """One entry; lists hold nothing beside their entries."""
    seen = door_of(request, SCOPE, purpose).listing(entity_id)
    return {"entity": entities.entity(seen), "adjacent": {}}


@router.get("entities/{path:entity_id}", response=shapes.EntityOut, summary="Open one entry")
def fetch(request: HttpRequest, entity_id: str, nested: bool = True, purpose: Why = None) -> Any:
    """One entry in force on a list that the caller may see; hidden, ended and absent answer alike."""
    return entities.entity(door_of(request, SCOPE, purpose).listing(entity_id))


@router.get("catalog", response=shapes.CatalogOut, summary="The lists to screen with")
def catalog(request: HttpRequest, purpose: Why = None) -> Any:
    """The lists that the caller may see, and `default`, which is all of them."""
    rolls = door_of(request, SCOPE, purpose).open_lists()
    speak = language_of(request)
    told = [_dataset(roll, speak) for roll in rolls.values()]
    version = "-".join(str(roll.version) for roll in rolls.values()) or "0"
    whole = {
        "name": entities.ALL,
        "title": Text("Semua daftar", "All lists").say(speak),
        "version": version,
        "load": False,
        "index_version": version,
        "index_current": True,
        "children": list(rolls),
    }
    return {
        "datasets": [whole, *told],
        "current": [entities.ALL, *rolls],
        "outdated": [],
        "index_stale": False,
    }


@router.get("algorithms", response=shapes.AlgorithmsOut, summary="The ways of scoring")
def algorithms(request: HttpRequest, purpose: Why = None) -> Any:
    """The one way there is; `best` is another name of it."""
    door_of(request, SCOPE, purpose)
    told = {
        "name": ALGORITHM, "description": _ABOUT, "features": _FEATURES, "docs": _FEATURES,
    }  # fmt: skip
    return {"algorithms": [told], "default": ALGORITHM, "best": ALGORITHM}


@router.get("healthz", response=shapes.StatusOut, auth=None, summary="Is the node up")
def healthz(request: HttpRequest) -> Any:
    """For whoever watches the node; no key is needed."""
    return {"status": "ok"}


@router.get("readyz", response=shapes.StatusOut, auth=None, summary="Can it screen")
def readyz(request: HttpRequest) -> Any:
    """503 while the node holds no list; no key is needed."""
    if not lists_held():
        raise Unavailable
    return {"status": "ok"}


def _chosen(
    door: Door, dataset: str, given: shapes.Filters, datasets: Collection[str] = ()
) -> frozenset[str]:
    """The lists that a request is about. Raises Missing for one that the caller may not see."""
    opened = door.open_lists()
    if dataset != entities.ALL and dataset not in opened:
        raise Missing
    rolls = set(opened)
    for named in ([dataset], given.include_dataset, datasets):
        if named and entities.ALL not in named:
            rolls &= set(named)
    rolls -= set(given.exclude_dataset)
    if given.changed_since:
        start = _moment(given.changed_since)
        rolls = {c for c in rolls if (at := opened[c].imported_at) is not None and at >= start}
    return frozenset(rolls)


def _moment(text: str) -> datetime:
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _refused(f"Waktu {text} tidak ada.", f"There is no time {text}.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_FACETS: Mapping[str, tuple[str, Callable[[SeenListing], Iterable[str]]]] = {
    "datasets": ("Datasets", lambda seen: [seen.roll.code]),
    "schema": ("Schema", lambda seen: [seen.listed.schema]),
    "countries": ("Countries", entities.countries),
    "topics": ("Topics", lambda seen: [entities.topic(seen)]),
    "genders": ("Genders", lambda seen: filter(None, [seen.listed.gender])),
    "identifiers": ("Identifiers", lambda seen: [n for n, _ in seen.listed.documents]),
}


def _facet(name: str, found: list[SeenListing]) -> dict[str, Any]:
    label, of = _FACETS[name]
    counted = Counter(value for seen in found for value in set(of(seen)))
    values = [{"name": v, "label": v, "count": n} for v, n in counted.most_common(50)]
    return {"label": label, "values": values}


def _dataset(roll: OpenRoll, language: str) -> dict[str, Any]:
    version = str(roll.version)
    return {
        "name": roll.code,
        "title": roll.label.say(language),
        "version": version,
        "load": True,
        "index_version": version,
        "index_current": True,
        "updated_at": roll.imported_at,
        "last_export": roll.imported_at,
        "entity_count": roll.entries,
        "publisher": {"name": roll.authority},
    }


def _refused(said_id: str, said_en: str) -> Unfit:
    return Unfit(BAD_REQUEST, Text(said_id, said_en))
