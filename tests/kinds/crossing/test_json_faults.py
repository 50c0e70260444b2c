"""Crossings in JSON as programs send them: wrapped, cut off, under names of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tapal.core.reading import Draft, Item, Rejection
from tapal.kinds.crossing import persons_json
from tapal.kinds.crossing.model import Crossing
from tests.kinds.builders import READING

SARI = {
    "direction": "entry",
    "primary_identifier": "CONTOH",
    "secondary_identifier": "SARI",
    "birth_date": "1990-02-14",
    "nationality": "IDN",
}


def read(data: str | bytes) -> list[Item]:
    return list(persons_json.read(data.encode() if isinstance(data, str) else data, READING))


def shapes(data: str | bytes) -> str:
    return "".join("x" if isinstance(item, Rejection) else "." for item in read(data))


def one(data: str | bytes) -> Crossing:
    (item,) = read(data)
    assert isinstance(item, Draft), item
    assert isinstance(item.body, Crossing)
    return item.body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps([SARI, SARI]), ".."),
        (json.dumps(SARI) + "\n" + json.dumps(SARI), ".."),
        (json.dumps(SARI, indent=1) + "\n" + json.dumps(SARI, indent=1), ".."),
        (json.dumps([SARI, SARI])[:-1] + ",]", ".."),
        (json.dumps([SARI, SARI], indent=1)[:-30], ".x"),
        (json.dumps([SARI, SARI])[:-1], ".."),
        (json.dumps(SARI) + "\n{broken\n" + json.dumps(SARI), ".x."),
        (json.dumps({"passengers": [SARI, SARI], "count": 2}), ".."),
        (json.dumps({"meta": {"page": 1}, "data": [SARI]}), "."),
        (json.dumps([SARI, 5, None, {}]), ".xxx"),
        ("[" * 100_000, "x"),
        ("", "x"),
        ("[,", "x"),
        ("[]", "x"),
    ],
)
def test_what_is_whole_is_kept_and_what_is_not_is_told_once(text: str, expected: str) -> None:
    assert shapes(text) == expected


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings(codec: str) -> None:
    data = json.dumps([SARI]).encode(codec)
    assert persons_json.sniff(data) > 60
    assert one(data).person.primary_identifier == "CONTOH"


@pytest.mark.parametrize(
    "given",
    [
        {
            "lastName": "CONTOH",
            "firstName": "SARI",
            "dateOfBirth": "1990-02-14",
            "nationality": "IDN",
            "direction": "in",
        },
        {
            "nama keluarga": "CONTOH",
            "nama_depan": "SARI",
            "tgl_lahir": "14 Februari 1990",
            "Kewarganegaraan": "Indonesia",
            "arah": "masuk",
        },
    ],
)
def test_names_of_fields_in_other_words(given: dict[str, Any]) -> None:
    data = json.dumps([given]).encode()
    assert persons_json.sniff(data) > 60
    assert one(data) == one(json.dumps([SARI]))


@pytest.mark.parametrize("day", ["1990-13-45", "1990-02-30", "1990-00", "14-02-1990"])
def test_a_body_with_a_day_that_is_not_in_the_calendar_is_rejected_by_its_field(day: str) -> None:
    body = {"direction": "entry", "person": {"primary_identifier": "SARI", "birth_date": day}}
    (item,) = read(json.dumps([body]))
    assert isinstance(item, Rejection)
    assert item.place == "item 1 person.birth_date"


def test_an_object_nested_too_deep_to_write_is_still_a_record_or_a_reject() -> None:
    deep = (
        '{"direction":"entry","name":"SARI","birth_date":"1990-02-14","x":' + "[" * 970 + "]" * 970
    )
    assert len(read(deep + "}")) == 1


def test_an_entry_of_a_list_is_no_crossing() -> None:
    entry = {"schema": "Person", "properties": {"name": ["SARI"], "nationality": ["id"]}}
    assert not persons_json.sniff(json.dumps(entry).encode())


def test_an_object_again_is_told() -> None:
    flat = '{"name":"SARI","nationality":"IDN"}'
    shaped = '{"person":{"primary_identifier":"SARI"},"direction":"entry"}'
    items = persons_json.read(f"[{flat},{shaped},{flat},{shaped}]".encode(), READING)
    told = [[f.about for f in i.findings] for i in items if isinstance(i, Draft)]
    assert told == [[], [], ["item 1"], ["item 2"]]
