"""The archive of a backup: a manifest with the hash of each file; written aside, synced, put in place whole.

Nothing here asks the database, so that an archive is looked at before a home is touched.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow.raw import sync_folder

MANIFEST = "manifest.json"
_BROKEN = (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError)

# Any: JSON, here and below.
Manifest = dict[str, Any]


def writable(target: Path, *, replace: bool) -> None:
    """Raises Rejected where an archive is there already or none can be written."""
    if target.exists() and not replace:
        raise refused(
            f"{target} sudah ada; pakai nama lain, atau --replace bila memang mau diganti.",
            f"{target} is there already; use another name, or --replace to write over it.",
        )
    if not os.access(target.absolute().parent, os.W_OK | os.X_OK):
        raise refused(
            f"Folder {target.parent} tidak ada atau tidak dapat ditulisi.",
            f"The folder {target.parent} is not there or cannot be written.",
        )


def pack(target: Path, files: Mapping[str, Path], about: Manifest) -> Manifest:
    """Write an archive of these files: `target` is the old one or the whole new one; gives its manifest.

    A file is hashed as it is written, so that one that still grows is whole as far as it was; one that
    is gone by then is left out. Raises Rejected.
    """
    aside = target.with_name(f".{target.name}.new")
    try:
        with aside.open("wb") as out:
            os.fchmod(out.fileno(), 0o600)
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as archive:
                hashes = {
                    name: sha256
                    for name, path in files.items()
                    if (sha256 := _add(archive, name, path))
                }
                manifest = {**about, "files": hashes}
                text = json.dumps(manifest, indent=1).encode()
                _put(archive, MANIFEST, io.BytesIO(text), len(text))
            out.flush()
            os.fsync(out.fileno())
        aside.rename(target)
        sync_folder(target.absolute().parent)
    except OSError as wrong:
        aside.unlink(missing_ok=True)
        raise _disk(wrong) from wrong
    return manifest


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add a file as long as it is now; its hash, empty where it is no longer there."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return ""
    with file:
        return _put(archive, name, file, os.fstat(file.fileno()).st_size)


def _put(archive: tarfile.TarFile, name: str, file: BinaryIO, size: int) -> str:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    read = _Hashed(file)
    archive.addfile(info, read)
    return read.digest.hexdigest()


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self.digest.update(data)
        return data


def check(source: Path) -> Manifest:
    """The manifest of a whole archive, every hash held against it; nothing is written. Raises Rejected."""
    found: dict[str, str] = {}
    manifest: Manifest = {}
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is None:
                    continue
                if member.name == MANIFEST:
                    manifest = json.load(file)
                else:
                    # Any: what a tar gives reads like a binary file.
                    found[member.name] = _hash(file)  # type: ignore[arg-type]
        told = dict(manifest["files"])
        _ = manifest["vendor"], manifest["made_at"]
    except (*_BROKEN, OSError) as wrong:
        raise _broken() from wrong
    for name, sha256 in told.items():
        if found.get(name) != sha256:
            raise _torn(name)
    return manifest


def unpack(source: Path, parts: Path) -> Manifest:
    """Unpack an archive into a folder and hold what lies there against its hashes. Raises Rejected."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(parts, filter="data")
        manifest: Manifest = json.loads((parts / MANIFEST).read_text())
        told = dict(manifest["files"])
    except _BROKEN as wrong:
        raise _broken() from wrong
    except OSError as wrong:
        raise _disk(wrong) from wrong
    for name, sha256 in told.items():
        path = parts / name
        if not path.is_file() or sha256_of(path) != sha256:
            raise _torn(name)
    return manifest


def sha256_of(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return _hash(file)


def refused(in_id: str, in_en: str) -> Rejected:
    """A backup or a restore that is not done."""
    return Rejected(
        Text(in_id, in_en), Text("Tidak ada yang diubah.", "Nothing was changed."), place="backup"
    )


def other_database() -> Rejected:
    """The archive holds another sort of database than this home."""
    return refused("Cadangan dari basis data lain.", "The backup is of another sort of database.")


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _broken() -> Rejected:
    return refused("Berkas cadangan rusak.", "The backup file is broken.")


def _torn(name: str) -> Rejected:
    return refused(f"Isi {name} tidak utuh.", f"{name} in the backup is not whole.")


def _disk(wrong: OSError) -> Rejected:
    why = wrong.strerror or type(wrong).__name__
    return refused(f"Berkas tidak dapat ditulis atau dibaca: {why}.",
                   f"A file cannot be written or read: {why}.")  # fmt: skip
