"""Files of a case: their bytes safe on the disk before they are acknowledged, their type by content.

They lie in a folder of their case, outside whatever the web server serves, and are handed out one by
one through the reading door.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.cases import ALL, OWN
from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow import raw
from tapal.flow.cases.held import line, must_be_open, refused, text_of, written, wrong
from tapal.flow.events import record_event
from tapal.flow.share import cases
from tapal.flow.share.door import Door
from tapal.flow.storable import storable
from tapal.store.models import Attachment, CaseEntry

LONGEST_NAME = 120
LONGEST_LABEL = 400
WAITING, CLEAN, REFUSED = "waiting", "clean", "refused"

# What the first bytes of a file say it is; nothing else is taken.
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
# What a document in a ZIP holds that no other has.
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# A document that brings programs along is not taken.
_MACROS = ("vbaproject.bin", "basic/")


def attach(
    case_id: uuid.UUID | str,
    name: str,
    data: bytes,
    text: str = "",
    audience: str = ALL,
    *,
    actor: Actor,
) -> CaseEntry:
    """Put a file into a case; after the return its bytes are on the disk and its line is committed.

    Raises Missing, Denied, Rejected for an empty or too large file or one of a sort that is not taken.
    """
    case = cases.find(actor, timezone.now(), case_id)
    if case is None:
        raise Missing
    if not cases.writes(actor, case):
        raise refused(case)
    must_be_open(case)
    check_size(len(data))
    media_type = type_of(data)
    label = text_of(text, "text", longest=LONGEST_LABEL, needed=False)
    sha256 = hashlib.sha256(data).hexdigest()
    raw.write_once(path_of(case.id, sha256), data)
    with transaction.atomic():
        case = written(case_id, actor)
        made = line(case, "file", actor, text=label, audience=OWN if audience == OWN else ALL)
        held = Attachment.objects.create(
            entry=made,
            sha256=sha256,
            size=len(data),
            name=name_of(name),
            media_type=media_type,
        )
        told = {
            "entry": str(made.id),
            "sort": "file",
            "sha256": sha256,
            "size": held.size,
            "name": held.name,
            "text": label,
            "audience": made.audience,
        }
        record_event("case.added", str(case.id), told, actor=actor.number)
    return made


def path_of(case_id: uuid.UUID, sha256: str) -> Path:
    """Where the bytes of a case's file lie."""
    return Path(settings.TAPAL_HOME) / raw.ATTACHMENTS / case_id.hex / sha256


def check_size(size: int) -> None:
    """Raises Rejected for an empty or too large file."""
    if size <= 0:
        raise wrong(
            "file",
            Text("Berkasnya kosong atau belum dipilih.", "The file is empty, or none was chosen."),
            Text("Pilih berkas yang berisi.", "Choose a file that holds something."),
        )
    if size > settings.TAPAL_ATTACHMENT_MB * 1024 * 1024:
        raise wrong(
            "file",
            Text("Berkasnya terlalu besar.", "The file is too large."),
            Text("Paling besar {n} MB.", "{n} MB at most.").fill(n=settings.TAPAL_ATTACHMENT_MB),
        )


def name_of(given: str) -> str:
    """A file's name without a path, without what cannot be shown, and not too long."""
    last = storable(given).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if len(shown) > LONGEST_NAME and dot and len(ending) <= 8:
        shown = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return shown[:LONGEST_NAME] or "lampiran"


def type_of(data: bytes) -> str:
    """What a file is by its content. Raises Rejected for what is not taken."""
    for beginning, found in _BEGINNINGS:
        if data.startswith(beginning):
            return found
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if _is_text(data):
        return "text/plain"
    raise _unknown()


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = {name.lower() for name in packed.namelist()}
            first = packed.read("mimetype")[:80].decode() if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        raise _unknown() from None
    if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1]) for name in names):
        raise wrong(
            "file",
            Text("Berkas ini membawa program (makro).", "This file brings a program (macro)."),
            Text("Simpan tanpa makro, atau sebagai PDF.", "Save it without macros, or as PDF."),
        )
    if first.startswith(_OPEN_DOCUMENT):
        return first
    found = next((sort for name, sort in _OFFICE.items() if name in names), None)
    if found is None:
        raise _unknown()
    return found


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c >= " " or c in "\t\r\n\f" for c in text)


def _unknown() -> Rejected:
    return wrong(
        "file",
        Text("Jenis berkas ini tidak diterima.", "Files of this sort are not taken."),
        Text(
            "Yang diterima: PDF, JPEG, PNG, TIFF, WebP, DOCX, XLSX, ODT, ODS, teks.",
            "What is taken: PDF, JPEG, PNG, TIFF, WebP, DOCX, XLSX, ODT, ODS, text.",
        ),
    )


def fetch(case_id: uuid.UUID | str, entry_id: uuid.UUID | str, *, door: Door) -> tuple[bytes, str]:
    """The bytes and the name of a file that the reader may have; the look is written down first.

    Raises Missing, Rejected for one that the scanner refused or has not seen yet, and for bytes that
    are no longer what was kept.
    """
    row = door.attachment(case_id, entry_id)
    held = row.attachment
    if held.scan == REFUSED or (held.scan == WAITING and settings.TAPAL_SCAN_COMMAND):
        raise wrong(
            "file",
            Text(
                "Berkas ini belum dinyatakan bersih oleh pemindai.",
                "The scanner has not found this file clean.",
            ),
            Text("Coba lagi nanti.", "Try again later."),
        )
    data = whole(row.case_id, held.sha256)
    if data is None:
        raise wrong(
            "file",
            Text("Isi berkas ini rusak di penyimpanan.", "The bytes of this file are damaged."),
            Text("Beri tahu pengelola mesin.", "Tell who runs the machine."),
        )
    return data, held.name


def whole(case_id: uuid.UUID, sha256: str) -> bytes | None:
    """The bytes as they were kept, None where they are gone or changed."""
    try:
        data = path_of(case_id, sha256).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None
