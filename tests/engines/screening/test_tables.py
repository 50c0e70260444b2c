"""Bad files at `tapal screen`: nothing is dropped in silence, and no file is lost."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from tapal.core.errors import Rejected
from tapal.engines.screening.files import Outcome, run_pairs, run_screen

LIST = """id,schema,name,dob,nationality,doc_number
L1,Person,Yusri Latupono,1980-07-04,IDN,C1234567
L2,Person,José Alvés,1971-02-03,TLS,
"""
HEAD = "query_id,schema,name,dob,nationality,doc_number\n"
ONE = "Q1,Person,JOESRI LATOEPONO,1980-07-04,IDN,\n"
PAIR = "schema,name1,name2\nPerson,José Alvés,JOSE ALVES\n"


class Files:
    """A folder with the three files of a run."""

    def __init__(self, folder: Path) -> None:
        self.list, self.asked, self.out = (folder / n for n in ("list.csv", "asked.csv", "out.csv"))
        self.list.write_text(LIST)

    def screened(self, asked: str | bytes) -> Outcome:
        self.asked.write_bytes(asked if isinstance(asked, bytes) else asked.encode())
        return run_screen(self.list, self.asked, self.out)

    def hits(self) -> list[tuple[str, str, str]]:
        with self.out.open(encoding="utf-8", newline="") as text:
            return [(r["query_id"], r["rank"], r["entity_id"]) for r in csv.DictReader(text)]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.mark.parametrize(
    ("row", "place", "taken"),
    [
        ("Q2,Person,Yusri Latupono,04 Juli 1980,IDN,", "query Q2, dob", True),
        ("Q2,Person,Latupono, Yusri,1980-07-04,IDN,C7", "query Q2", False),
        ("Q2,Person,,1980-07-04,IDN,", "query Q2", False),
        ("Q2", "query Q2", False),
        (",Person,Yusri Latupono,1980-07-04,IDN,", "line 3", False),
        ("Q1,Person,Yusri Latupono,1980-07-04,IDN,", "query Q1", True),
        ("Q2,Spaceship,Yusri Latupono,1980-07-04,IDN,", "query Q2, schema", True),
    ],
    ids=["date", "cell too many", "nobody", "short", "no id", "id twice", "schema"],
)
def test_each_doubt_about_a_query_is_told(files: Files, row: str, place: str, taken: bool) -> None:
    done = files.screened(f"{HEAD}{ONE}{row}\n")
    assert [(f.place, f.taken) for f in done.faults] == [(place, taken)]
    assert all(f.reason.id and f.reason.en and f.mend.id and f.mend.en for f in done.faults)
    assert done.read == 1 + taken
    assert len(files.hits()) == done.written == 1 + taken


@pytest.mark.parametrize("end", ["le", "be"])
def test_unicode_text_of_office_programs_is_read(files: Files, end: str) -> None:
    def coded(text: str) -> bytes:
        return f"\ufeff{text}".encode(f"utf-16-{end}")

    files.list.write_bytes(coded(LIST))
    done = files.screened(coded(HEAD + ONE + "Q2,Person,JOSE ALVES,1971-02-03,TLS,\n"))
    assert (files.hits(), done.faults) == ([("Q1", "1", "L1"), ("Q2", "1", "L2")], ())


def test_a_line_in_the_windows_code_page_spoils_no_other(files: Files) -> None:
    files.list.write_bytes(LIST.encode("cp1252") + "L3,Person,محمد صالح,1990-05-06,,\n".encode())
    asked = HEAD.encode() + "Q1,Person,José Alvés,1971-02-03,TLS,\n".encode("cp1252")
    done = files.screened(asked + "Q2,Person,محمد صالح,1990-05-06,,\n".encode())
    assert files.hits() == [("Q1", "1", "L2"), ("Q2", "1", "L3")]
    assert [(f.place, f.taken) for f in done.faults] == [("line 2", True)]


def test_pairs_keep_letters_and_rows_whatever_they_are_written_in(files: Files) -> None:
    files.asked.write_bytes(PAIR.encode("cp1252") + b"Person,A, B,C\nPerson\nOops,A,A\n")
    done = run_pairs(files.asked, files.out)
    rows = files.out.read_text().splitlines()
    assert rows[1].startswith("Person,José Alvés,JOSE ALVES,") and rows[1].endswith(",true")
    assert [r.split(",")[:3] for r in rows[2:]] == [
        ["Person", "A", " B"], ["Person", "", ""], ["Oops", "A", "A"],
    ]  # fmt: skip
    told = [(f.place, f.taken) for f in done.faults]
    assert told == [("line 2", True), ("line 3", False), ("line 5, schema", True)]


def test_columns_are_known_in_any_letters_and_written_as_they_came(files: Files) -> None:
    files.screened((HEAD + ONE).replace("query_id", "Query_ID").replace("name", " Name "))
    assert files.hits() == [("Q1", "1", "L1")]
    files.asked.write_text("Note, Schema ,NAME1,name2,Score\nx,Person,A,A,9\n")
    run_pairs(files.asked, files.out)
    head, row = files.out.read_text().splitlines()
    assert head == "Note, Schema ,NAME1,name2,score,match"
    assert row.startswith("x,Person,A,A,") and not row.startswith("x,Person,A,A,9")


def test_an_id_that_a_list_holds_twice_is_told_and_its_entry_once_found(files: Files) -> None:
    again = "".join(f"L1,Person,Yusri Latupono,1980-07-0{n},IDN,\n" for n in (4, 5))
    files.list.write_text(LIST + again)
    done = files.screened(HEAD + ONE)
    assert files.hits() == [("Q1", "1", "L1")]
    assert [(f.place, f.taken) for f in done.faults] == [("line 4, id", True), ("line 5, id", True)]


@pytest.mark.parametrize("same", ["list", "asked", "link"])
def test_no_input_is_overwritten(files: Files, tmp_path: Path, same: str) -> None:
    files.asked.write_text(HEAD + ONE)
    out = {"list": files.list, "asked": files.asked, "link": tmp_path / "link.csv"}[same]
    if same == "link":
        out.symlink_to(files.asked)
    with pytest.raises(Rejected, match="out"):
        run_screen(files.list, files.asked, out)
    files_before = (LIST, HEAD + ONE)
    assert (files.list.read_text(), files.asked.read_text()) == files_before
    files.asked.write_text(PAIR)
    with pytest.raises(Rejected, match="out"):
        run_pairs(files.asked, files.asked)
    assert files.asked.read_text() == PAIR


@pytest.mark.parametrize(
    "asked",
    [b"a,b\n1,2\n", b"", gzip.compress((HEAD + ONE).encode())[:60]],
    ids=["other columns", "empty", "cut short"],
)
def test_a_run_that_fails_leaves_what_was_there(files: Files, tmp_path: Path, asked: bytes) -> None:
    files.out.write_text("earlier hits\n")
    with pytest.raises(Rejected):
        files.screened(asked)
    assert files.out.read_text() == "earlier hits\n"
    assert {p.name for p in tmp_path.iterdir()} == {"list.csv", "asked.csv", "out.csv"}


def test_the_output_may_be_a_device(files: Files) -> None:
    files.asked.write_text(HEAD + ONE)
    assert run_screen(files.list, files.asked, "/dev/null").written == 1
    with pytest.raises(OSError, match=r"nowhere/out\.csv"):
        run_screen(files.list, files.asked, files.out.parent / "nowhere/out.csv")
