"""The report on quality: the stranger first; what it counts, what never counts in, and its files."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from tapal.core.marking import Sensitivity
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.store.models import Access, Finding, Message, Record
from tests.flow.test_mappings import ROWS, live, table_of
from tests.web.conftest import GRANTEE, LEADER, OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
BAD_DAY = ROWS[1].replace("01-03-1990", "31-02-1990")


@pytest.fixture
def message(desk: object) -> Message:
    """A table by a mapping: two records, one of them with a date that is none, and two rejects."""
    live()
    given = HandIn("harian.csv", "IMI", "PLBN-11", "map:simkim", "IMI-0001")
    other = ROWS[2].replace("R-3", "R-5")
    return hand_in(table_of(ROWS[0], BAD_DAY, ROWS[2], other), given).message


def month_of(client: Client, **more: str) -> str:
    asked = {"kind": "crossing", "sender": "SIMKIM", "format": "map:simkim", **more}
    return client.get("/mutu/pengirim/", asked).content.decode()


def test_another_agency_finds_nothing_and_cannot_tell(sit: Sit, message: Message) -> None:
    for who in (STRANGER, GRANTEE):
        client = sit(who)
        assert "SIMKIM" not in client.get("/mutu/").content.decode()
        hidden = client.get(f"/mutu/kiriman/{message.pk}/")
        absent = client.get(f"/mutu/kiriman/{uuid.uuid4()}/")
        assert hidden.status_code == absent.status_code == 404
        for form in ("csv", "xlsx", "cetak"):
            asked = {"kind": "crossing", "sender": "SIMKIM", "format": "map:simkim", "bentuk": form}
            assert client.get("/mutu/pengirim/", asked).status_code == 404


def test_another_post_of_the_same_agency_sees_nothing_of_it(sit: Sit, message: Message) -> None:
    client = sit("imi.skouw")
    assert "SIMKIM" not in client.get("/mutu/").content.decode()
    assert client.get(f"/mutu/kiriman/{message.pk}/").status_code == 404


def test_a_sender_s_month_says_what_was_wrong_and_where(sit: Sit, message: Message) -> None:
    page = month_of(sit(LEADER))
    for words in ("<strong>4</strong> baris", "<strong>2</strong> ditolak", "Kolom Nama Lengkap kosong",
                  "4, 5", "mapped_unreadable", "Tanggal lahir", "harian.csv"):  # fmt: skip
        assert words in page, words
    assert "SIMKIM (simkim)" in sit(LEADER).get("/mutu/").content.decode()
    assert Access.objects.filter(subject="quality", question="SIMKIM", act="read").count() == 1
    gone = (timezone.now() - timedelta(days=40)).strftime("%Y-%m")
    assert sit(LEADER).get(f"/mutu/?bulan={gone}").status_code == 200
    asked = {"kind": "crossing", "sender": "SIMKIM", "format": "map:simkim", "bulan": gone}
    assert sit(LEADER).get("/mutu/pengirim/", asked).status_code == 404


def test_what_is_withheld_or_rests_on_others_never_counts(sit: Sit, message: Message) -> None:
    record = Record.objects.filter(message=message).order_by("id")[0]
    before = month_of(sit(LEADER))
    real = Finding.objects.filter(record__message=message, rule="mapped_unreadable")[0].data
    held = {**real, "fields": ["protection.fear_of_return"], "reading": False}
    for name, level, data in (
        ("mapped_secret", Sensitivity.WITHHELD, {**held, "reading": True}),
        ("document_expired", Sensitivity.RESTRICTED, held),
        ("same_vehicle", Sensitivity.RESTRICTED, {**held, "fields": [], "rests_on": [str(record.pk)]}),
        ("list_match", Sensitivity.RESTRICTED, {**held, "fields": []}),
    ):  # fmt: skip
        Finding.objects.create(
            record=record, rule=name, reason=name, weight=1, sensitivity=int(level), data=data,
            text={"id": "rahasia", "en": "secret"}, at=timezone.now(),
        )  # fmt: skip
    after = month_of(sit(LEADER))
    assert after.count("<td>") == before.count("<td>")
    for name in ("mapped_secret", "same_vehicle", "list_match", "rahasia"):
        assert name not in after


def test_files_and_paper(sit: Sit, message: Message) -> None:
    client = sit(LEADER)
    address = f"/mutu/kiriman/{message.pk}/"
    told = client.get(address, {"bentuk": "csv"})
    text = told.content.decode("utf-8-sig")
    assert "attachment" in told["Content-Disposition"] and "Kolom Nama Lengkap kosong" in text
    book = openpyxl.load_workbook(io.BytesIO(client.get(address, {"bentuk": "xlsx"}).content))
    assert book.sheetnames == ["Ditolak", "Temuan", "Isian", "Ketepatan waktu"]
    assert [c.value for c in book["Ditolak"][4]][2:] == [2, 2, "4, 5"]
    assert "a4" in client.get(address, {"bentuk": "cetak"}).content.decode()
    acts = Access.objects.filter(subject=str(message.pk)).values_list("act", flat=True)
    assert sorted(acts) == ["export", "export", "print"]
    assert client.get(address, {"bentuk": "exe"}).status_code == 200


def test_it_asks_for_the_power_to_read_rejects(sit: Sit, message: Message) -> None:
    assert sit(OWNER).get("/mutu/").status_code == 200
    assert sit("imi.analis").get("/mutu/").status_code == 403


@pytest.mark.parametrize("bad", ["2026-13", "x", "2026-1", "0000-00", "2026-11' --"])
def test_a_month_that_is_none_is_this_month(sit: Sit, message: Message, bad: str) -> None:
    assert sit(LEADER).get("/mutu/", {"bulan": bad}).status_code == 200
