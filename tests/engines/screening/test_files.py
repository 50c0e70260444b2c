"""The public commands from file to file."""

import csv
import gzip
from pathlib import Path

import pytest

from tapal.core.errors import Rejected
from tapal.engines.screening.files import run_pairs, run_screen

LIST = """id,schema,name,aliases,dob,nationality,doc_number,gender,culture
L1,Person,Yusri Latupono,Si Kumis|Om Yus,1980-07-04,IDN,C1234567,M,x
L2,Person,Budi Setiawan,,,IDN,,M,x
L3,Vessel,KM Teluk Mutiara 07,,,IDN,9123456,,x
L4,Person,,,1980,IDN,,M,x
"""
QUERIES = """query_id,schema,name,dob,nationality,doc_number,expected_id
Q1,Person,JOESRI LATOEPONO,1980-07-04,IDN,,L1
Q2,Person,Budi Setiawan,1990-01-02,IDN,,L2
Q3,Person,Anselmo Belo,1990-01-02,TLS,,
Q4,Vessel,K.M. Teluk Mutiara VII,,IDN,,L3
Q5,Person,Om Yus,1980-07-04,IDN,,L1
"""


@pytest.mark.parametrize("packed", [False, True])
def test_screen(tmp_path: Path, packed: bool) -> None:
    names = [tmp_path / f"{n}.csv{'.gz' if packed else ''}" for n in ("list", "queries", "out")]
    for path, text in zip(names, (LIST, QUERIES), strict=False):
        path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    outcome = run_screen(*names)
    raw = names[2].read_bytes()
    rows = list(csv.DictReader((gzip.decompress(raw) if packed else raw).decode().splitlines()))
    assert [(r["query_id"], r["rank"], r["entity_id"], r["band"]) for r in rows] == [
        ("Q1", "1", "L1", "alert"),
        ("Q2", "1", "L2", "tie"),
        ("Q4", "1", "L3", "alert"),
        ("Q5", "1", "L1", "alert"),
    ]
    assert all(0 <= float(r["score"]) <= 1 and r["reasons"] for r in rows)
    assert (outcome.read, outcome.written) == (5, 4)
    assert [f.place for f in outcome.faults] == ["line 5, name/doc_number"]


def test_reasons_in_indonesian(tmp_path: Path) -> None:
    names = [tmp_path / f"{n}.csv" for n in ("list", "queries", "out")]
    names[0].write_text(LIST)
    names[1].write_text(QUERIES)
    run_screen(*names, language="id")
    assert "Tanggal lahir sama: 04-07-1980." in names[2].read_text()


def test_pairs_keep_rows_and_order(tmp_path: Path) -> None:
    source, out = tmp_path / "pairs.csv", tmp_path / "scores.csv"
    source.write_text(
        "note,schema,name1,name2,dob1,dob2,country1,country2\n"
        "a,Person,Joesri Latoepono,Yusri Latupono,,,,\n"
        "b,Person,Joesri Latoepono,Yusri Latupono,1980-07-04,1953-11-23,,\n"
        "c,Person,Yusri Latupono,Anselmo Belo,1980-07-04,1980-07-04,IDN,IDN\n"
        "d,Vessel,KM Teluk 07,KM Teluk 08\n"
    )
    assert run_pairs(source, out).written == 4
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert [(r["note"], r["match"]) for r in rows] == [
        ("a", "true"),
        ("b", "false"),
        ("c", "false"),
        ("d", "false"),
    ]


@pytest.mark.parametrize("header", ["", "name,dob\n", "query_id,dob\nQ1,1980\n"])
def test_missing_columns_are_named(tmp_path: Path, header: str) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "queries.csv").write_text(header)
    with pytest.raises(Rejected, match="line 1"):
        run_screen(tmp_path / "list.csv", tmp_path / "queries.csv", tmp_path / "out.csv")
    with pytest.raises(Rejected, match="schema"):
        run_pairs(tmp_path / "queries.csv", tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("listed", "place"),
    [(LIST.splitlines()[0] + "\n", "list"), ("", "list, line 1"), ("name\nA\n", "list, line 1")],
    ids=["no entry", "no byte", "no id"],
)  # fmt: skip
def test_a_list_of_nobody_leaves_nobody_silent(tmp_path: Path, listed: str, place: str) -> None:
    names = [tmp_path / name for name in ("list.csv", "queries.csv", "out.csv")]
    names[0].write_text(listed)
    names[1].write_text(QUERIES)
    with pytest.raises(Rejected) as refused:
        run_screen(*names)
    assert refused.value.place == place and refused.value.mend.id


