"""The shapes of OpenSanctions' yente 5, as its clients send and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

MOST_QUERIES = 100
MOST_RESULTS = 500
MOST_VALUES = 50
MOST_OFFSET = 9_500
THRESHOLD = 0.70

Name = Annotated[str, StringConstraints(max_length=120)]
Value = Annotated[str, StringConstraints(max_length=1000)]
Names = Annotated[list[Name], Field(max_length=MOST_VALUES)]
MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?([+-]\d{2}:\d{2}|Z)?)?$"
FacetName = Literal["datasets", "schema", "countries", "identifiers", "topics", "genders"]
# A client may nest entities; only text counts here.
Values = Value | Annotated[list[Any], Field(max_length=MOST_VALUES)]


class _Named(Schema):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class Filters(_Named):
    """What both ways of asking may narrow: as in yente, within the list that the address names."""

    include_dataset: Names = Field(default_factory=list)
    exclude_dataset: Names = Field(default_factory=list)
    exclude_schema: Names = Field(default_factory=list)
    topics: Names = Field(default_factory=list)
    changed_since: Annotated[str, StringConstraints(pattern=MOMENT)] | None = None


class MatchFilters(Filters):
    """How a batch is answered. `algorithm` is `tapal` or `best`, which is the same."""

    limit: int = Field(5, ge=1, le=MOST_RESULTS)
    threshold: float = Field(THRESHOLD, ge=0, le=1)
    cutoff: float | None = Field(None, ge=0, le=1)
    algorithm: Name = "best"
    exclude_entity_ids: Names = Field(default_factory=list)


class SearchFilters(Filters):
    """What is searched for, and which part of it is shown."""

    q: Annotated[str, StringConstraints(max_length=300)] = ""
    schema_: Name = Field("Thing", alias="schema")
    countries: Names = Field(default_factory=list)
    datasets: Names = Field(default_factory=list)
    limit: int = Field(10, ge=0, le=MOST_RESULTS)
    offset: int = Field(0, ge=0, le=MOST_OFFSET)
    facets: Annotated[list[FacetName], Field(max_length=6)] = ["countries", "topics", "datasets"]
    # Of properties other than those above: refused rather than passed over in silence.
    filter: Annotated[list[Name], Field(max_length=0)] = []
    target: bool | None = None


class AdjacentFilters(_Named):
    """Which part of what is beside an entry is shown."""

    limit: int = Field(10, ge=0, le=MOST_RESULTS)
    offset: int = Field(0, ge=0, le=MOST_OFFSET)


class Example(_Named):
    """Whom a client asks about: an entity as far as he knows it."""

    id: Name | None = None
    schema_: Name = Field(alias="schema")
    properties: Annotated[dict[str, Values], Field(max_length=100)]


class MatchIn(Schema):
    """A batch of questions. `weights` and `config` belong to other algorithms and change nothing."""

    queries: Annotated[dict[str, Example | None], Field(max_length=MOST_QUERIES)]
    weights: dict[str, float] = Field(default_factory=dict)
    config: dict[str, str | int | float | bool | None] = Field(default_factory=dict)


class EntityOut(_Named):
    """An entry of a list as a FollowTheMoney entity."""

    id: str
    caption: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[str]]
    datasets: list[str]
    referents: list[str]
    target: bool
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    last_change: datetime | None = None


class Feature(Schema):
    """What was compared: both values, and the sentences of the hit for its band."""

    score: float
    detail: str | None = None
    query: str | None = None
    candidate: str | None = None


class ScoredOut(EntityOut):
    """An entry that a query may be. `match` is true for an alert that reaches the threshold.

    `features` are the scores of `explanations`, as clients of yente before 5 read them.
    """

    score: float
    match: bool
    features: dict[str, float]
    explanations: dict[str, Feature]


class Total(Schema):
    """How many there are; `gte` where there may be more."""

    value: int
    relation: Literal["eq", "gte"] = "eq"


class Matches(Schema):
    """The answer to one question of a batch."""

    status: int = 200
    results: list[ScoredOut]
    total: Total
    query: Example


class FeatureDoc(Schema):
    """What a feature compares; `coefficient` is always 1, for the weights are of levels."""

    description: str
    coefficient: float = 1.0
    url: str = ""


class MatchOut(Schema):
    """The answers of a batch, by the client's own names of his questions.

    `matcher` tells the features, as clients of yente before 5 read it.
    """

    responses: dict[str, Matches]
    matcher: dict[str, FeatureDoc]
    limit: int


class FacetItem(Schema):
    """How often a value stands among what was found."""

    name: str
    label: str
    count: int


class Facet(Schema):
    """A column of what was found, by value."""

    label: str
    values: list[FacetItem]


class SearchOut(Schema):
    """Entries found by a piece of text."""

    results: list[EntityOut]
    facets: dict[str, Facet]
    total: Total
    limit: int
    offset: int


class AdjacentPropertyOut(Schema):
    """Entries beside an entry by one property: lists hold none."""

    results: list[EntityOut]
    total: Total
    limit: int
    offset: int


class AdjacentOut(Schema):
    """Entries beside an entry: lists hold none."""

    entity: EntityOut
    adjacent: dict[str, Any]


class Publisher(Schema):
    """The authority of a list."""

    name: str
    official: bool = True


class Dataset(Schema):
    """A list that the caller may screen with; `default` is all of them."""

    name: str
    title: str
    version: str
    load: bool
    index_version: str
    index_current: bool
    updated_at: datetime | None = None
    last_export: datetime | None = None
    entity_count: int | None = None
    publisher: Publisher | None = None
    children: list[str] = Field(default_factory=list)


class CatalogOut(Schema):
    """The lists that the caller may screen with."""

    datasets: list[Dataset]
    current: list[str]
    outdated: list[str]
    index_stale: bool


class Algorithm(Schema):
    """A way of scoring."""

    name: str
    description: str
    features: dict[str, FeatureDoc]
    docs: dict[str, FeatureDoc]


class AlgorithmsOut(Schema):
    """The ways of scoring: there is one."""

    algorithms: list[Algorithm]
    default: str
    best: str


class StatusOut(Schema):
    """`ok`."""

    status: str = "ok"
