"""Mappings as data: what they may say, how cells are read, and 10,000 broken tables for each kind."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tapal.core.reading import Draft, Header, ReadContext, Rejection
from tapal.core.text import same
from tapal.formats import mapped, tables
from tapal.formats.mapped import Column, Mapping
from tapal.kinds import KINDS

CONTEXT = ReadContext(datetime(2026, 11, 24, 3, tzinfo=UTC))
CROSSING, PHYTO = KINDS["crossing"], KINDS["phyto"]
MAPPED = [kind for kind in KINDS.values() if kind.mapped]
NAME = Column("Nama", "person.primary_identifier")


def read(mapping: Mapping, text: str | bytes, kind: object = CROSSING) -> list[object]:
    form = mapped.format_of("map:x@1", mapping, kind, same("x"), "IMI")  # type: ignore[arg-type]
    data = text if isinstance(text, bytes) else text.encode()
    return [i for i in form.read(data, CONTEXT) if not isinstance(i, Header)]


def body(mapping: Mapping, text: str | bytes) -> dict[str, object]:
    (draft,) = read(mapping, text)
    assert isinstance(draft, Draft), draft
    return draft.body.model_dump(mode="json", exclude_none=True)


def with_column(column: Column, **more: object) -> Mapping:
    return Mapping((NAME, column), system="S", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dates", "cell", "day"),
    [
        ("day", "03/04/1980", "1980-04-03"),
        ("month", "03/04/1980", "1980-03-04"),
        ("DD.MM.YYYY", "03.04.1980", "1980-04-03"),
        ("YYYYMMDD", "19800403", "1980-04-03"),
        ("day", "3 Agustus 1980", "1980-08-03"),
        ("day", "29314", "1980-04-03"),
    ],
)
def test_dates_are_read_in_the_order_that_the_mapping_says(dates: str, cell: str, day: str) -> None:
    column = Column("Lahir", "person.birth_date", dates=dates)
    found = body(with_column(column), f"Nama,Lahir\nA,{cell}\n")
    assert found["person"]["birth_date"] == day  # type: ignore[index]


@pytest.mark.parametrize("cell", ["31-02-1980", "03/04/80", "kemarin", "2026-13-01", "1.2E+10"])
def test_no_date_is_guessed(cell: str) -> None:
    column = Column("Lahir", "person.birth_date")
    found = body(with_column(column), f"Nama,Lahir\nA,{cell}\n")
    assert "birth_date" not in found["person"]  # type: ignore[operator]
    assert found["extra"] == {"Lahir": cell}


@pytest.mark.parametrize(
    ("decimal", "cell", "number"), [(".", "1,250", 1250), (",", "1.250", 1250), (".", "7", 7)]
)
def test_numbers_go_by_the_decimal_mark(decimal: str, cell: str, number: int) -> None:
    column = Column("Hari", "stay.permitted_days")
    found = body(with_column(column, decimal=decimal), f'Nama;Hari\nA;"{cell}"\n')
    assert found["stay"] == {"permitted_days": number}


def test_codes_by_the_senders_table_by_code_and_by_word() -> None:
    column = Column("JK", "person.sex", codes={"1": "M", "2": "F"})
    for cell, code in (("2", "F"), ("M", "M"), ("perempuan", "F")):
        assert body(with_column(column), f"Nama,JK\nA,{cell}\n")["person"]["sex"] == code  # type: ignore[index]


def test_constants_stand_in_each_row() -> None:
    mapping = Mapping((NAME,), {"direction": "entry", "mode": "ferry"}, "S")
    found = body(mapping, "Nama,Lain\nA,b\n")
    assert (found["direction"], found["mode"], found["extra"]) == ("entry", "ferry", {"Lain": "b"})


@pytest.mark.parametrize(
    ("mapping", "place"),
    [
        (Mapping((), system="S"), "person.primary_identifier"),
        (Mapping((NAME, Column("X", "decision.outcome")), system="S"), "X"),
        (Mapping((NAME, Column("X", "protection.fear_of_return")), system="S"), "X"),
        (Mapping((NAME, Column("X", "no.such")), system="S"), "X"),
        (Mapping((NAME, Column("nama", "")), system="S"), "nama"),
        (Mapping((NAME, Column("X", "person.sex", codes={"1": "male"})), system="S"), "X"),
        (Mapping((NAME, Column("X", "@post", codes={"MTN": "PLBN-99"})), system="S"), "X"),
        (Mapping((NAME, Column("X", "person.birth_date", dates="%Y")), system="S"), "X"),
        (Mapping((NAME, Column("X", "person.birth_date", dates="DD.MM.YY")), system="S"), "X"),
        (Mapping((NAME,), {"direction": "sideways"}, "S"), "direction"),
        (Mapping((NAME,), joined=True, system="S"), "@number"),
        (Mapping((NAME,)), "system"),
    ],
)
def test_what_a_mapping_may_not_be_is_told_by_its_place(mapping: Mapping, place: str) -> None:
    assert place in [each.place for each in mapped.check(mapping, CROSSING, {"PLBN-11": 1})]


def test_what_only_this_house_writes_is_no_target() -> None:
    for kind in MAPPED:
        assert not [
            p for p in mapped.targets(kind) if p.startswith(("decision", "protection", "acts"))
        ]


def test_a_mapping_keeps_its_shape() -> None:
    mapping = with_column(Column("JK", "person.sex", codes={"1": "M"}), joined=True)
    assert Mapping.of(mapping.json()) == mapping
    broken: object
    for broken in (None, [], {}, {"columns": 1}, {"columns": [1]}, {"columns": [{"heading": 1}]},
                   {"columns": [], "constants": {"a": 1}}):  # fmt: skip
        with pytest.raises(ValueError):
            Mapping.of(broken)


def test_character_sets_and_delimiters_are_recognised_and_shown() -> None:
    text = "Nama;Lahir\nJosé;01-02-1990\n"
    for codec, charset in (("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("cp1252", "Windows-1252"),
                           ("utf-16", "UTF-16")):  # fmt: skip
        data = text.encode(codec)
        manner = tables.manner(data)
        assert (manner.charset, manner.delimiter) == (charset, ";")
        found = body(with_column(Column("Lahir", "person.birth_date")), data)
        assert found["person"]["primary_identifier"] == "José"  # type: ignore[index]


def test_another_table_is_refused_with_what_was_looked_for() -> None:
    (item,) = read(with_column(Column("Lahir", "person.birth_date")), "a,b\n1,2\n")
    assert isinstance(item, Rejection) and "Nama" in item.mend.en


def _samples() -> dict[str, tuple[Mapping, bytes]]:
    crossing = (
        b"No Reg;Nama;JK;Tgl Lahir;Kewarganegaraan;No Paspor;Arah;Tanggal;Jam\n"
        b"R1;MARIA;P;14-02-1988;Timor-Leste;C1;Masuk;24/11/2026;08:12\n"
        b'R2;"JOSE ""J""";L;1990;IDN;C2;Keluar;24/11/2026;08:13\n'
    )
    phyto = (
        b"No Aju,Nomor Sertifikat,Negara Penerbit,Tanggal Terbit,Nama Ilmiah,Berat Bersih,Satuan\n"
        b"A1,PC-1,AU,2026-03-01,Citrus sinensis,1250.5,KGM\n"
        b"A1,PC-1,AU,2026-03-01,Citrus reticulata,10,KGM\n"
    )
    made = {"crossing": crossing, "phyto": phyto}
    return {
        name: (replace(mapped.suggest(data, KINDS[name], "S"), joined=True), data)
        for name, data in made.items()
    }