@pytest.mark.parametrize("kept", [12, 60, 110])
def test_a_gzip_cut_short_is_told(tmp_path: Path, kept: int) -> None:
    names = [tmp_path / name for name in ("list.csv", "queries.csv.gz", "out.csv")]
    names[0].write_text(LIST)
    names[1].write_bytes(gzip.compress(QUERIES.encode())[:kept])
    with pytest.raises(Rejected, match="gzip"):
        run_screen(*names)


def test_letters_that_are_no_utf8_are_told_and_the_row_still_screened(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("list.csv", "queries.csv", "out.csv")]
    names[0].write_text(LIST)
    names[1].write_bytes(QUERIES.replace("Anselmo", "Ansélmo").encode("latin-1"))
    outcome = run_screen(*names)
    assert [(f.place, f.taken) for f in outcome.faults[1:]] == [("line 4", True)]
    assert (outcome.read, outcome.written) == (5, 4)


def test_a_broken_row_is_told_and_the_others_are_screened(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("list.csv", "queries.csv", "out.csv")]
    names[0].write_text(LIST)
    long = f"Q0,Person,{'A B ' * 2_500_000},1980-07-04,IDN,\n"
    names[1].write_text(QUERIES.replace("Q1", f"{long}Q1"))
    outcome = run_screen(*names)
    assert ("line 2", False) in [(f.place, f.taken) for f in outcome.faults]
    assert (outcome.read, outcome.written) == (5, 4)


def test_rows_that_an_open_quotation_mark_swallows_are_told(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("list.csv", "queries.csv", "out.csv")]
    names[0].write_text(LIST)
    names[1].write_text(QUERIES.replace("Budi Setiawan", '"Budi Setiawan'))
    outcome = run_screen(*names)
    assert ("query Q2", False) in [(f.place, f.taken) for f in outcome.faults]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_signs_between_cells_and_a_byte_order_mark(tmp_path: Path, sign: str) -> None:
    names = [
        tmp_path / name
        for name in ("list.csv", "queries.csv", "out.csv", "pairs.csv", "scores.csv")
    ]
    for path, text in zip(names[:2], (LIST, QUERIES), strict=True):
        path.write_text("\ufeff" + text.replace(",", sign))
    outcome = run_screen(*names[:3])
    assert (outcome.read, outcome.written) == (5, 4)
    names[3].write_text(f"\ufeffname2{sign}schema{sign}name1\nSoekarno{sign}Person{sign}Sukarno\n")
    assert run_pairs(*names[3:]).written == 1
    assert names[4].read_text().endswith(",true\n")


def test_what_of_a_row_is_not_compared_is_told(tmp_path: Path) -> None:
    long = " ".join(f"Kata{n}" for n in range(30))
    (tmp_path / "list.csv").write_text(
        "id,name,nationality\nL1,Yusri Halim Latupono,Rusia\nL2,Anselmo Belo,Atlantis\n"
    )
    (tmp_path / "asked.csv").write_text(
        f"query_id,name,nationality\nQ1,Yusri Halim Latupono,Russian Federation\nQ2,{long},TLS\n"
        "Q3,Anselmo Belo,Utopia\nQ4,ཨ,TLS\n"
    )
    told = run_screen(*(tmp_path / name for name in ("list.csv", "asked.csv", "hits.csv")))
    assert [(f.place, f.taken) for f in told.faults] == [
        ("line 3, nationality", True),
        ("query Q2, name", True),
        ("query Q3, nationality", True),
        ("query Q4, name", True),
    ]
    hits = {
        r["query_id"]: r for r in csv.DictReader((tmp_path / "hits.csv").read_text().splitlines())
    }
    assert "Nationality agrees: Russia" in hits["Q1"]["reasons"]
    assert "ationality" not in hits["Q3"]["reasons"]


def test_an_unknown_country_lowers_no_pair_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "schema,name1,name2,country1,country2\n"
        "Person,Yusri Halim,Yusri Halim,Atlantis,IDN\n"
        "Person,Yusri Halim,Yusri Halim,,IDN\n"
        "Person,Yusri Halim,Yusri Halim,Burma,MM\n"
        "Person,Yusri Halimah,Yusri Halim,Burma,\n"
        "Person,Yusri Halimah,Yusri Halim,Burma,MM\n"
    )
    told = run_pairs(tmp_path / "in.csv", tmp_path / "out.csv")
    rows = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    unknown, none, same, near, nearer = (float(row["score"]) for row in rows)
    assert unknown == none == same == 1.0 and near < nearer < 1.0
    assert [f.place for f in told.faults] == ["line 2, country1"]
