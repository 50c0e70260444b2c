"""The reference data parses, refers to what exists and says how sure it is."""

import json
import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tapal.core.marking import Purpose
from tapal.data import document, table

CONFIDENCE = {"checked", "unchecked", "disputed"}


def ids(name: str, column: str = "id") -> set[str]:
    values = [row[column] for row in table(name)]
    assert len(values) == len(set(values)), f"{name}: {column} repeats"
    return set(values)


@pytest.mark.parametrize("row", table("legal_rows.csv"), ids=lambda row: row["id"])
def test_legal_row_carries_citation_and_confidence(row: dict[str, str]) -> None:
    assert isinstance(json.loads(row["selector"]), dict)
    json.loads(row["value"])
    assert row["citation"] and row["unit"]
    assert row["confidence"] in CONFIDENCE
    for day in (row["valid_from"], row["valid_to"]):
        assert not day or date.fromisoformat(day)
    if row["confidence"] != "unchecked" and "recalled" not in row["citation"]:
        assert row["source"], "a value that was read names where"


@pytest.mark.parametrize("row", table("role_purposes.csv"), ids=lambda row: row["word"])
def test_purposes_of_a_role_carry_citation_and_confidence(row: dict[str, str]) -> None:
    assert set(row["purposes"].split(";")) <= set(Purpose)
    assert row["citation"] and row["confidence"] in CONFIDENCE
    assert row["source"] or row["confidence"] == "unchecked"


def test_disputed_rows_have_an_opponent() -> None:
    rows = [row for row in table("legal_rows.csv") if row["confidence"] == "disputed"]
    for row in rows:
        rivals = [
            other
            for other in rows
            if (other["topic"], other["selector"]) == (row["topic"], row["selector"])
            and other["value"] != row["value"]
        ]
        assert rivals, row["id"]
    assert {row["topic"] for row in rows} == {"plb.stay_days", "customs.border_allowance"}


def test_ids_are_unique_and_areas_and_posts_exist() -> None:
    areas, posts = ids("border_areas.csv"), ids("posts.csv")
    ids("legal_rows.csv")
    for row in table("legal_rows.csv"):
        value = json.loads(row["value"])
        if isinstance(value, dict):
            assert set(value.get("areas", [])) <= areas, row["id"]
            assert set(value.get("posts", [])) <= posts, row["id"]
        assert {json.loads(row["selector"]).get("residence")} <= areas | {None}


def test_timor_leste_arrangement_maps_old_names_to_present_sub_districts() -> None:
    kobalima = [row for row in table("border_areas.csv") if row["treaty_name"] == "Kobalima"]
    assert {row["name"] for row in kobalima} == {"Kobalima", "Kobalima Timur"}
    assert {row["parent"] for row in kobalima} == {"Kabupaten Malaka"}
    timorese = [r for r in table("border_areas.csv") if r["country"] == "TLS"]
    assert len(timorese) == 11


def test_posts_have_a_zone_and_hours_that_say_how_sure() -> None:
    agreed = {"WIB", "WITA", "WIT"}
    for row in table("posts.csv"):
        ZoneInfo(row["tz"])
        assert row["tz_label"] in agreed
        assert re.fullmatch(r"(\d\d:\d\d-\d\d:\d\d)?", row["opening_hours"]), row["id"]
        assert row["opening_hours_confidence"] in CONFIDENCE
        assert row["opening_hours_citation"]


def test_agencies_succeed_into_agencies() -> None:
    codes = ids("agencies.csv", "code")
    assert {row["successor"] for row in table("agencies.csv")} <= codes | {""}


def test_lists_know_direction_and_tangkal_spares_citizens() -> None:
    rows = {row["code"]: row for row in table("lists.csv")}
    assert {row["direction"] for row in rows.values()} <= {"exit", "entry", "both"}
    assert rows["cegah"]["direction"] == "exit"
    assert rows["tangkal"]["direction"] == "entry"
    assert [c for c, r in rows.items() if r["never_matches_citizens"] == "true"] == ["tangkal"]
    assert {row["authority"] for row in rows.values()} <= ids("agencies.csv", "code")


def test_demo_officers_hold_known_mandates() -> None:
    roles, posts = ids("roles.csv", "code"), ids("posts.csv") | {""}
    ids("demo_officers.csv", "username")
    for row in table("demo_officers.csv"):
        assert row["agency"] in ids("agencies.csv", "code")
        assert set(row["roles"].split(";")) <= roles
        assert row["post"] in posts


def test_no_agreement_gives_fear_of_return_abroad_or_anything_to_the_stranger() -> None:
    agencies = {row["code"]: row for row in table("agencies.csv")}
    stranger = {r["agency"] for r in table("demo_officers.csv") if r["username"] == "psdkp.asing"}
    for agreement in document("demo_agreements.json"):
        assert {agreement["giver"], agreement["taker"]} <= agencies.keys()
        assert not {agreement["giver"], agreement["taker"]} & stranger
        if agencies[str(agreement["taker"])]["role"] in ("counterpart", "diplomacy"):
            text = json.dumps(agreement["clauses"])
            assert "fear" not in text and '"*"' not in text and "person.*" not in text