@pytest.mark.parametrize("name", [kind.name for kind in MAPPED])
def test_10_000_broken_tables_are_records_or_rejects_by_row(name: str) -> None:
    mapping, data = _samples()[name]
    assert not mapped.check(mapping, KINDS[name], {})
    form = mapped.format_of("map:x@1", mapping, KINDS[name], same("x"), "IMI")
    chance = random.Random(name)
    bits = [
        b'"',
        b";",
        b",",
        b"\n",
        b"\x00",
        b"\xff",
        b"9" * 30,
        b"=cmd()",
        "\u202e𝒳".encode(),
        b"-",
        b"",
    ]
    for _ in range(10_000):
        text = bytearray(data)
        for _ in range(chance.randint(1, 10)):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 4)] = chance.choice(
                [*bits, bytes([chance.randrange(256)])]
            )
        for item in form.read(bytes(text), CONTEXT):
            if not isinstance(item, Header):
                assert item.place.startswith("row ")


def test_suggestions_know_the_usual_headings() -> None:
    data = (
        b"NO,NAMA LENGKAP,JENIS KELAMIN,TGL LAHIR,KEWARGANEGARAAN,NO PASPOR,TPI,ARAH,TGL LAHR X\n"
        b"1,A,L,12/25/1980,IDN,B1,MTN,Masuk,\n"
    )
    found = {c.heading: (c.path, c.dates) for c in mapped.suggest(data, CROSSING).columns}
    assert found["NO"][0] == mapped.IGNORED
    assert found["TGL LAHIR"] == ("person.birth_date", "month")
    assert found["TPI"][0] == mapped.POST
    assert found["TGL LAHR X"][0] == ""
