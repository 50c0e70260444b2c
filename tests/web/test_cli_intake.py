"""Files and folders that are handed in from the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tapal.web.cli import intake


def test_files_of_a_folder_are_named_by_their_way_from_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.csv").write_text("b")
    (tmp_path / ".hidden").write_text("c")
    assert [name for name, _ in intake._sources(tmp_path)] == ["a.csv", "deep/a.csv"]
    assert [name for name, _ in intake._sources(tmp_path / "a.csv")] == ["a.csv"]


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [name for name, _ in intake._sources(tmp_path / "pipe")] == ["pipe"]


def test_a_file_that_cannot_be_opened_is_told_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name)
    whole = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    unread: dict[str, OSError] = {}
    read = list(intake._read(dict(intake._sources(tmp_path)), unread))
    assert read == [("b.csv", b"b.csv")]
    (told,) = [intake._unread(name, error, "en") for name, error in unread.items()]
    assert (told["source"], told["status"], told["place"]) == ("a.csv", "reject", "file")
    assert "Permission denied" in told["reason"]
