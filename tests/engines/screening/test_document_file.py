"""The file of listed documents: what is in it is found, what is not is not, and it stays small."""

from pathlib import Path
from random import Random

import pytest

from tapal.engines.screening.document_file import DocumentFile, ListedNumber, write

ROWS = [
    ("C1234567", "IDN", "lost"),
    ("X 765-4321", "MYS", "stolen"),
    ("X7654321", None, "stolen"),
    ("A1O2345", "TL", "lost"),
    ("x", "IDN", "lost"),
]


@pytest.fixture
def held(tmp_path: Path) -> DocumentFile:
    assert write(tmp_path / "documents", ROWS, salt=b"post") == 4
    return DocumentFile.open(tmp_path / "documents")


@pytest.mark.parametrize(
    ("number", "issuer", "found"),
    [
        ("c-1234567", "ID", [("IDN", "lost")]),
        ("C1234567", None, [("IDN", "lost")]),
        ("C1234567", "MYS", []),
        ("X7654321", "MYS", [("", "stolen"), ("MYS", "stolen")]),
        ("X7654321", "SGP", [("", "stolen")]),
        ("A102345", "TLS", [("TLS", "lost")]),
        ("C1234568", None, []),
        ("x", None, []),
        ("", None, []),
    ],
)
def test_find(
    held: DocumentFile, number: str, issuer: str | None, found: list[tuple[str, str]]
) -> None:
    assert sorted(held.find(number, issuer)) == [ListedNumber(*f) for f in found]


def test_every_row_is_found_and_no_other(tmp_path: Path) -> None:
    dice = Random(3)
    numbers = [f"{dice.choice('ABCX')}{n}" for n in dice.sample(range(10**6, 10**7), 20_000)]
    path = tmp_path / "documents"
    write(path, ((n, "IDN", "lost") for n in numbers[:10_000]))
    held = DocumentFile.open(path)
    assert all(held.find(n) for n in numbers[:10_000])
    assert not any(held.find(n) for n in numbers[10_000:])
    assert path.stat().st_size - 65536 == 11 * 10_000


def test_no_rows_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    write(path, [])
    assert DocumentFile.open(path).find("C1234567") == []
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="no document file"):
        DocumentFile.open(path)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "documents"
    write(path, ROWS)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="cut short"):
        DocumentFile.open(path)
