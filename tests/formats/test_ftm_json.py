"""FollowTheMoney JSON lines: entries with their documents and sanctions, never an exception."""

import json
from random import Random

import pytest

from tapal.formats.ftm_json import read
from tapal.formats.listing_csv import Fault, ListingRow


def entity(id_: str, schema: str, **properties: list[str]) -> bytes:
    return json.dumps(
        {"id": id_, "schema": schema, "properties": properties, "datasets": ["id_try"]}
    ).encode()


LINES = [
    entity("pass", "Passport", holder=["p1"], number=["C1234567"], country=["id"]),
    entity(
        "p1",
        "Person",
        name=["Yusri Latupono", "Joesri Latoepono"],
        alias=["Si Kumis"],
        weakAlias=["Yus"],
        birthDate=["1980-07-04", "1980"],
        nationality=["id"],
        country=["my"],
        gender=["male"],
        topics=["sanction"],
        passportNumber=["C1234567", "A7654321"],
    ),
    entity("id", "Identification", holder=["p1"], number=["5371010407800001"], country=["id"]),
    entity(
        "s1",
        "Sanction",
        entity=["p1"],
        authority=["Badan Coba"],
        program=["Program Coba"],
        startDate=["2024-02-01"],
        endDate=["2027-02-01"],
        reason=["perkara"],
    ),
    entity("v1", "Vessel", name=["KM Teluk Mutiara 07"], imoNumber=["9123456"], flag=["id"]),
    entity("c1", "Company", name=["PT Citra Samudera"], jurisdiction=["id"]),
    entity("lost", "Passport", passportNumber=["X0000001"], country=["tl"]),
    entity("p2", "Person", firstName=["Anselmo"], lastName=["Belo"]),
    entity("a1", "Address", full=["Jalan Coba 1"]),
    entity("f1", "Family", person=["p1"], relative=["p2"]),
]


def entries(lines: list[bytes]) -> dict[str, ListingRow]:
    return {i.entity_id: i for i in read(lines) if isinstance(i, ListingRow)}


def faults(lines: list[bytes]) -> list[Fault]:
    return [i for i in read(lines) if isinstance(i, Fault)]


def test_a_person_with_documents_and_sanction_from_other_lines() -> None:
    assert entries(LINES)["p1"] == ListingRow(
        entity_id="p1",
        schema="Person",
        names=("Yusri Latupono", "Joesri Latoepono"),
        aliases=("Si Kumis",),
        weak_aliases=("Yus",),
        birth_dates=("1980-07-04", "1980"),
        nationalities=("id",),
        documents=(("C1234567", "id"), ("5371010407800001", "id"), ("A7654321", None)),
        gender="male",
        list_code="id_try",
        authority="Badan Coba",
        legal_basis="Program Coba",
        valid_from="2024-02-01",
        valid_until="2027-02-01",
        reason="perkara",
        topics=("sanction",),
        place="line 2",
    )


def test_craft_bodies_and_lone_documents() -> None:
    found = entries(LINES)
    assert set(found) == {"p1", "v1", "c1", "lost", "p2"}
    assert found["v1"].documents == (("9123456", None),)
    assert found["v1"].nationalities == found["c1"].nationalities == ("id",)
    assert found["lost"].documents == (("X0000001", "tl"),)
    assert found["p2"].names == ("Anselmo Belo",)
    assert faults(LINES) == []


def test_one_sanction_without_end_has_not_ended() -> None:
    open_ended = entity("s2", "Sanction", entity=["p1"], startDate=["2023"])
    row = entries([*LINES, open_ended])["p1"]
    assert (row.valid_from, row.valid_until) == ("2023", None)


@pytest.mark.parametrize(
    ("line", "place", "taken"),
    [
        (b"{not json", "line 1", False),
        (b"[]", "line 1", False),
        (b'{"id": "x", "schema": "Person"}', "line 1", False),
        (b'{"schema": "Person", "properties": {"name": ["A B"]}}', "line 1", False),
        (b"[" * 5000, "line 1", False),
        (b"\xff\xfe{}", "line 1", False),
        (entity("x", "Person"), "line 1", False),
        (entity("x", "Passport", holder=["p"]), "line 1", False),
        (
            entity("x", "Person", name=["Wartini"], birthDate=["19781231x"]),
            "line 1, birthDate",
            True,
        ),
    ],
)
def test_faults_name_their_place_and_the_mend(line: bytes, place: str, taken: bool) -> None:
    (fault,) = faults([line])
    assert (fault.place, fault.taken) == (place, taken)
    assert fault.reason.id and fault.reason.en and fault.mend.id and fault.mend.en
    assert len(entries([line])) == taken


def test_a_compact_date_is_kept() -> None:
    line = entity("x", "Person", name=["Wartini"], birthDate=["19781231"])
    assert entries([line])["x"].birth_dates == ("1978-12-31",)


def test_the_first_of_two_with_one_id_is_told_and_does_not_stand() -> None:
    lines = [entity("x", "Person", name=[name]) for name in ("Wartini", "Kasmirah", "Kasmirah")]
    told = faults(lines)
    assert [(f.place, f.taken) for f in told] == [("line 1, id", False), ("line 2, id", True)]
    assert "line 2" in told[0].reason.en and "an id of its own" in told[0].mend.en
    assert entries(lines)["x"].names == ("Kasmirah",)


def test_two_lone_documents_with_one_id_are_told() -> None:
    lines = [entity("d", "Passport", number=[number]) for number in ("X0000001", "X0000002")]
    assert [(f.place, f.taken) for f in faults(lines)] == [("line 1, id", False)]


def test_a_schema_is_read_in_any_case_and_an_unknown_one_told() -> None:
    lines = [
        entity("a", "person", name=["Wartini"]),
        entity("b", "Car", name=["DH 1234 AB"]),
        entity("c", "Perzon", name=["Kasmirah"]),
        entity("d", "Security", name=["Saham Coba"]),
    ]
    assert {i: row.schema for i, row in entries(lines).items()} == {"a": "Person", "b": "Car"}
    (fault,) = faults(lines)
    assert (fault.place, fault.taken) == ("line 3, schema", False)
    assert "Perzon" in fault.reason.en and "Person, Organization" in fault.mend.en


def test_a_sanction_day_that_cannot_be_read_is_told() -> None:
    ended = entity("s2", "Sanction", entity=["p2"], endDate=["31 Juni 2020"])
    (fault,) = faults([*LINES, ended])
    assert (fault.place, fault.taken) == (f"line {len(LINES) + 1}, endDate", True)
    assert entries([*LINES, ended])["p2"].valid_until is None


def test_ten_thousand_mutated_files() -> None:
    dice = Random(20260704)
    seed = b"\n".join(LINES)
    marks = (b'"', b"\n", b"{", b"]", b"\x00", b"\xff", b"null", b"1e999", b"[" * 50, b"\\ud800")
    for _ in range(10_000):
        data = bytearray(seed)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[at] = dice.randrange(256)
                case 1:
                    del data[at : at + dice.randint(1, 40)]
                case 2:
                    data[at:at] = dice.choice(marks)
                case _:
                    data[at:at] = data[at : at + dice.randint(1, 60)]
        for item in read(bytes(data).split(b"\n")):
            assert item.place
            assert isinstance(item, ListingRow) or item.mend.en
