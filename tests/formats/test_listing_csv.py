"""Lists as CSV: whole rows, named faults, never an exception."""

import gzip
from random import Random

import pytest

from tapal.formats.listing_csv import Fault, Item, ListingRow, partial_date, read

WHOLE = (
    "id,schema,name,aliases,dob,nationality,doc_number,gender,list,direction,authority,number,"
    "legal_basis,valid_from,valid_until,reason\n"
    "L1,Person,Yusri Latupono,Si Kumis|Om Yus,1980-07-04,IDN,C1234567,M,CEGAH-07,cegah,"
    "Imigrasi,IMI-1,UU 6/2011,2026-01-05,2026-07-04,perkara\n"
    'L2,Person,"Belo, Anselmo",,1971,TLS,,M,T,tangkal,,,,,,\n'
    "L3,Vessel,KM Teluk Mutiara 07,,,ID,9123456,,,,,,,,,\n"
)


def rows(items: list[Item]) -> list[ListingRow]:
    return [i for i in items if isinstance(i, ListingRow)]


def faults(items: list[Item]) -> list[Fault]:
    return [i for i in items if isinstance(i, Fault)]


def test_whole_rows() -> None:
    items = list(read(WHOLE.encode()))
    assert items[0] == ListingRow(
        entity_id="L1",
        schema="Person",
        names=("Yusri Latupono",),
        aliases=("Si Kumis", "Om Yus"),
        birth_dates=("1980-07-04",),
        nationalities=("IDN",),
        documents=(("C1234567", None),),
        gender="M",
        list_code="CEGAH-07",
        direction="out",
        authority="Imigrasi",
        number="IMI-1",
        legal_basis="UU 6/2011",
        valid_from="2026-01-05",
        valid_until="2026-07-04",
        reason="perkara",
        place="line 2",
    )
    assert [r.entity_id for r in rows(items)] == ["L1", "L2", "L3"]
    assert rows(items)[1].names == ("Belo, Anselmo",)
    assert rows(items)[1].direction == "in"
    assert faults(items) == []


@pytest.mark.parametrize("form", ["semicolon", "tab", "bom", "gzip", "cp1252"])
def test_other_forms(form: str) -> None:
    text = "ID;Nama;Tanggal Lahir\nL1;João Latupono;4/7/1980\n"
    data = {
        "semicolon": text.encode(),
        "tab": text.replace(";", "\t").encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "gzip": gzip.compress(text.encode()),
        "cp1252": text.encode("cp1252"),
    }[form]
    (row,) = rows(list(read(data)))
    assert (row.names, row.birth_dates) == (("João Latupono",), ("1980-07-04",))


@pytest.mark.parametrize(
    ("line", "place", "taken"),
    [
        (",Yusri,1980,in,2026-01-01", "line 2, id", False),
        ("L1,,1980,in,2026-01-01", "line 2, name/doc_number", False),
        ("L1,Yusri,1980,sideways,2026-01-01", "line 2, direction", False),
        ("L1,Yusri,1980,in,31/02/2026", "line 2, valid_until", False),
        ("L1,Yusri,someday,in,2026-01-01", "line 2, dob", True),
        ("L1,Yusri,1980,in,2026-01-01,more", "line 2", False),
        ('L1,"Yusri' + "\nx" * 30, "lines 2-32", False),
    ],
)
def test_faults_name_their_place_and_the_mend(line: str, place: str, taken: bool) -> None:
    items = list(read(f"id,name,dob,direction,valid_until\n{line}\n".encode()))
    (fault,) = faults(items)
    assert (fault.place, fault.taken) == (place, taken)
    assert fault.reason.id and fault.reason.en and fault.mend.id and fault.mend.en
    assert len(rows(items)) == taken


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a,b,c\n1,2,3\n", b"\x1f\x8bnot gzip"])
def test_not_a_list(data: bytes) -> None:
    items = list(read(data))
    assert len(faults(items)) == 1 and rows(items) == []


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1980", "1980"),
        ("1980-07", "1980-07"),
        ("1980-7-4", "1980-07-04"),
        ("19800704", "1980-07-04"),
        ("4/7/1980", "1980-07-04"),
        ("04.07.1980", "1980-07-04"),
        ("1980-00-00", "1980"),
        ("1980-07-04T00:00:00", "1980-07-04"),
        ("1980-02-31", None),
        ("1980-13", None),
        ("4/7/80", None),
        ("", None),
        ("٤", None),
    ],
)
def test_partial_dates(written: str, read_as: str | None) -> None:
    assert partial_date(written) == read_as


def test_ten_thousand_mutated_lists() -> None:
    dice = Random(20260704)
    seed = WHOLE.encode()
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
                    data[at:at] = dice.choice(
                        (b'"', b"\n", b",", b"\x00", b"\xff\xfe", b"\x1f\x8b")
                    )
                case _:
                    data[at:at] = data[at : at + dice.randint(1, 60)]
            data = data or bytearray(b"x")
        for item in read(bytes(data)):
            assert item.place
            assert isinstance(item, ListingRow) or item.mend.en


def test_a_list_of_documents_names_their_schema() -> None:
    head = b"list,id,schema,name,doc_number,doc_country\n"
    rows = list(read(head + b"lost_documents,D-1,Passport,,C0123456,TLS\n"))
    assert [row.schema for row in rows if isinstance(row, ListingRow)] == ["Passport"]
    assert not any(isinstance(row, Fault) for row in rows)
