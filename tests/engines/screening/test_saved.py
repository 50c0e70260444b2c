"""A saved index answers as the one that was saved, and as it changes."""

import json
from pathlib import Path

import pytest

from tapal.engines.screening import Index, Listed, OtherRules, Query
from tapal.engines.screening.saved import MANIFEST

LISTINGS = [
    Listed("a", names=("Yusri Latupono",), birth_dates=("1980-07-04",)),
    Listed("b", schema="Company", names=("PT Citra Samudera",)),
    Listed("c", schema="Vessel", names=("KM Teluk Mutiara 07",), documents=(("9123456", None),)),
]
QUERIES = [
    Query(names=("Joesri Latoepono",), birth_date="1980-07-04"),
    Query("Company", ("Citra Samudera, P.T.",)),
    Query("Vessel", ("K.M. Teluk Mutiara VII",)),
]


def answers(index: Index) -> list[list[tuple[str, float, str]]]:
    return [[(h.listed.entity_id, h.score, h.band) for h in index.match(q)] for q in QUERIES]


def test_loaded_is_as_saved(tmp_path: Path) -> None:
    index = Index.build(LISTINGS)
    index.save(tmp_path / "index")
    loaded = Index.load(tmp_path / "index")
    assert len(loaded) == 3
    assert answers(loaded) == answers(index)
    assert all(answers(loaded))
    assert loaded.documents("9123456") == [LISTINGS[2]]


def test_a_loaded_index_changes_in_memory_alone(tmp_path: Path) -> None:
    Index.build(LISTINGS).save(tmp_path / "index")
    loaded = Index.load(tmp_path / "index")
    assert loaded.update([Listed("d", names=("Wartini",))], ["a"]) == 1
    assert not loaded.match(QUERIES[0])
    assert loaded.match(Query(names=("Wartini",), birth_date="1971-02-03"))
    assert answers(Index.load(tmp_path / "index"))[0]


def test_an_index_of_other_rules_is_refused(tmp_path: Path) -> None:
    Index.build(LISTINGS).save(tmp_path / "index")
    manifest = tmp_path / "index" / MANIFEST
    held = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(held | {"rules": "others"}))
    with pytest.raises(OtherRules):
        Index.load(tmp_path / "index")
