"""The names that kinds give to entities are FollowTheMoney's, where that library is installed."""

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tapal.core.entity import Entity
from tapal.core.kind import Kind
from tapal.core.reading import Draft, ReadContext
from tapal.formats.ftm_json import BESIDE
from tapal.formats.listing import SCHEMAS
from tapal.kinds import KINDS


def entities(kind: Kind) -> Iterator[Entity]:
    """The entities of every record in a kind's samples, read by the surest of its formats."""
    context = ReadContext(received_at=datetime(2026, 1, 1, tzinfo=UTC))
    for sample in sorted(path for path in kind.samples.rglob("*") if path.is_file()):
        data = sample.read_bytes()
        best = max(kind.formats, key=lambda each: each.sniff(data[:4096]))
        if best.sniff(data[:4096]):
            for item in best.read(data, context):
                if isinstance(item, Draft):
                    yield from kind.entities(item.body.model_dump(mode="json"))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_entities_use_followthemoneys_names(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        model = pytest.importorskip("followthemoney", reason="make peers").model
    found = list(entities(KINDS[name]))
    assert found
    unknown = set()
    for entity in found:
        schema = model.get(entity.schema)
        if schema is None:
            unknown.add(entity.schema)
            continue
        unknown |= {f"{entity.schema}.{p}" for p in entity.properties if not schema.get(p)}
    assert unknown == set()


def test_each_schema_of_the_library_is_an_entry_of_lists_or_known_to_stand_beside_one() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        model = pytest.importorskip("followthemoney", reason="make peers").model
    held = {*SCHEMAS, *BESIDE, "Sanction"}
    assert {schema.name for schema in model} - held == set()
