"""Files of cases: the stranger first, then what is taken, kept, scanned and handed out."""

from __future__ import annotations

import io
import os
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings

from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import cases, raw
from tapal.flow.cases import attachments
from tapal.flow.cases.scanning import scan_waiting
from tapal.store.models import Access, Attachment, Case, CaseEntry, Event
from tests.flow.cases.conftest import ELSEWHERE, GRANTEE, LEADER, OWNER, STRANGER, DoorOf

pytestmark = pytest.mark.django_db(databases=["default", "access"])

PDF = b"%PDF-1.7\n%made up\n"


@pytest.fixture
def case(door: DoorOf) -> Case:
    return cases.open_case("Kurir", actor=door(LEADER).actor)


def kept(case: Case, door: DoorOf, data: bytes = PDF, audience: str = "") -> CaseEntry:
    lead = door(LEADER).actor
    return cases.attach(case.id, "bukti.pdf", data, "foto tas", audience, actor=lead)


def zipped(*names: str, first: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        if first:
            packed.writestr("mimetype", first)
        for name in names:
            packed.writestr(name, "x")
    return held.getvalue()


def scanner(folder: Path, code: str) -> str:
    program = folder / "scanner.py"
    program.write_text(f"import sys, pathlib\nd = pathlib.Path(sys.argv[1]).read_bytes()\n{code}\n")
    return f"{sys.executable} {program} {{path}}"


def test_a_stranger_neither_fetches_nor_attaches(case: Case, door: DoorOf) -> None:
    line = kept(case, door)
    for ask in (case.id, uuid.uuid4()):
        with pytest.raises(Missing):
            cases.fetch(ask, line.id, door=door(STRANGER))
        with pytest.raises(Missing):
            cases.attach(ask, "x", PDF, actor=door(STRANGER).actor)
    with pytest.raises(Denied):
        cases.attach(case.id, "x", PDF, actor=door(ELSEWHERE).actor)
    assert not [row for row in Access.objects.all() if row.question]


def test_a_member_fetches_only_what_the_agreement_and_the_audience_give(
    case: Case, door: DoorOf
) -> None:
    shared, own = kept(case, door), kept(case, door, b"%PDF-own", "own")
    for number, agency in (("PSD-0001", "PSDKP"), ("BC-0001", "DJBC")):
        cases.add_member(case.id, number, agency, actor=door(LEADER).actor)
    with pytest.raises(Missing):
        cases.fetch(case.id, shared.id, door=door(STRANGER))
    assert cases.fetch(case.id, shared.id, door=door(GRANTEE)) == (PDF, "bukti.pdf")
    with pytest.raises(Missing):
        cases.fetch(case.id, own.id, door=door(GRANTEE))
    look = Access.objects.get(act="download")
    assert (look.officer, look.subject) == ("BC-0001", str(case.id))
    assert look.question == shared.attachment.sha256


def test_a_file_of_another_case_is_not_there(case: Case, door: DoorOf) -> None:
    line = kept(case, door)
    other = cases.open_case("Lain", actor=door(LEADER).actor)
    with pytest.raises(Missing):
        cases.fetch(other.id, line.id, door=door(LEADER))
    cases.take_out(case.id, line.id, door=door(LEADER))
    with pytest.raises(Missing):
        cases.fetch(case.id, line.id, door=door(LEADER))


def test_the_bytes_are_synced_before_the_line_is_there(
    case: Case, door: DoorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(Attachment.objects.exists())
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    line = kept(case, door)
    assert len(synced) >= 4 and not any(synced)
    path = attachments.path_of(case.id, line.attachment.sha256)
    assert path.read_bytes() == PDF and "static" not in str(path)
    half = path.with_name(".half.0001")
    half.write_bytes(b"x")
    os.utime(half, (0, 0))
    assert raw.sweep() == 1 and not half.exists() and path.exists()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0 photo", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("catatan é\n".encode(), "text/plain"),
        (zipped("word/document.xml"), attachments._OFFICE["word/document.xml"]),
        (zipped("x", first="application/vnd.oasis.opendocument.text"),
         "application/vnd.oasis.opendocument.text"),
    ],
)  # fmt: skip
def test_the_content_says_what_a_file_is(data: bytes, expected: str) -> None:
    assert attachments.type_of(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00\x03", b"\x7fELF\x02", b"\x00\x01\x02", b"PK\x03\x04broken",
        zipped("evil.exe"), zipped("word/document.xml", "word/vbaProject.bin"), b"a\x1b[31mb",
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_whatever_its_name(
    data: bytes, case: Case, door: DoorOf
) -> None:
    with pytest.raises(Rejected):
        cases.attach(case.id, "foto.jpg", data, actor=door(LEADER).actor)
    assert Attachment.objects.count() == 0


def test_size_and_name_are_bounded(case: Case, door: DoorOf, settings: LazySettings) -> None:
    settings.TAPAL_ATTACHMENT_MB = 1
    for data in (b"", b"a" * (1024 * 1024 + 1)):
        with pytest.raises(Rejected):
            cases.attach(case.id, "x.txt", data, actor=door(LEADER).actor)
    for given, shown in (
        ("../../etc/passwd", "passwd"),
        ("C:\\foto\\a.jpg", "a.jpg"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("", "lampiran"),
        ("..", "lampiran"),
    ):
        assert attachments.name_of(given) == shown
    assert attachments.name_of("n" * 300 + ".pdf").endswith(".pdf")
    assert len(attachments.name_of("n" * 300 + ".pdf")) == attachments.LONGEST_NAME


def test_a_scanner_says_clean_or_refused_and_until_then_nothing_is_handed_out(
    case: Case, door: DoorOf, settings: LazySettings, tmp_path: Path
) -> None:
    good, bad = kept(case, door), kept(case, door, b"%PDF-EICAR")
    assert cases.fetch(case.id, good.id, door=door(OWNER))[0] == PDF
    settings.TAPAL_SCAN_COMMAND = scanner(tmp_path, "sys.exit(b'EICAR' in d)")
    with pytest.raises(Rejected):
        cases.fetch(case.id, good.id, door=door(OWNER))
    assert scan_waiting()
    assert cases.fetch(case.id, good.id, door=door(OWNER))[0] == PDF
    with pytest.raises(Rejected):
        cases.fetch(case.id, bad.id, door=door(OWNER))
    settings.TAPAL_SCAN_COMMAND = ""
    with pytest.raises(Rejected):
        cases.fetch(case.id, bad.id, door=door(OWNER))
    assert Event.objects.filter(type="case.scanned").count() == 2


@pytest.mark.parametrize("code", ["sys.exit(2)", "sys.exit(-9)", None])
def test_a_scanner_in_trouble_leaves_the_file_waiting(
    case: Case, door: DoorOf, settings: LazySettings, tmp_path: Path, code: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    line = kept(case, door)
    settings.TAPAL_SCAN_COMMAND = scanner(tmp_path, code) if code else "/no/such/program"
    assert not scan_waiting()
    assert Attachment.objects.get().scan == "waiting"
    assert case.id.hex not in caplog.text and line.attachment.sha256 not in caplog.text


def test_changed_bytes_are_not_handed_out(case: Case, door: DoorOf) -> None:
    line = kept(case, door)
    attachments.path_of(case.id, line.attachment.sha256).write_bytes(b"%PDF-other")
    with pytest.raises(Rejected):
        cases.fetch(case.id, line.id, door=door(LEADER))
