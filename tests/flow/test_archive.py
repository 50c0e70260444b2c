"""The archive of a backup: whole or not there, told in words, and looked at without a home."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from tapal.core.errors import Rejected
from tapal.flow import archive

ABOUT = {"made_at": "2026-07-04T00:00:00+00:00", "vendor": "sqlite"}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    held = {}
    for name, data in (("tapal.sqlite3", os.urandom(200_000)), ("raw/ab/abcd", b"UNB+")):
        held[name] = tmp_path / name.replace("/", "-")
        held[name].write_bytes(data)
    return held


@pytest.fixture
def packed(tmp_path: Path, files: dict[str, Path]) -> Path:
    target = tmp_path / "a.tar.gz"
    archive.pack(target, files, ABOUT)
    return target


def test_what_was_packed_is_whole_and_its_owners_alone(
    tmp_path: Path, packed: Path, files: dict[str, Path]
) -> None:
    manifest = archive.check(packed)
    assert manifest["vendor"] == "sqlite" and set(manifest["files"]) == set(files)
    assert packed.stat().st_mode & 0o777 == 0o600
    assert archive.unpack(packed, tmp_path / "parts") == manifest
    assert (tmp_path / "parts/raw/ab/abcd").read_bytes() == b"UNB+"


def test_every_torn_archive_is_refused_in_words(tmp_path: Path, packed: Path) -> None:
    whole = packed.read_bytes()
    torn = [whole[: len(whole) * part // 8] for part in range(8)]
    torn += [whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
             for at in range(100, len(whole) - 8, len(whole) // 12)]  # fmt: skip
    for n, data in enumerate([*torn, b"no archive"]):
        packed.write_bytes(data)
        for look in (archive.check, lambda p, n=n: archive.unpack(p, tmp_path / f"p{n}")):
            with pytest.raises(Rejected) as refused:
                look(packed)
            assert refused.value.reason.id and "Nothing was changed" in refused.value.mend.en


def test_an_archive_without_a_fitting_manifest_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "b.tar"
    with tarfile.open(plain, "w") as out:
        out.add(__file__, arcname="x")
    with pytest.raises(Rejected):
        archive.check(plain)


def test_files_that_grow_or_go_meanwhile_spoil_nothing(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    growing, read = files["tapal.sqlite3"], archive._Hashed.read

    def grow(self: archive._Hashed, size: int = -1) -> bytes:
        with growing.open("ab") as more:
            more.write(b"more")
        return read(self, size)

    monkeypatch.setattr(archive._Hashed, "read", grow)
    files["inbox/gone.csv"] = tmp_path / "gone.csv"
    target = tmp_path / "c.tar.gz"
    made = archive.pack(target, files, ABOUT)
    assert set(made["files"]) == {"tapal.sqlite3", "raw/ab/abcd"}
    assert archive.check(target) == made


def test_one_that_is_there_is_kept_unless_it_is_to_be_replaced(packed: Path) -> None:
    with pytest.raises(Rejected) as refused:
        archive.writable(packed, replace=False)
    assert "--replace" in refused.value.reason.en and str(packed) in refused.value.reason.en
    archive.writable(packed, replace=True)
    with pytest.raises(Rejected):
        archive.writable(packed.parent / "none" / "a.tar.gz", replace=False)


def test_a_full_disk_leaves_the_old_archive_and_no_half_one(
    packed: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    before = packed.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Rejected) as refused:
        archive.pack(packed, files, ABOUT)
    assert "No space left" in refused.value.reason.en
    assert packed.read_bytes() == before and not packed.with_name(f".{packed.name}.new").exists()
